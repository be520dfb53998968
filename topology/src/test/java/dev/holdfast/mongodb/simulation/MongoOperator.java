package dev.holdfast.mongodb.simulation;

import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.provision.ProvisionRunbook;
import dev.holdfast.mongodb.rolechange.FailoverDecision;
import dev.holdfast.mongodb.rolechange.FailoverFacts;
import dev.holdfast.mongodb.rolechange.FailoverOperation;
import dev.holdfast.mongodb.rolechange.RejoinDecision;
import dev.holdfast.mongodb.rolechange.RejoinFacts;
import dev.holdfast.mongodb.rolechange.RejoinOperation;
import dev.holdfast.mongodb.rolechange.SwitchoverDecision;
import dev.holdfast.mongodb.rolechange.SwitchoverFacts;
import dev.holdfast.mongodb.rolechange.SwitchoverOperation;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.RoleChangeState;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.Runbook;
import dev.holdfast.simulation.PlantedFault;
import dev.holdfast.simulation.RowCoverage;
import dev.holdfast.simulation.SimulatedOperator;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Runs the commands of a replica set, and counts the rows that they decide by. */
final class MongoOperator extends SimulatedOperator<SimulatedSet> {

    private static final Pattern BOUND = Pattern.compile("writes acknowledged in the (\\d+) s after that can be lost");

    private final MongoModel model;
    private final RowCoverage coverage;

    MongoOperator(
            MongoModel model, PlantedFault<SimulatedSet> fault, RowCoverage coverage, Consumer<String> transcript) {
        super(model, fault, transcript);
        this.model = model;
        this.coverage = coverage;
    }

    @Override
    protected String confirmation() {
        return "--override=others-silent";
    }

    @Override
    protected Pattern bound() {
        return BOUND;
    }

    @Override
    protected Runbook<?> runbook(String verb, RoleChangeRequest request) {
        Topology topology = model.topology();
        MongoCluster cluster = model.cluster();
        return switch (verb) {
            case "apply" -> planted(verb, ProvisionRunbook.of(topology, cluster), request, (state, asked) -> {});
            case "failover" ->
                planted(verb, FailoverOperation.of(topology, cluster, request).runbook(), request, this::failover);
            case "switchover" ->
                planted(verb, SwitchoverOperation.of(topology, cluster, request).runbook(), request, this::switchover);
            default ->
                planted(verb, RejoinOperation.of(topology, cluster, request).runbook(), request, this::rejoin);
        };
    }

    private void failover(RoleChangeState state, RoleChangeRequest request) {
        coverage.reached("failover", DecisionRule.decide(FailoverDecision.TABLE, FailoverFacts.of(state, request)));
    }

    private void switchover(MongoState state, RoleChangeRequest request) {
        coverage.reached(
                "switchover",
                DecisionRule.decide(
                        SwitchoverDecision.TABLE,
                        SwitchoverFacts.of(state, state.controlSet(), request.to(), request.overrides())));
    }

    private void rejoin(RoleChangeState state, RoleChangeRequest request) {
        coverage.reached(
                "rejoin",
                DecisionRule.decide(
                        RejoinDecision.TABLE,
                        RejoinFacts.of(state, request.to().orElseThrow(), request.acceptDataLoss())));
    }
}
