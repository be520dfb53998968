package dev.holdfast.mongodb.provision;

import dev.holdfast.execution.Credentials;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.probe.ClusterConditions;
import dev.holdfast.mongodb.state.EmptyMembers;
import dev.holdfast.mongodb.state.MemberHealth;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The last stage of apply for a MongoDB cluster, which waits until every member is healthy and undeclared servers have ended. */
final class CompletionPlanner {

    private static final Duration INITIAL_SYNC = Duration.ofHours(12);
    /**
     * A set that is not initiated never becomes healthy without Holdfast, and one that elects no primary in this time can need
     * a failover. So both are soon observed and planned again.
     */
    private static final Duration ELECTION = Duration.ofMinutes(2);

    /** A member that does not replicate in this time has another fault, which the open differences name. */
    private static final Duration REPLICATION = Duration.ofMinutes(2);

    private CompletionPlanner() {}

    static Plan plan(MongoState state) {
        List<Step> steps = new ArrayList<>();
        ClusterConditions until = new ClusterConditions(state.credentials());
        for (ReplicaSetState set : state.sets()) {
            List<String> lacking = MemberHealth.lacking(set);
            boolean isFrozen = set.members().stream()
                    .anyMatch(m -> !m.answers()
                            && (!m.hostFacts().reason().isEmpty()
                                    || m.isBroken()
                                    || m.errorRemedy().isPresent()));
            if (!lacking.isEmpty() && !isFrozen && !EmptyMembers.isHeld(set)) {
                steps.add(Step.on(state.lane(set), "Wait until all members of " + set.name() + " are healthy")
                        .because(String.join("; ", lacking))
                        .until(until.whole(set.desired()), set.primary().isEmpty() ? ELECTION : INITIAL_SYNC));
            }
            compatible(state, set).ifPresent(steps::add);
        }
        return Plan.of(steps).and(UndeclaredServerPlanner.plan(state));
    }

    /**
     * Returns the wait for members that have not replicated the feature compatibility version of their primary yet, for example
     * after a new shard was added; empty when none is behind. A delayed member has it later.
     */
    private static Optional<Step> compatible(MongoState state, ReplicaSetState set) {
        MongoDocument version =
                set.primary().map(p -> p.reply().compatibility()).orElse(MongoDocument.EMPTY);
        String desired = version.text("version");
        List<Node> behind = set.members().stream()
                .filter(m -> m.isSecondary() && m.isAdmin() && !isDelayed(set, m.node()))
                .filter(m -> !m.reply().compatibility().text("version").equals(desired))
                .map(NodeState::node)
                .toList();
        if (desired.isEmpty() || version.has("targetVersion") || behind.isEmpty()) {
            return Optional.empty();
        }
        Credentials admin = state.credentials().admin();
        String title = "Wait until all members of " + set.name() + " have feature compatibility version " + desired;
        return Optional.of(Step.on(state.lane(set), title)
                .because(names(behind) + " has another version than the primary")
                .until(
                        new Condition(names(behind) + " has feature compatibility version " + desired, context -> {
                            List<Node> left = behind.stream()
                                    .filter(n -> !ServerQueries.compatibility(context, n, admin)
                                            .text("version")
                                            .equals(desired))
                                    .toList();
                            return new ProbeResult(
                                    left.isEmpty(), left.isEmpty() ? "all have it" : names(left) + " has not");
                        }),
                        REPLICATION));
    }

    private static boolean isDelayed(ReplicaSetState set, Node node) {
        return set.desired().members().stream()
                .anyMatch(m -> m.node().equals(node) && !m.delay().isZero());
    }

    private static String names(List<Node> nodes) {
        return nodes.stream().map(Node::id).collect(Collectors.joining(", "));
    }
}
