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
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** The failover of a set: done by the set itself wherever it can, and by force only when it is asked for and safe to do. */
public final class FailoverOperation {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final SingleSetScope set;
    private final RoleChangeRequest order;

    private FailoverOperation(SingleSetScope set, RoleChangeRequest order) {
        this.set = set;
        this.order = order;
    }

    public static Operation<RoleChangeState> of(Topology topology, MongoCluster cluster, RoleChangeRequest order) {
        FailoverOperation move = new FailoverOperation(SingleSetScope.of(topology, cluster, order), order);
        Runbook<RoleChangeState> book = new Runbook<>(
                cluster.name(),
                "Fail over " + move.set.name(),
                world -> RoleChangeProbe.at(world, move.set),
                List.of(
                        new Stage<>("return", move::giveBack),
                        new Stage<>("fence", seen -> move.plan(seen, ForcedReconfigSteps::fence)),
                        new Stage<>("force", seen -> move.plan(seen, ForcedReconfigSteps::force))));
        return new Operation<>(book, move::decide);
    }

    private Operation.Assessment decide(RoleChangeState seen) {
        FailoverFacts deed = FailoverFacts.of(seen, order);
        Decision<RoleChangeDecision> decision = DecisionRule.decide(FailoverDecision.TABLE, deed);
        String sentence = !deed.givenUp().isEmpty()
                ? "start the members that were given up"
                : deed.survivor()
                        .map(s -> "give up " + MemberStanding.names(deed.lost()) + " and make "
                                + s.node().id() + " primary")
                        .orElse("");
        return RoleChangeDecision.told(set.name(), sentence, decision, PAUSE);
    }

    private Plan giveBack(RoleChangeState seen) {
        FailoverFacts deed = FailoverFacts.of(seen, order);
        boolean isAccepted = !deed.givenUp().isEmpty() && order.acceptDataLoss();
        return isAccepted ? new FencedMemberSteps(seen, deed).start() : Plan.NOTHING;
    }

    private Plan plan(RoleChangeState seen, Function<ForcedReconfigSteps, Plan> part) {
        FailoverFacts deed = FailoverFacts.of(seen, order);
        if (!deed.givenUp().isEmpty() && order.acceptDataLoss()) {
            return Plan.NOTHING; // they are being started, and then a set like any other
        }
        Decision<RoleChangeDecision> decision = DecisionRule.decide(FailoverDecision.TABLE, deed);
        return switch (decision.then().kind()) {
            case NOTHING ->
                new Plan(List.of(), List.of(), List.of(decision.because()))
                        .and(Plan.open(OpenDifferences.leftOut(seen.mongo(), seen.set())));
            case GO ->
                part.apply(new ForcedReconfigSteps(
                        seen, deed, seen.mongo().logins().admin()));
            case REFUSED ->
                Plan.refused(List.of(new Refusal(
                        set.name(),
                        decision.because(),
                        decision.then().hint(),
                        decision.then().exit())));
        };
    }
}
