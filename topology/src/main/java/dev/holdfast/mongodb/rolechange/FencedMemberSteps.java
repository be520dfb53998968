package dev.holdfast.mongodb.rolechange;

import dev.holdfast.model.Node;
import dev.holdfast.mongodb.probe.ClusterConditions;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.state.RoleChangeState;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import java.time.Duration;
import java.util.List;

/**
 * The start of members that a forced failover has given up, when nothing is left of its survivors.
 *
 * <p>They are started with the configuration that they had. When they are a majority of it, they elect a primary; otherwise the
 * next failover decides as for any set without a majority.
 *
 * <p>Invariant: never while a member that is not fenced answers, may hold data, or is on a host that does not answer.
 */
record FencedMemberSteps(RoleChangeState state, FailoverFacts facts) {

    private static final Duration SOON = Duration.ofSeconds(150);

    /** The fenced members with data, when no other member has any. */
    static List<Node> members(ReplicaSetState set) {
        boolean isAnotherThere = set.members().stream()
                .anyMatch(n -> n.answers()
                        || !n.hostFacts().isDown()
                        || !n.isFenced() && !n.files().isEmpty());
        return isAnotherThere
                ? List.of()
                : set.members().stream()
                        .filter(n -> n.isFenced() && n.files().hasData())
                        .map(NodeState::node)
                        .toList();
    }

    Plan start() {
        return Plan.of(facts.givenUp().stream().map(this::start).toList());
    }

    private Step start(Node node) {
        return Step.on(node.id(), "Remove the fence of " + node.id() + " and start it")
                .because("no member of " + facts.set() + " that is not fenced holds data any more")
                .risk(Risk.DANGER)
                .type(state.mongo().server(node).unfence())
                .until(ClusterConditions.answers(node), SOON);
    }
}
