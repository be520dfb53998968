package dev.holdfast.mongodb.rolechange;

import dev.holdfast.engine.Operation;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.probe.ClusterProbe;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.SingleSetScope;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * The operation that moves the primary role of a replica set as planned work. The candidate of the first observation stays the
 * candidate, so that a later observation of the same member as primary finds nothing to do.
 */
public final class SwitchoverOperation {

    /** The measured pause of w: majority writes: from the last acknowledgement of the old primary to the first of the new. */
    private static final Duration PAUSE = Duration.ofMillis(300);

    private final SingleSetScope set;
    private final Set<String> overrides;
    private final AtomicReference<String> to;

    private SwitchoverOperation(SingleSetScope set, RoleChangeRequest request) {
        this.set = set;
        this.overrides = request.overrides();
        this.to = new AtomicReference<>(request.to().orElse(null));
    }

    public static Operation<MongoState> of(Topology topology, MongoCluster cluster, RoleChangeRequest request) {
        SwitchoverOperation move = new SwitchoverOperation(SingleSetScope.of(topology, cluster, request), request);
        Runbook<MongoState> runbook = new Runbook<>(
                cluster.name(),
                "Switch over " + move.set.name(),
                context -> ClusterProbe.at(context, move.set.topology(), move.set.cluster()),
                List.of(
                        new Stage<>("candidate", state -> move.plan(state, SwitchoverSteps::catchUp)),
                        new Stage<>("handover", state -> move.plan(state, SwitchoverSteps::switchOver))));
        return new Operation<>(runbook, move::decide);
    }

    private SwitchoverFacts facts(MongoState state) {
        SwitchoverFacts facts = SwitchoverFacts.of(state, state.controlSet(), Optional.ofNullable(to.get()), overrides);
        facts.candidate().ifPresent(c -> to.compareAndSet(null, c.name()));
        return facts;
    }

    private Operation.Assessment decide(MongoState state) {
        SwitchoverFacts facts = facts(state);
        Decision<RoleChangeDecision> decision = DecisionRule.decide(SwitchoverDecision.TABLE, facts);
        String sentence =
                facts.candidate().map(c -> "make " + c.node().id() + " primary").orElse("");
        Operation.Assessment decided = RoleChangeDecision.assessment(set.name(), sentence, decision, PAUSE);
        return facts.candidate().map(c -> decided.to(c.name())).orElse(decided);
    }

    private Plan plan(MongoState state, Function<SwitchoverSteps, Plan> planner) {
        SwitchoverFacts facts = facts(state);
        Decision<RoleChangeDecision> decision = DecisionRule.decide(SwitchoverDecision.TABLE, facts);
        return switch (decision.then().kind()) {
            case NOTHING -> new Plan(List.of(), List.of(), List.of(decision.because()));
            case GO ->
                planner.apply(new SwitchoverSteps(facts, state.credentials().admin()));
            case REFUSED -> Plan.refused(List.of(RoleChangeDecision.refusal(set.name(), decision)));
        };
    }
}
