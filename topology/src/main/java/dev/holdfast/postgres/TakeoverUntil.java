package dev.holdfast.postgres;

import dev.holdfast.model.Node;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.Glimpse;
import dev.holdfast.postgres.PostgresCluster.Member;
import dev.holdfast.postgres.PostgresCluster.Proxy;
import dev.holdfast.world.Answer;
import dev.holdfast.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The conditions that steps of role changes end with; each asks as little as it needs. */
final class TakeoverUntil {

    private final TakeoverProbes probes;
    private final TakeoverTyping typing;

    TakeoverUntil(TakeoverProbes probes, TakeoverTyping typing) {
        this.probes = probes;
        this.typing = typing;
    }

    Condition server(Node node, String says, Predicate<ServerSeen> holds, Function<ServerSeen, String> told) {
        return new Condition(says, world -> {
            Answer answer = probes.server(world, node);
            if (!answer.isOk()) {
                return Condition.notYet(answer.sentence());
            }
            ServerSeen server = ServerSeen.of(answer);
            return new Glimpse(holds.test(server), told.apply(server));
        });
    }

    Condition disk(Member member, String says, Predicate<MemberSeen> holds, Function<MemberSeen, String> told) {
        return new Condition(says, world -> {
            MemberSeen seen = probes.disk(world, member);
            return new Glimpse(
                    !seen.isOutOfReach() && holds.test(seen),
                    seen.isOutOfReach() ? seen.hostTrouble() : told.apply(seen));
        });
    }

    Condition leads(Node node) {
        return new Condition(node.name() + " is primary", world -> {
            Answer answer = world.ask(probes.sql(node, "role", TakeoverProbes.SOON));
            boolean leads = answer.isOk() && Boolean.FALSE.equals(answer.row().get("standby"));
            return new Glimpse(leads, answer.isOk() ? "still a standby" : answer.sentence());
        });
    }

    Condition controlFileShowsItsTimeline(Node primary) {
        return server(
                primary,
                "the control file of " + primary.name() + " shows its timeline",
                s -> s.controlTimeline() == s.timeline(),
                s -> "it shows " + s.controlTimeline() + " and the log is on " + s.timeline());
    }

    Condition follows(Node primary, Node node) {
        return server(
                primary,
                node.name() + " receives the log from " + primary.name(),
                s -> List.of("streaming", "catchup")
                        .contains(s.follower(node.name()).getOrDefault("state", "")),
                s -> node.name() + " is " + s.follower(node.name()).getOrDefault("state", "not connected"));
    }

    Condition isFenced(Member member) {
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

    Condition hasStopped(Member primary, List<Member> heirs) {
        String name = primary.node().name();
        return new Condition(name + " has stopped, and a standby holds the last record of its log", world -> {
            List<Answer> answers = world.askAll(heirs.stream()
                    .map(h -> probes.sql(h.node(), "takeover-look", TakeoverProbes.SOON))
                    .toList());
            MemberSeen stopped = probes.disk(world, primary);
            List<String> told = new ArrayList<>();
            boolean holds = false;
            for (int i = 0; i < heirs.size(); i++) {
                MemberSeen heir =
                        MemberSeen.of(heirs.get(i), stopped.footing(), stopped.host(), stopped.disk(), answers.get(i));
                holds |= heir.isStandby() && SwitchoverCase.hasAll(heir, stopped);
                told.add(heir.name() + " has log up to " + heir.server().end());
            }
            return new Glimpse(
                    holds,
                    (stopped.isDown()
                                    ? name + " is '" + stopped.disk().control().getOrDefault("state", "?")
                                            + "', its last record begins at "
                                            + stopped.disk().control().getOrDefault("checkpoint_lsn", "?")
                                    : name + " has not stopped")
                            + "; " + String.join("; ", told));
        });
    }

    Condition route(List<Proxy> proxies, List<String> writes) {
        return new Condition(
                writes.isEmpty()
                        ? "no proxy lets writes in"
                        : "all proxies send writes to " + String.join(", ", writes),
                world -> {
                    List<ProxySeen> seen = probes.proxies(world, proxies);
                    List<String> told = seen.stream()
                            .map(p -> "the proxy on " + p.node().name() + " sends writes to "
                                    + (p.writesGoTo().isEmpty() ? "nobody" : String.join(", ", p.writesGoTo())))
                            .toList();
                    return new Glimpse(
                            seen.stream().allMatch(p -> p.writesGoTo().equals(writes)), String.join("; ", told));
                });
    }

    /** The clients of these PgBouncers wait, and none of their transactions is under way. */
    Condition areStill(PostgresCluster cluster, List<Proxy> poolers) {
        return new Condition("all their clients wait, and no transaction of theirs is under way", world -> {
            List<ProxySeen> seen = probes.proxies(world, poolers);
            List<String> told = seen.stream()
                    .filter(p -> !p.pooler().isStill(cluster.pooledDatabases()))
                    .map(TakeoverUntil::stillBusy)
                    .toList();
            return new Glimpse(told.isEmpty(), String.join("; ", told));
        });
    }

    private static String stillBusy(ProxySeen pooler) {
        String name = "the proxy on " + pooler.node().name();
        List<PoolerSeen.Link> links = pooler.pooler().links();
        if (pooler.isSilent() || links.isEmpty()) {
            return name + (pooler.isUp() ? ": " + pooler.pooler().told() : " does not answer");
        }
        return name + " has a transaction under way: "
                + links.stream()
                        .map(l -> "server process " + l.pid() + " at " + l.endpoint() + " in " + l.database())
                        .collect(java.util.stream.Collectors.joining(", "));
    }

    /** A question is asked at every entrance, and no server behind it answers. */
    Condition nobodyAnswers(List<Node> entrances) {
        return new Condition("no server answers behind the entrances", world -> {
            List<Answer> answers = world.askAll(entrances.stream()
                    .map(e -> probes.sql(e, "role", TakeoverProbes.SOON))
                    .toList());
            List<String> told = new ArrayList<>();
            for (int i = 0; i < entrances.size(); i++) {
                if (answers.get(i).isOk()) {
                    told.add("a server answers behind " + entrances.get(i).id());
                }
            }
            return new Glimpse(told.isEmpty(), String.join("; ", told));
        });
    }

    /** A write is tried on every route, and none takes it. */
    Condition writesAreRefused(List<Node> routes) {
        return new Condition(
                "a write is refused at "
                        + String.join(", ", routes.stream().map(Node::id).toList()),
                world -> refused(world, routes));
    }

    private Glimpse refused(World world, List<Node> routes) {
        List<Answer> answers = world.sideBySide(routes.stream()
                .<Supplier<Answer>>map(r -> () -> world.ask(typing.writeProbe(r)))
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
        return new Glimpse(refused, String.join("; ", told));
    }
}
