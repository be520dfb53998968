package dev.holdfast.mongodb.provision;

import dev.holdfast.mongodb.probe.ClusterConditions;
import dev.holdfast.mongodb.state.EmptyMembers;
import dev.holdfast.mongodb.state.MemberHealth;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The last stage of apply for a MongoDB cluster, which waits until every member is healthy and undeclared servers have ended. */
final class CompletionPlanner {

    private static final Duration INITIAL_SYNC = Duration.ofHours(12);
    /**
     * A set that is not initiated never becomes healthy without Holdfast, and one that elects no primary in this time can need
     * a failover. So both are soon observed and planned again.
     */
    private static final Duration ELECTION = Duration.ofMinutes(2);

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
        }
        return Plan.of(steps).and(UndeclaredServerPlanner.plan(state));
    }
}
