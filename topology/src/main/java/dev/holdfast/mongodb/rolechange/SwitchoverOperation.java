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
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * The planned move of a set's primary. Whom the first look chose stays chosen, so that looking again once it is primary
 * finds nothing to do.
 */
public final class SwitchoverOperation {

    /** Measured with a writer of w: majority: from the last acknowledged write of the old primary to the first of the new. */
    private static final Duration PAUSE = Duration.ofMillis(300);

    private final SingleSetScope set;
    private final Set<String> overrides;
    private final AtomicReference<String> to;

    private SwitchoverOperation(SingleSetScope set, RoleChangeRequest order) {
        this.set = set;
        this.overrides = order.overrides();
        this.to = new AtomicReference<>(order.to().orElse(null));
    }

    public static Operation<MongoState> of(Topology topology, MongoCluster cluster, RoleChangeRequest order) {
        SwitchoverOperation move = new SwitchoverOperation(SingleSetScope.of(topology, cluster, order), order);
        Runbook<MongoState> book = new Runbook<>(
                cluster.name(),
                "Switch over " + move.set.name(),
                world -> ClusterProbe.at(world, move.set.topology(), move.set.cluster()),
                List.of(
                        new Stage<>("candidate", seen -> move.plan(seen, SwitchoverSteps::catchUp)),
                        new Stage<>("handover", seen -> move.plan(seen, SwitchoverSteps::handOver))));
        return new Operation<>(book, move::decide);
    }

    private SwitchoverFacts deed(MongoState seen) {
        SwitchoverFacts deed = SwitchoverFacts.of(seen, seen.seat(), Optional.ofNullable(to.get()), overrides);
        deed.candidate().ifPresent(c -> to.compareAndSet(null, c.name()));
        return deed;
    }

    private Operation.Assessment decide(MongoState seen) {
        SwitchoverFacts deed = deed(seen);
        Decision<RoleChangeDecision> decision = DecisionRule.decide(SwitchoverDecision.TABLE, deed);
        String sentence =
                deed.candidate().map(c -> "make " + c.node().id() + " primary").orElse("");
        Operation.Assessment decided = RoleChangeDecision.told(set.name(), sentence, decision, PAUSE);
        return deed.candidate().map(c -> decided.to(c.name())).orElse(decided);
    }

    private Plan plan(MongoState seen, Function<SwitchoverSteps, Plan> part) {
        SwitchoverFacts deed = deed(seen);
        Decision<RoleChangeDecision> decision = DecisionRule.decide(SwitchoverDecision.TABLE, deed);
        return switch (decision.then().kind()) {
            case NOTHING -> new Plan(List.of(), List.of(), List.of(decision.because()));
            case GO -> part.apply(new SwitchoverSteps(deed, seen.logins().admin()));
            case REFUSED ->
                Plan.refused(List.of(new Refusal(
                        set.name(),
                        decision.because(),
                        decision.then().hint(),
                        decision.then().exit())));
        };
    }
}
