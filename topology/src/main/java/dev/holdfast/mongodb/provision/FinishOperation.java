package dev.holdfast.mongodb.provision;

import dev.holdfast.engine.Operation;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.action.AdminCommands;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.probe.ClusterProbe;
import dev.holdfast.mongodb.rolechange.RoleChangeDecision;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.value.MongoDocument;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The operation that finishes an upgrade: it raises the feature compatibility version of a cluster to that of its program. */
public final class FinishOperation {

    private static final Duration LIMIT = Duration.ofMinutes(15);

    private FinishOperation() {}

    public static Operation<MongoState> of(Topology topology, MongoCluster cluster) {
        Runbook<MongoState> runbook = new Runbook<>(
                cluster.name(),
                "Finish the upgrade of " + cluster.name(),
                context -> ClusterProbe.at(context, topology, cluster),
                List.of(new Stage<>("feature compatibility version", FinishOperation::plan)));
        return new Operation<>(runbook, FinishOperation::decide);
    }

    private static Operation.Assessment decide(MongoState state) {
        FinishFacts facts = FinishFacts.of(state);
        return RoleChangeDecision.assessment(
                facts.cluster(),
                "raise the feature compatibility version of " + facts.cluster() + " from "
                        + String.join(" and ", facts.found()) + " to " + facts.target(),
                DecisionRule.decide(FinishDecision.TABLE, facts),
                Duration.ZERO);
    }

    private static Plan plan(MongoState state) {
        FinishFacts facts = FinishFacts.of(state);
        Decision<RoleChangeDecision> decision = DecisionRule.decide(FinishDecision.TABLE, facts);
        return switch (decision.then().kind()) {
            case NOTHING -> new Plan(List.of(), List.of(), List.of(decision.because()));
            case REFUSED -> Plan.refused(List.of(RoleChangeDecision.refusal(facts.cluster(), decision)));
            case GO -> Plan.of(List.of(raise(state, facts)));
        };
    }

    /** A router gives the command to the config servers, which give it to every shard. */
    private static Step raise(MongoState state, FinishFacts facts) {
        NodeState server = state.cluster().isSharded()
                ? ShardingPlanner.router(state).orElseThrow()
                : state.controlSet().primary().orElseThrow();
        String target = facts.target();
        return Step.on(facts.cluster(), "Set feature compatibility version " + target + " on " + facts.cluster())
                .because("the version is " + String.join(" and ", facts.found()) + ", desired " + target)
                .risk(Risk.DANGER)
                .type(AdminCommands.compatibility(
                        server.node(), state.credentials().admin(), target))
                .until(raised(state, target), LIMIT);
    }

    private static Condition raised(MongoState state, String target) {
        List<Node> members = state.sets().stream()
                .flatMap(s -> s.members().stream())
                .filter(m -> !m.isArbiter())
                .map(NodeState::node)
                .toList();
        return new Condition("every member has feature compatibility version " + target, context -> {
            List<MongoDocument> found = context.sideBySide(members.stream()
                    .<Supplier<MongoDocument>>map(n -> () -> ServerQueries.compatibility(
                            context, n, state.credentials().admin()))
                    .toList());
            List<String> behind = new ArrayList<>();
            for (int i = 0; i < members.size(); i++) {
                String version = found.get(i).text("version");
                boolean isDone = version.equals(target)
                        && found.get(i).text("targetVersion").isEmpty();
                if (!isDone) {
                    behind.add(members.get(i).id() + " has " + (version.isEmpty() ? "an unknown version" : version));
                }
            }
            return new ProbeResult(behind.isEmpty(), behind.isEmpty() ? "all have" : String.join(", ", behind));
        });
    }
}
