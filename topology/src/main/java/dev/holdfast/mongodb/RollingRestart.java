package dev.holdfast.mongodb;

import dev.holdfast.model.Node;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.Glimpse;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Restarts the servers whose options only a restart can mend.
 *
 * <ol>
 *   <li>Set by set, one server at a time: members that are not primary first, each until the whole set is at work and has
 *       caught up.
 *   <li>The primary hands its role over and is restarted last.
 *   <li>Routers, one after another, when all sets are done.
 * </ol>
 *
 * Invariant: no server is restarted while another of its set is missing.
 */
final class RollingRestart {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration RESTART = Duration.ofSeconds(300);
    private static final long CAUGHT_UP_SECONDS = 10;
    /** A server told to end by a signal waits 15 s for its clients unless told otherwise. */
    private static final int QUIESCE_MILLIS = 100;

    private RollingRestart() {}

    static Plan plan(MongoSeen seen) {
        Plan plan = Plan.NOTHING;
        for (SetSeen set : seen.sets()) {
            plan = plan.and(plan(seen, set));
        }
        return plan;
    }

    /** Routers go last: by then their config servers are as declared. */
    static Plan routers(MongoSeen seen) {
        return Plan.of(seen.routers().stream()
                .filter(r -> !Tuning.drift(seen, r).restart().isEmpty())
                .map(r -> restart(seen, r))
                .toList());
    }

    private static Plan plan(MongoSeen seen, SetSeen set) {
        List<NodeSeen> drifted = set.members().stream()
                .filter(n -> !Tuning.drift(seen, n).restart().isEmpty())
                .sorted(Comparator.comparing(NodeSeen::isPrimary))
                .toList();
        if (drifted.isEmpty()) {
            return Plan.NOTHING;
        }
        if (!Wholeness.lacking(set).isEmpty()) {
            return new Plan(
                    List.of(),
                    List.of(),
                    List.of(ReplicaSets.lane(seen, set) + ": " + drifted.size()
                            + " of its servers need a restart, which waits until all members are at work"));
        }
        List<Step> steps = new ArrayList<>();
        for (NodeSeen server : drifted) {
            if (server.isPrimary() && hasSuccessor(set, server)) {
                steps.addAll(handOver(seen, set, server));
            }
            steps.add(restart(seen, set, server));
        }
        return Plan.of(steps);
    }

    private static boolean hasSuccessor(SetSeen set, NodeSeen primary) {
        return set.wanted().members().stream()
                .anyMatch(m -> !m.node().equals(primary.node()) && m.priority() > 0 && !m.arbiter());
    }

    /** To the member that nobody outranks, so that the change takes one election and no second one follows. */
    private static List<Step> handOver(MongoSeen seen, SetSeen set, NodeSeen primary) {
        SwitchoverCase move = SwitchoverCase.of(seen, set, Optional.empty(), Set.of());
        return move.candidate().isPresent() && move.primary().isPresent()
                ? new Handover(move, primary.login()).handOver().steps()
                : List.of(stepDown(seen, set, primary));
    }

    private static Step stepDown(MongoSeen seen, SetSeen set, NodeSeen primary) {
        Node node = primary.node();
        return Step.on(ReplicaSets.lane(seen, set), "Have " + node.id() + " step down before its restart")
                .because("it is primary of " + set.name())
                .risk(Risk.PAUSE)
                .type(MongoOrders.stepDown(node, primary.login()))
                .until(MongoUntil.elected(set.wanted(), node), SOON);
    }

    private static Step restart(MongoSeen seen, SetSeen set, NodeSeen server) {
        Node node = server.node();
        Condition back = new Condition(
                node.id() + " runs as declared and all members of " + set.name() + " have caught up", world -> {
                    Glimpse restarted = Tuning.restarted(seen, node, world);
                    return restarted.holds() ? caughtUp(seen, set, world) : restarted;
                });
        return Step.on(ReplicaSets.lane(seen, set), "Restart " + node.id())
                .because(String.join("; ", Tuning.drift(seen, server).restart()))
                .risk(hasSuccessor(set, server) ? Risk.NONE : Risk.PAUSE)
                .type(
                        MongoOrders.parameters(
                                node,
                                server.login(),
                                Map.of("shutdownTimeoutMillisForSignaledShutdown", QUIESCE_MILLIS)),
                        seen.server(node).restart())
                .until(back, RESTART);
    }

    private static Glimpse caughtUp(MongoSeen seen, SetSeen set, World world) {
        MongoUntil until = new MongoUntil(seen.logins());
        Glimpse whole = until.whole(set.wanted()).look().at(world);
        if (!whole.holds()) {
            return whole;
        }
        long lag = until.greatestLag(world, set.wanted());
        return new Glimpse(lag <= CAUGHT_UP_SECONDS, "the greatest lag is " + lag + " s");
    }

    private static Step restart(MongoSeen seen, NodeSeen router) {
        Node node = router.node();
        Condition back = new Condition(node.id() + " runs as declared", w -> Tuning.restarted(seen, node, w));
        return Step.on(seen.cluster().name() + "/routers", "Restart router " + node.id())
                .because(String.join("; ", Tuning.drift(seen, router).restart()))
                .risk(Risk.PAUSE)
                .type(
                        MongoOrders.parameters(
                                node,
                                router.login(),
                                Map.of("mongosShutdownTimeoutMillisForSignaledShutdown", QUIESCE_MILLIS)),
                        seen.server(node).restart())
                .until(back, RESTART);
    }
}
