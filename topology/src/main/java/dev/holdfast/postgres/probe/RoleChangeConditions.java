package dev.holdfast.postgres.probe;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
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
    private final RoleChangeActions typing;

    public RoleChangeConditions(RoleChangeProbe probes, RoleChangeActions typing) {
        this.probes = probes;
        this.typing = typing;
    }

    public Condition server(Node node, String says, Predicate<ServerState> holds, Function<ServerState, String> told) {
        return new Condition(says, world -> {
            ActionResult answer = probes.server(world, node);
            if (!answer.isOk()) {
                return Condition.notYet(answer.sentence());
            }
            ServerState server = ServerState.of(answer);
            return new ProbeResult(holds.test(server), told.apply(server));
        });
    }

    public Condition disk(
            Member member, String says, Predicate<MemberState> holds, Function<MemberState, String> told) {
        return new Condition(says, world -> {
            MemberState seen = probes.disk(world, member);
            return new ProbeResult(
                    !seen.isOutOfReach() && holds.test(seen),
                    seen.isOutOfReach() ? seen.hostTrouble() : told.apply(seen));
        });
    }

    /** As disk, of what its server says too. */
    public Condition whole(
            Member member, String says, Predicate<MemberState> holds, Function<MemberState, String> told) {
        return new Condition(says, world -> {
            MemberState seen = probes.whole(world, member);
            return new ProbeResult(
                    seen.isUp() && holds.test(seen),
                    seen.isUp() ? told.apply(seen) : seen.answer().sentence());
        });
    }

    public Condition leads(Node node) {
        return new Condition(node.name() + " is primary", world -> {
            ActionResult answer = world.ask(probes.sql(node, "role", RoleChangeProbe.SOON));
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

    public Condition hasStopped(Member primary, List<Member> heirs) {
        String name = primary.node().name();
        return new Condition(name + " has stopped, and a standby holds the last record of its log", world -> {
            List<ActionResult> answers = world.askAll(heirs.stream()
                    .map(h -> probes.sql(h.node(), "takeover-look", RoleChangeProbe.SOON))
                    .toList());
            MemberState stopped = probes.disk(world, primary);
            List<String> told = new ArrayList<>();
            boolean holds = false;
            for (int i = 0; i < heirs.size(); i++) {
                MemberState heir =
                        MemberState.of(heirs.get(i), stopped.footing(), stopped.host(), stopped.disk(), answers.get(i));
                holds |= heir.isStandby() && heir.hasAllOf(stopped);
                told.add(heir.name() + " has log up to " + heir.server().end());
            }
            return new ProbeResult(
                    holds,
                    (stopped.isDown()
                                    ? name + " is '" + stopped.disk().control().getOrDefault("state", "?")
                                            + "', its last record begins at "
                                            + stopped.disk().control().getOrDefault("checkpoint_lsn", "?")
                                    : name + " has not stopped")
                            + "; " + String.join("; ", told));
        });
    }

    public Condition route(List<Proxy> proxies, List<String> writes) {
        return new Condition(
                writes.isEmpty()
                        ? "no proxy lets writes in"
                        : "all proxies send writes to " + String.join(", ", writes),
                world -> {
                    List<ProxyState> seen = probes.proxies(world, proxies);
                    List<String> told = seen.stream()
                            .map(p -> "the proxy on " + p.node().name() + " sends writes to "
                                    + (p.writesGoTo().isEmpty() ? "nobody" : String.join(", ", p.writesGoTo())))
                            .toList();
                    return new ProbeResult(
                            seen.stream().allMatch(p -> p.writesGoTo().equals(writes)), String.join("; ", told));
                });
    }

    /** The clients of these PgBouncers wait, and none of their transactions is under way. */
    public Condition areStill(PostgresCluster cluster, List<Proxy> poolers) {
        return new Condition("all their clients wait, and no transaction of theirs is under way", world -> {
            List<ProxyState> seen = probes.proxies(world, poolers);
            List<String> told = seen.stream()
                    .filter(p -> !p.pooler().isStill(cluster.pooledDatabases()))
                    .map(RoleChangeConditions::stillBusy)
                    .toList();
            return new ProbeResult(told.isEmpty(), String.join("; ", told));
        });
    }

    private static String stillBusy(ProxyState pooler) {
        String name = "the proxy on " + pooler.node().name();
        List<PgBouncerState.Link> links = pooler.pooler().links();
        if (pooler.isSilent() || links.isEmpty()) {
            return name + (pooler.isUp() ? ": " + pooler.pooler().told() : " does not answer");
        }
        return name + " has a transaction under way: "
                + links.stream()
                        .map(l -> "server process " + l.pid() + " at " + l.endpoint() + " in " + l.database())
                        .collect(java.util.stream.Collectors.joining(", "));
    }

    /** A question is asked at every entrance, and no server behind it answers. */
    public Condition nobodyAnswers(List<Node> entrances) {
        return new Condition("no server answers behind the entrances", world -> {
            List<ActionResult> answers = world.askAll(entrances.stream()
                    .map(e -> probes.sql(e, "role", RoleChangeProbe.SOON))
                    .toList());
            List<String> told = new ArrayList<>();
            for (int i = 0; i < entrances.size(); i++) {
                if (answers.get(i).isOk()) {
                    told.add("a server answers behind " + entrances.get(i).id());
                }
            }
            return new ProbeResult(told.isEmpty(), String.join("; ", told));
        });
    }

    /** A write is tried on every route, and none takes it. */
    public Condition writesAreRefused(List<Node> routes) {
        return new Condition(
                "a write is refused at "
                        + String.join(", ", routes.stream().map(Node::id).toList()),
                world -> refused(world, routes));
    }

    private ProbeResult refused(ExecutionContext world, List<Node> routes) {
        List<ActionResult> answers = world.sideBySide(routes.stream()
                .<Supplier<ActionResult>>map(r -> () -> world.ask(typing.writeProbe(r)))
                .toList());
        List<String> told = new ArrayList<>();
        boolean refused = true;
        for (int i = 0; i < routes.size(); i++) {
            refused &= !answers.get(i).isOk();
            told.add(routes.get(i).id() + ": "
                    + (answers.get(i).isOk()
                            ? "the write was taken"
                            : answers.get(i).sentence()));
        }
        return new ProbeResult(refused, String.join("; ", told));
    }
}
