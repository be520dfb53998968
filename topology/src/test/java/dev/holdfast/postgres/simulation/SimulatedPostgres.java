package dev.holdfast.postgres.simulation;

import dev.holdfast.plan.DecisionRule;
import dev.holdfast.postgres.FakePostgres;
import dev.holdfast.postgres.replication.CommitProtection;
import dev.holdfast.postgres.rolechange.FailoverDecision;
import dev.holdfast.postgres.rolechange.RejoinDecision;
import dev.holdfast.postgres.rolechange.SwitchoverCandidate;
import dev.holdfast.postgres.rolechange.SwitchoverDecision;
import dev.holdfast.simulation.PlantedFault;
import dev.holdfast.simulation.PlantedGuard;
import dev.holdfast.simulation.RowCoverage;
import dev.holdfast.simulation.SimulatedEngine;
import dev.holdfast.simulation.SimulatedOperator;
import dev.holdfast.simulation.SimulatedSequence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The model of PostgreSQL. */
public final class SimulatedPostgres implements SimulatedEngine<FakePostgres> {

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    public SimulatedSequence sequence(long seed) {
        return PostgresSequence.of(seed);
    }

    @Override
    public SimulatedOperator<FakePostgres> operator(
            SimulatedSequence sequence,
            PlantedFault<FakePostgres> fault,
            RowCoverage coverage,
            Consumer<String> transcript) {
        return new PostgresOperator(new PostgresModel((PostgresSequence) sequence, fault), fault, coverage, transcript);
    }

    @Override
    public RowCoverage coverage() {
        Map<String, List<? extends DecisionRule<?, ?>>> tables = new LinkedHashMap<>();
        tables.put("failover", FailoverDecision.TABLE);
        tables.put("switchover", SwitchoverDecision.TABLE);
        tables.put("candidate", SwitchoverCandidate.TABLE);
        tables.put("rejoin", RejoinDecision.TABLE);
        tables.put("commits", CommitProtection.TABLE);
        return new RowCoverage(tables);
    }

    @Override
    public List<PlantedGuard<FakePostgres>> guards() {
        return PostgresFaults.ALL;
    }

    @Override
    public String toString() {
        return name();
    }
}
