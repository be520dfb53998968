package dev.holdfast.mongodb.replicaset;

import dev.holdfast.execution.Credentials;
import dev.holdfast.mongodb.action.AdminCommands;
import dev.holdfast.mongodb.probe.ClusterConditions;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.ReplicaSetConfig;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.topology.MongoCluster.Member;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.topology.MongoCluster.Role;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The steps that initiate a replica set whose members are all empty.
 *
 * <ol>
 *   <li>Initiate the set on its first primary, with all members at once.
 *   <li>When all members know the set, elect that member instead of waiting for the first election timeout.
 * </ol>
 *
 * Invariant: not planned if any member ever belonged to a set.
 */
record InitiateSteps(MongoState state, ReplicaSetState set) {

    private static final Duration SOON = Duration.ofSeconds(60);

    List<Step> steps() {
        MongoSet desired = set.desired();
        Credentials login = state.credentials().member();
        Member first = first();
        Map<String, Object> config = ReplicaSetConfig.of(desired).over(MongoDocument.EMPTY, 1);
        if (desired.role() == Role.CONFIG) {
            config.put("configsvr", true);
        }
        String lane = state.lane(set);
        Step initiate = Step.on(lane, "Initiate replica set " + set.name() + " with " + names())
                .because("none of its members has ever belonged to a set")
                .type(AdminCommands.initiate(first.node(), login, config))
                .until(ClusterConditions.known(desired), SOON);
        Step elect = Step.on(lane, "Elect " + first.node().id() + " primary of " + set.name())
                .because("a new set has no primary until the first election timeout, "
                        + desired.electionTimeout().toMillis() + " ms, is over")
                .type(AdminCommands.stepUp(first.node(), login))
                .until(
                        ClusterConditions.elected(desired),
                        desired.electionTimeout().multipliedBy(2).plus(SOON));
        return List.of(initiate, elect);
    }

    /** Returns the member with the highest priority; of several, the first. */
    Member first() {
        return set.desired().members().stream()
                .filter(m -> !m.arbiter())
                .reduce((best, m) -> m.priority() > best.priority() ? m : best)
                .orElseThrow(() -> new IllegalStateException(set.name() + " has no member with data"));
    }

    private String names() {
        return set.desired().nodes().stream().map(n -> n.name()).collect(Collectors.joining(", "));
    }
}
