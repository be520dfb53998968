package dev.holdfast.postgres.simulation;

import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.plan.Runbook;
import dev.holdfast.postgres.FakePostgres;
import dev.holdfast.postgres.replication.CommitProtection;
import dev.holdfast.postgres.rolechange.FailoverDecision;
import dev.holdfast.postgres.rolechange.FailoverFacts;
import dev.holdfast.postgres.rolechange.FailoverOperation;
import dev.holdfast.postgres.rolechange.RejoinDecision;
import dev.holdfast.postgres.rolechange.RejoinOperation;
import dev.holdfast.postgres.rolechange.SwitchoverDecision;
import dev.holdfast.postgres.rolechange.SwitchoverOperation;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.RoleChangeState;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import dev.holdfast.simulation.PlantedFault;
import dev.holdfast.simulation.RowCoverage;
import dev.holdfast.simulation.SimulatedOperator;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Runs the commands of a PostgreSQL cluster, and counts the rows that they decide by. */
final class PostgresOperator extends SimulatedOperator<FakePostgres> {

    private static final Pattern BOUND = Pattern.compile("with (\\d+) commits?, made within");

    private final PostgresModel model;
    private final RowCoverage coverage;

    PostgresOperator(
            PostgresModel model, PlantedFault<FakePostgres> fault, RowCoverage coverage, Consumer<String> transcript) {
        super(model, fault, transcript);
        this.model = model;
        this.coverage = coverage;
    }

    @Override
    protected String confirmation() {
        return "--override=fenced-by-hand";
    }

    @Override
    protected Pattern bound() {
        return BOUND;
    }

    @Override
    protected Runbook<?> runbook(String verb, RoleChangeRequest request) {
        var topology = model.topology();
        var cluster = model.cluster();
        return switch (verb) {
            case "apply" -> planted(verb, model.bank().runbook(), request, this::commits);
            case "failover" ->
                planted(
                        verb,
                        FailoverOperation.operation(topology, cluster, request).runbook(),
                        request,
                        this::failover);
            case "switchover" ->
                planted(
                        verb,
                        SwitchoverOperation.operation(topology, cluster, request)
                                .runbook(),
                        request,
                        this::switchover);
            default ->
                planted(
                        verb,
                        RejoinOperation.operation(topology, cluster, request).runbook(),
                        request,
                        this::rejoin);
        };
    }

    private void failover(RoleChangeState state, RoleChangeRequest request) {
        coverage.reached("failover", FailoverDecision.of(new FailoverFacts(state, request)));
    }

    private void switchover(RoleChangeState state, RoleChangeRequest request) {
        SwitchoverDecision decision = new SwitchoverDecision(state, request);
        coverage.reached("switchover", decision.decision());
        if (decision.primary().isPresent()) {
            decision.candidate().ifPresent(c -> coverage.reached("candidate", c.decision()));
        }
    }

    private void rejoin(RoleChangeState state, RoleChangeRequest request) {
        coverage.reached("rejoin", new RejoinDecision(state, request).decision());
    }

    private void commits(PostgresState state, RoleChangeRequest request) {
        state.primary().ifPresent(primary -> {
            List<String> following = state.others()
                    .filter(m -> m.member().role() == MemberRole.SYNC && !state.isGone(m))
                    .map(MemberState::name)
                    .toList();
            coverage.reached("commits", new CommitProtection(state.cluster(), primary.name(), following).decision());
        });
    }
}
