package dev.holdfast.postgres.probe;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.postgres.action.RoleChangeActions;
import dev.holdfast.postgres.configuration.ServerConfiguration;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PgBouncerState;
import dev.holdfast.postgres.state.ProxyState;
import dev.holdfast.postgres.state.ServerState;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import dev.holdfast.postgres.topology.PostgresCluster.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The conditions of role-change steps; each one queries only what it needs. */
public final class RoleChangeConditions {

    private final RoleChangeProbe probes;
    private final RoleChangeActions actions;

    public RoleChangeConditions(RoleChangeProbe probes, RoleChangeActions actions) {
        this.probes = probes;
        this.actions = actions;
    }

    public Condition server(
            Node node, String description, Predicate<ServerState> holds, Function<ServerState, String> message) {
        return new Condition(description, context -> {
            ActionResult answer = probes.queries().server(context, node);
            if (!answer.isOk()) {
                return Condition.notYet(answer.sentence());
            }
            ServerState server = ServerState.of(answer);
            return new ProbeResult(holds.test(server), message.apply(server));
        });
    }

    public Condition disk(
            Member member, String description, Predicate<MemberState> holds, Function<MemberState, String> message) {
        return new Condition(description, context -> {
            MemberState state = probes.disk(context, member);
            return new ProbeResult(
                    !state.isOutOfReach() && holds.test(state),
                    state.isOutOfReach() ? state.hostTrouble() : message.apply(state));
        });
    }

    /** Like disk, with the answer of the server too. */
    public Condition whole(
            Member member, String description, Predicate<MemberState> holds, Function<MemberState, String> message) {
        return new Condition(description, context -> {
            MemberState state = probes.whole(context, member);
            return new ProbeResult(
                    state.isUp() && holds.test(state),
                    state.isUp() ? message.apply(state) : state.answer().sentence());
        });
    }

    public Condition leads(Node node) {
        return new Condition(node.name() + " is primary", context -> {
            ActionResult answer = context.ask(probes.queries().sql(node, "role", RoleChangeQueries.SOON));
            boolean leads = answer.isOk() && Boolean.FALSE.equals(answer.row().get("standby"));
            return new ProbeResult(leads, answer.isOk() ? "still a standby" + waits(answer) : answer.sentence());
        });
    }

    /** Describes the wait event of the process that ends recovery. */
    private static String waits(ActionResult answer) {
        String event = String.valueOf(answer.row().getOrDefault("waits", ""));
        return switch (event) {
            case "", "null" -> "";
            case "RestoreCommand" ->
                "; the server waits for restore_command: the backup repository does not answer, and the limit per file is "
                        + ServerConfiguration.GET_SECONDS + " s";
            case "RecoveryEndCommand" -> "; the server waits for recovery_end_command";
            case "ArchiveCleanupCommand" -> "; the server waits for archive_cleanup_command";
            default -> "; the server waits for " + event;
        };
    }

    public Condition controlFileShowsItsTimeline(Node primary) {
        return server(
                primary,
                "the control file of " + primary.name() + " shows its timeline",
                s -> s.controlTimeline() == s.timeline(),
                s -> "the control file shows timeline " + s.controlTimeline() + ", and the WAL is on " + s.timeline());
    }

    public Condition follows(Node primary, Node node) {
        return server(
                primary,
                node.name() + " receives WAL from " + primary.name(),
                s -> List.of("streaming", "catchup")
                        .contains(s.follower(node.name()).getOrDefault("state", "")),
                s -> node.name() + " is " + s.follower(node.name()).getOrDefault("state", "not connected"));
    }

    /** Holds when a started standby receives WAL and has replayed enough of it to accept connections. */
    public Condition standbyRuns(Node primary, Node node) {
        return follows(primary, node)
                .and(server(
                        node,
                        node.name() + " accepts connections",
                        s -> true,
                        s -> node.name() + " accepts connections"));
    }

    public Condition isFenced(Member member) {
        return disk(
                member,
                member.node().name() + " is fenced: the server is stopped and cannot be started",
                RoleChangeConditions::isFenced,
                RoleChangeConditions::fence);
    }

    /** Like that, with a fence that names this candidate. */
    public Condition isFencedFor(Member member, String candidate) {
        return disk(
                member,
                member.node().name() + " is fenced for " + candidate + ": the server is stopped and cannot be started",
                m -> isFenced(m) && names(m, candidate),
                RoleChangeConditions::fence);
    }

    public Condition fenceNames(Member member, String candidate) {
        return disk(
                member,
                "the fence of " + member.node().name() + " names " + candidate,
                m -> names(m, candidate),
                RoleChangeConditions::fence);
    }

    private static boolean isFenced(MemberState member) {
        return member.isDown()
                && !member.disk().marks().containsKey("left")
                && member.disk().fence().filter(f -> !f.isSwitchover()).isPresent();
    }

    private static boolean names(MemberState member, String candidate) {
        return member.disk().fence().filter(f -> f.to().equals(candidate)).isPresent();
    }

    private static String fence(MemberState member) {
        return member.isDown()
                ? "left: " + member.disk().marks().getOrDefault("left", "nothing") + ", fence: "
                        + member.disk().marks().getOrDefault("fence", "none")
                : "the process exists";
    }

    public Condition hasStopped(Member primary, List<Member> candidates) {
        String name = primary.node().name();
        return new Condition(name + " has stopped, and a standby has its last WAL record", context -> {
            List<ActionResult> answers = context.askAll(candidates.stream()
                    .map(h -> probes.queries().sql(h.node(), "rolechange-look", RoleChangeQueries.SOON))
                    .toList());
            MemberState stopped = probes.disk(context, primary);
            List<String> lines = new ArrayList<>();
            boolean holds = false;
            for (int i = 0; i < candidates.size(); i++) {
                MemberState candidate = MemberState.of(
                        candidates.get(i), stopped.hostFacts(), stopped.host(), stopped.disk(), answers.get(i));
                holds |= candidate.isStandby() && candidate.hasAllOf(stopped);
                lines.add(candidate.name() + " has WAL up to "
                        + candidate.server().end());
            }
            return new ProbeResult(
                    holds,
                    (stopped.isDown()
                                    ? name + " is '"
                                            + known(stopped.disk().control().state())
                                            + "', its last record begins at "
                                            + known(stopped.disk().control().checkpointLsn())
                                    : name + " has not stopped")
                            + "; " + String.join("; ", lines));
        });
    }

    public Condition route(List<Proxy> proxies, List<String> writes) {
        return new Condition(
                writes.isEmpty()
                        ? "no proxy accepts writes"
                        : "all proxies send writes to " + String.join(", ", writes),
                context -> {
                    List<ProxyState> state = probes.proxies(context, proxies);
                    List<String> lines = state.stream()
                            .map(p -> isSilent(p)
                                    ? silence(p)
                                    : "the proxy on " + p.node().name() + " sends writes to "
                                            + (p.writesGoTo().isEmpty()
                                                    ? "no server"
                                                    : String.join(", ", p.writesGoTo())))
                            .toList();
                    return new ProbeResult(
                            state.stream()
                                    .allMatch(
                                            p -> !isSilent(p) && p.writesGoTo().equals(writes)),
                            String.join("; ", lines));
                });
    }

    /** Holds when the clients of these PgBouncers wait, and none of their transactions is in progress. */
    public Condition areStill(PostgresCluster cluster, List<Proxy> poolers) {
        return new Condition("all their clients wait, and none of their transactions is in progress", context -> {
            List<ProxyState> state = probes.proxies(context, poolers);
            List<String> lines = state.stream()
                    .filter(p -> isSilent(p) || !p.pooler().isStill(cluster.pooledDatabases()))
                    .map(p -> isSilent(p) ? silence(p) : transactionInProgress(p))
                    .toList();
            return new ProbeResult(lines.isEmpty(), String.join("; ", lines));
        });
    }

    /** Its host or its console does not answer: where its clients are is not known. */
    private static boolean isSilent(ProxyState proxy) {
        return proxy.state() == NodeAvailability.SILENT;
    }

    private static String silence(ProxyState proxy) {
        String why = proxy.hostFacts().reason();
        return "the proxy on " + proxy.node().name() + " does not answer" + (why.isEmpty() ? "" : ": " + why);
    }

    private static String transactionInProgress(ProxyState pooler) {
        String name = "the proxy on " + pooler.node().name();
        List<PgBouncerState.Link> links = pooler.pooler().links();
        if (pooler.isSilent() || links.isEmpty()) {
            return name + (pooler.isUp() ? ": " + pooler.pooler().description() : " does not answer");
        }
        return name + " has a transaction in progress: "
                + links.stream()
                        .map(l -> "server process " + l.pid() + " at " + l.endpoint() + " in " + l.database())
                        .collect(java.util.stream.Collectors.joining(", "));
    }

    /** Holds when no server answers a query through any client endpoint. */
    public Condition noneAnswers(List<Node> endpoints) {
        return new Condition("no server answers through the client endpoints", context -> {
            List<ActionResult> answers = context.askAll(endpoints.stream()
                    .map(e -> probes.queries().sql(e, "role", RoleChangeQueries.SOON))
                    .toList());
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < endpoints.size(); i++) {
                if (answers.get(i).isOk()) {
                    lines.add("a server answers through " + endpoints.get(i).id());
                }
            }
            return new ProbeResult(lines.isEmpty(), String.join("; ", lines));
        });
    }

    /** Holds when every route refuses a test write. */
    public Condition writesAreRefused(List<Node> routes) {
        return new Condition(
                "a write is refused at "
                        + String.join(", ", routes.stream().map(Node::id).toList()),
                context -> refused(context, routes));
    }

    private ProbeResult refused(ExecutionContext context, List<Node> routes) {
        List<ActionResult> answers = context.sideBySide(routes.stream()
                .<Supplier<ActionResult>>map(r -> () -> context.ask(actions.writeProbe(r)))
                .toList());
        List<String> lines = new ArrayList<>();
        boolean refused = true;
        for (int i = 0; i < routes.size(); i++) {
            refused &= !answers.get(i).isOk();
            lines.add(routes.get(i).id() + ": "
                    + (answers.get(i).isOk()
                            ? "the write was accepted"
                            : answers.get(i).sentence()));
        }
        return new ProbeResult(refused, String.join("; ", lines));
    }

    private static String known(String value) {
        return value.isEmpty() ? "?" : value;
    }
}
