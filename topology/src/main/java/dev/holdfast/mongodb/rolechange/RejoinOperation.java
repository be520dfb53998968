package dev.holdfast.mongodb.rolechange;

import dev.holdfast.engine.Operation;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.probe.RoleChangeProbe;
import dev.holdfast.mongodb.state.MemberDirectoryState.RollbackFile;
import dev.holdfast.mongodb.state.RoleChangeState;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.SingleSetScope;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The operation that returns a member to its replica set after a failover or an outage. */
public final class RejoinOperation {

    private final SingleSetScope set;
    private final String name;
    private final boolean acceptsLoss;

    private RejoinOperation(SingleSetScope set, String name, boolean acceptsLoss) {
        this.set = set;
        this.name = name;
        this.acceptsLoss = acceptsLoss;
    }

    public static Operation<RoleChangeState> of(Topology topology, MongoCluster cluster, RoleChangeRequest request) {
        SingleSetScope set = SingleSetScope.of(topology, cluster, request);
        String name = request.to()
                .orElseThrow(() -> new HoldfastException(
                        ExitCode.USAGE,
                        set.name(),
                        "a rejoin needs the name of one member",
                        "add the name of the member: " + set.name() + "/"
                                + set.set().nodes().get(0).name()));
        RejoinOperation way = new RejoinOperation(set, name, request.acceptDataLoss());
        Runbook<RoleChangeState> runbook = new Runbook<>(
                cluster.name(),
                "Rejoin " + set.name() + "/" + name,
                context -> RoleChangeProbe.at(context, set),
                List.of(
                        way.stage("stop", RejoinSteps::stop),
                        way.stage("data", RejoinSteps::setAside),
                        way.stage("membership", RejoinSteps::report),
                        way.stage("start", RejoinSteps::start),
                        way.stage("catch up", RejoinSteps::catchUp),
                        way.stage("rollback files", RejoinSteps::moveRollbackFiles),
                        way.stage("vote", RejoinSteps::vote)));
        return new Operation<>(runbook, way::decide);
    }

    private Stage<RoleChangeState> stage(String title, Function<RejoinSteps, Plan> planner) {
        return new Stage<>(title, state -> plan(state, planner));
    }

    private Operation.Assessment decide(RoleChangeState state) {
        RejoinFacts facts = RejoinFacts.of(state, name, acceptsLoss);
        Decision<RoleChangeDecision> decision = DecisionRule.decide(RejoinDecision.TABLE, facts);
        return RoleChangeDecision.assessment(
                set.name() + "/" + name, "rejoin " + set.name() + "/" + name, decision, Duration.ZERO);
    }

    private Plan plan(RoleChangeState state, Function<RejoinSteps, Plan> planner) {
        RejoinFacts facts = RejoinFacts.of(state, name, acceptsLoss);
        Decision<RoleChangeDecision> decision = DecisionRule.decide(RejoinDecision.TABLE, facts);
        return switch (decision.then().kind()) {
            case NOTHING -> new Plan(List.of(), List.of(), notes(facts, decision.because()));
            case GO ->
                planner.apply(new RejoinSteps(
                        state, facts, state.mongo().credentials().admin()));
            case REFUSED -> Plan.refused(List.of(RoleChangeDecision.refusal(set.name() + "/" + name, decision)));
        };
    }

    private static List<String> notes(RejoinFacts facts, String because) {
        List<String> notes = new ArrayList<>(List.of(because));
        List<RollbackFile> documents = facts.traces().rollbackFiles().stream()
                .filter(l -> !l.collection().startsWith("local."))
                .toList();
        if (!documents.isEmpty()) {
            long all = documents.stream().mapToLong(RollbackFile::documents).sum();
            notes.add(all + (all == 1 ? " document was" : " documents were") + " rolled back on " + facts.name()
                    + " and kept; bsondump prints them");
            documents.forEach(d -> notes.add(d.toString()));
        }
        return notes;
    }
}
