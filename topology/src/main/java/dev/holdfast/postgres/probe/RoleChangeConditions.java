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

/** The conditions that steps of role changes end with; each asks as little as it needs. */
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
            ActionResult answer = probes.server(context, node);
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

    /** As disk, of what its server says too. */
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
            ActionResult answer = context.ask(probes.sql(node, "role", RoleChangeProbe.SOON));
            boolean leads = answer.isOk() && Boolean.FALSE.equals(answer.row().get("standby"));
            return new ProbeResult(leads, answer.isOk() ? "still a standby" + waits(answer) : answer.sentence());
        });
    }

    /** What the process that ends its recovery waits for, in words. */
    private static String waits(ActionResult answer) {
        String event = String.valueOf(answer.row().getOrDefault("waits", ""));
        return switch (event) {
            case "", "null" -> "";
            case "RestoreCommand" ->
                "; it waits for restore_command: the backup repository has not answered, and each file is waited for "
                        + ServerConfiguration.GET_SECONDS + " s at most";
            case "RecoveryEndCommand" -> "; it waits for recovery_end_command";
            case "ArchiveCleanupCommand" -> "; it waits for archive_cleanup_command";
            default -> "; it waits for " + event;
        };
    }

    public Condition controlFileShowsItsTimeline(Node primary) {
        return server(
                primary,
                "the control file of " + primary.name() + " shows its timeline",
                s -> s.controlTimeline() == s.timeline(),
                s -> "it shows " + s.controlTimeline() + " and the log is on " + s.timeline());
    }

    public Condition follows(Node primary, Node node) {
        return server(
                primary,
                node.name() + " receives the log from " + primary.name(),
                s -> List.of("streaming", "catchup")
                        .contains(s.follower(node.name()).getOrDefault("state", "")),
                s -> node.name() + " is " + s.follower(node.name()).getOrDefault("state", "not connected"));
    }

    public Condition isFenced(Member member) {
        return disk(
                member,
                member.node().name() + " is fenced: nothing runs there, and it is not started again",
                m -> m.isDown()
                        && !m.disk().marks().containsKey("left")
                        && m.disk().fence().filter(f -> !f.isSwitchover()).isPresent(),
                m -> m.isDown()
                        ? "left: " + m.disk().marks().getOrDefault("left", "nothing") + ", fence: "
                                + m.disk().marks().getOrDefault("fence", "none")
                        : "its process is there");
    }

    public Condition hasStopped(Member primary, List<Member> candidates) {
        String name = primary.node().name();
        return new Condition(name + " has stopped, and a standby holds the last record of its log", context -> {
            List<ActionResult> answers = context.askAll(candidates.stream()
                    .map(h -> probes.sql(h.node(), "takeover-look", RoleChangeProbe.SOON))
                    .toList());
            MemberState stopped = probes.disk(context, primary);
            List<String> lines = new ArrayList<>();
            boolean holds = false;
            for (int i = 0; i < candidates.size(); i++) {
                MemberState candidate = MemberState.of(
                        candidates.get(i), stopped.hostFacts(), stopped.host(), stopped.disk(), answers.get(i));
                holds |= candidate.isStandby() && candidate.hasAllOf(stopped);
                lines.add(candidate.name() + " has log up to "
                        + candidate.server().end());
            }
            return new ProbeResult(
                    holds,
                    (stopped.isDown()
                                    ? name + " is '" + stopped.disk().control().getOrDefault("state", "?")
                                            + "', its last record begins at "
                                            + stopped.disk().control().getOrDefault("checkpoint_lsn", "?")
                                    : name + " has not stopped")
                            + "; " + String.join("; ", lines));
        });
    }

    public Condition route(List<Proxy> proxies, List<String> writes) {
        return new Condition(
                writes.isEmpty()
                        ? "no proxy lets writes in"
                        : "all proxies send writes to " + String.join(", ", writes),
                context -> {
                    List<ProxyState> state = probes.proxies(context, proxies);
                    List<String> lines = state.stream()
                            .map(p -> isSilent(p)
                                    ? silence(p)
                                    : "the proxy on " + p.node().name() + " sends writes to "
                                            + (p.writesGoTo().isEmpty() ? "nobody" : String.join(", ", p.writesGoTo())))
                            .toList();
                    return new ProbeResult(
                            state.stream()
                                    .allMatch(
                                            p -> !isSilent(p) && p.writesGoTo().equals(writes)),
                            String.join("; ", lines));
                });
    }

    /** The clients of these PgBouncers wait, and none of their transactions is under way. */
    public Condition areStill(PostgresCluster cluster, List<Proxy> poolers) {
        return new Condition("all their clients wait, and no transaction of theirs is under way", context -> {
            List<ProxyState> state = probes.proxies(context, poolers);
            List<String> lines = state.stream()
                    .filter(p -> isSilent(p) || !p.pooler().isStill(cluster.pooledDatabases()))
                    .map(p -> isSilent(p) ? silence(p) : stillBusy(p))
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

    private static String stillBusy(ProxyState pooler) {
        String name = "the proxy on " + pooler.node().name();
        List<PgBouncerState.Link> links = pooler.pooler().links();
        if (pooler.isSilent() || links.isEmpty()) {
            return name + (pooler.isUp() ? ": " + pooler.pooler().description() : " does not answer");
        }
        return name + " has a transaction under way: "
                + links.stream()
                        .map(l -> "server process " + l.pid() + " at " + l.endpoint() + " in " + l.database())
                        .collect(java.util.stream.Collectors.joining(", "));
    }

    /** A question is asked at every entrance, and no server behind it answers. */
    public Condition noneAnswers(List<Node> endpoints) {
        return new Condition("no server answers behind the entrances", context -> {
            List<ActionResult> answers = context.askAll(endpoints.stream()
                    .map(e -> probes.sql(e, "role", RoleChangeProbe.SOON))
                    .toList());
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < endpoints.size(); i++) {
                if (answers.get(i).isOk()) {
                    lines.add("a server answers behind " + endpoints.get(i).id());
                }
            }
            return new ProbeResult(lines.isEmpty(), String.join("; ", lines));
        });
    }

    /** A write is tried on every route, and none takes it. */
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
                            ? "the write was taken"
                            : answers.get(i).sentence()));
        }
        return new ProbeResult(refused, String.join("; ", lines));
    }
}
