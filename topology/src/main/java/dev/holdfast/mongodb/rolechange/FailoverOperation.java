package dev.holdfast.mongodb.rolechange;

import dev.holdfast.engine.Operation;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.probe.RoleChangeProbe;
import dev.holdfast.mongodb.replicaset.OpenDifferences;
import dev.holdfast.mongodb.state.RoleChangeState;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.SingleSetScope;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** The operation that fails over a replica set: by its own election if possible, by a forced configuration only on request. */
public final class FailoverOperation {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final SingleSetScope set;
    private final RoleChangeRequest request;

    private FailoverOperation(SingleSetScope set, RoleChangeRequest request) {
        this.set = set;
        this.request = request;
    }

    public static Operation<RoleChangeState> of(Topology topology, MongoCluster cluster, RoleChangeRequest request) {
        FailoverOperation move = new FailoverOperation(SingleSetScope.of(topology, cluster, request), request);
        Runbook<RoleChangeState> runbook = new Runbook<>(
                cluster.name(),
                "Fail over " + move.set.name(),
                context -> RoleChangeProbe.at(context, move.set),
                List.of(
                        new Stage<>("fenced members", move::startFenced),
                        new Stage<>("fence", state -> move.plan(state, ForcedReconfigSteps::fence)),
                        new Stage<>("force", state -> move.plan(state, ForcedReconfigSteps::force))));
        return new Operation<>(runbook, move::decide);
    }

    private Operation.Assessment decide(RoleChangeState state) {
        FailoverFacts facts = FailoverFacts.of(state, request);
        Decision<RoleChangeDecision> decision = DecisionRule.decide(FailoverDecision.TABLE, facts);
        String sentence = !facts.givenUp().isEmpty()
                ? "start the members that a forced failover left behind"
                : facts.survivor()
                        .map(s -> "leave " + MemberStanding.names(facts.lost()) + " behind and make "
                                + s.node().id() + " primary")
                        .orElse("");
        return RoleChangeDecision.assessment(set.name(), sentence, decision, PAUSE);
    }

    private Plan startFenced(RoleChangeState state) {
        FailoverFacts facts = FailoverFacts.of(state, request);
        return facts.isRevival() ? new FencedMemberSteps(state, facts).start() : Plan.NOTHING;
    }

    private Plan plan(RoleChangeState state, Function<ForcedReconfigSteps, Plan> planner) {
        FailoverFacts facts = FailoverFacts.of(state, request);
        if (facts.isRevival()) {
            return Plan.NOTHING; // these members start; afterwards the set has a usual state
        }
        Decision<RoleChangeDecision> decision = DecisionRule.decide(FailoverDecision.TABLE, facts);
        return switch (decision.then().kind()) {
            case NOTHING ->
                new Plan(List.of(), List.of(), List.of(decision.because()))
                        .and(Plan.open(OpenDifferences.leftOut(state.mongo(), state.set())));
            case GO ->
                planner.apply(new ForcedReconfigSteps(
                        state, facts, state.mongo().credentials().admin()));
            case REFUSED -> Plan.refused(List.of(RoleChangeDecision.refusal(set.name(), decision)));
        };
    }
}
