package dev.holdfast.mongodb.rolechange;

import dev.holdfast.model.Node;
import dev.holdfast.mongodb.probe.ClusterConditions;
import dev.holdfast.mongodb.state.RoleChangeState;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import java.time.Duration;

/**
 * The steps that start members which a forced failover left behind, after the loss of all its survivors.
 *
 * <p>They start with their earlier configuration. If they are a majority of it, they elect a primary. Otherwise the next
 * failover decides as for any set without a majority.
 *
 * <p>Invariant: not planned while a member without fence answers, can have data, or is on an unreachable host.
 */
record FencedMemberSteps(RoleChangeState state, FailoverFacts facts) {

    private static final Duration SOON = Duration.ofSeconds(150);

    Plan start() {
        return Plan.of(facts.givenUp().stream().map(this::start).toList());
    }

    private Step start(Node node) {
        return Step.on(node.id(), "Unfence and start " + node.id())
                .because("all members of " + facts.set() + " with data are fenced")
                .risk(Risk.DANGER)
                .type(state.mongo().server(node).unfence())
                .until(ClusterConditions.answers(node), SOON);
    }
}
