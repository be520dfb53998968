package dev.holdfast.mongodb.provision;

import dev.holdfast.mongodb.state.HostFiles.OtherProgram;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.Member;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.value.CompatibilityMatrix;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Plans the order in which the servers of a cluster get another program.
 *
 * <ol>
 *   <li>The balancer of a sharded cluster is turned off.
 *   <li>The config servers follow, then one shard after another. {@link RollingRestartPlanner} has the order within a set.
 *   <li>The routers follow, and the balancer is as declared again.
 * </ol>
 *
 * Invariants: no set begins before every set in front of it runs the declared program. Each server is compared alone, so an
 * interrupted run continues where it ended.
 */
final class UpgradePlanner {

    private UpgradePlanner() {}

    /** Returns the stages of a cluster, in their order; each is planned again when its turn comes. */
    static List<Stage<MongoState>> stages(MongoCluster cluster) {
        List<Stage<MongoState>> stages = new ArrayList<>(List.of(new Stage<>("upgrade", UpgradePlanner::begin)));
        for (MongoSet set : cluster.allSets()) {
            stages.add(new Stage<>("upgrade " + set.name(), state -> plan(state, set)));
        }
        return stages;
    }

    /** Announces the order, and turns the balancer off before the first server stops. */
    private static Plan begin(MongoState state) {
        if (!PendingUpgrade.isPending(state)) {
            return Plan.NOTHING;
        }
        Optional<ReplicaSetState> first = state.sets().stream()
                .filter(s -> PendingUpgrade.isToBeRead(state, s))
                .findFirst();
        List<String> waits = PendingUpgrade.blocker(state).stream().toList();
        if (first.flatMap(s -> PendingUpgrade.blocker(state, s)).isPresent()) {
            return notes(waits);
        }
        boolean isBalancing = state.cluster().isSharded() && state.sharding().balancer();
        List<Step> steps = isBalancing
                ? ShardingPlanner.router(state)
                        .map(r -> ShardingPlanner.balancer(
                                state, r, false, "the balancer is on, desired off until the upgrade has ended"))
                        .stream()
                        .toList()
                : List.of();
        return new Plan(steps, List.of(), announcement(state)).and(notes(waits));
    }

    private static Plan plan(MongoState state, MongoSet desired) {
        for (ReplicaSetState set : state.sets()) {
            boolean isThis = set.name().equals(desired.name());
            boolean isBlocked = PendingUpgrade.isToBeRead(state, set)
                    && PendingUpgrade.blocker(state, set).isPresent();
            if (isThis || isBlocked) {
                return isThis && !isBlocked && PendingUpgrade.isPending(state, set)
                        ? RollingRestartPlanner.plan(state, set)
                        : Plan.NOTHING;
            }
        }
        return Plan.NOTHING;
    }

    /** Turns the balancer on where it is declared, also after an upgrade; an upgrade that waits keeps it off. */
    static Plan end(MongoState state) {
        boolean isOn = state.sharding().balancer();
        boolean isPending = PendingUpgrade.isPending(state);
        if (!state.cluster().isSharded() || !state.cluster().balancer() || isOn && !isPending) {
            return Plan.NOTHING;
        }
        if (isPending && PendingUpgrade.blocker(state).isPresent()) {
            return isOn
                    ? Plan.NOTHING
                    : notes(List.of(state.cluster().name() + ": the balancer stays off until the upgrade has ended"));
        }
        String because =
                isPending ? "the balancer is off during the upgrade, desired on" : "the balancer is off, desired on";
        return ShardingPlanner.router(state)
                .map(r -> Plan.of(List.of(ShardingPlanner.balancer(state, r, true, because))))
                .orElse(Plan.NOTHING);
    }

    private static Plan notes(List<String> notes) {
        return new Plan(List.of(), List.of(), notes);
    }

    private static List<String> announcement(MongoState state) {
        String name = state.cluster().name();
        List<ReplicaSetState> sets = state.sets().stream()
                .filter(s -> PendingUpgrade.isPending(state, s))
                .toList();
        List<String> order = sets.stream().map(ReplicaSetState::name).collect(Collectors.toCollection(ArrayList::new));
        if (state.routers().stream()
                .anyMatch(r -> r.otherProgram(state.cluster()).isPresent())) {
            order.add("the routers");
        }
        List<String> notes = new ArrayList<>();
        notes.add(name + ": the upgrade" + version(state) + " restarts one server after another, in the order "
                + String.join(", ", order));
        sets.forEach(s -> election(state, s).ifPresent(notes::add));
        if (isOlder(state)) {
            notes.add(name + ": the declared program is of an older release; MongoDB does not support this without the "
                    + "help of its support");
        }
        return notes;
    }

    private static String version(MongoState state) {
        List<String> versions = programs(state)
                .map(OtherProgram::version)
                .filter(v -> !v.isEmpty())
                .distinct()
                .toList();
        return versions.isEmpty() ? "" : " to " + String.join(" and ", versions);
    }

    private static Stream<OtherProgram> programs(MongoState state) {
        return state.servers()
                .filter(n -> n.otherProgram(state.cluster()).isPresent())
                .flatMap(n -> n.files().program().stream());
    }

    private static boolean isOlder(MongoState state) {
        return state.servers()
                .filter(n -> n.otherProgram(state.cluster()).isPresent())
                .anyMatch(n -> n.files()
                        .program()
                        .filter(p -> CompatibilityMatrix.isOlder(
                                p.version(), n.reply().version()))
                        .isPresent());
    }

    /** Names the one election of a set; a primary with the highest priority takes its role back, with a second one. */
    private static Optional<String> election(MongoState state, ReplicaSetState set) {
        Optional<NodeState> primary = set.primary()
                .filter(p -> p.otherProgram(state.cluster()).isPresent())
                .filter(p -> RollingRestartPlanner.hasSuccessor(set, p));
        if (primary.isEmpty()) {
            return Optional.empty();
        }
        double own = priority(set, primary.get());
        boolean takesBack = set.desired().members().stream()
                .filter(m -> !m.node().equals(primary.get().node()))
                .allMatch(m -> m.priority() < own);
        String node = primary.get().node().name();
        return Optional.of(state.lane(set) + ": one election, when primary " + node + " steps down as the last member"
                + (takesBack ? "; then " + node + " takes its role back by its priority, with a second election" : ""));
    }

    private static double priority(ReplicaSetState set, NodeState server) {
        return set.desired().members().stream()
                .filter(m -> m.node().equals(server.node()))
                .mapToDouble(Member::priority)
                .findFirst()
                .orElse(0);
    }
}
