package dev.holdfast.mongodb.simulation;

import dev.holdfast.mongodb.rolechange.FailoverDecision;
import dev.holdfast.mongodb.rolechange.RejoinDecision;
import dev.holdfast.mongodb.rolechange.SwitchoverDecision;
import dev.holdfast.plan.DecisionRule;
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

/** The model of MongoDB. */
public final class SimulatedMongo implements SimulatedEngine<SimulatedSet> {

    @Override
    public String name() {
        return "mongodb";
    }

    @Override
    public SimulatedSequence sequence(long seed) {
        return MongoSequence.of(seed);
    }

    @Override
    public SimulatedOperator<SimulatedSet> operator(
            SimulatedSequence sequence,
            PlantedFault<SimulatedSet> fault,
            RowCoverage coverage,
            Consumer<String> transcript) {
        return new MongoOperator(MongoModel.of((MongoSequence) sequence, fault), fault, coverage, transcript);
    }

    @Override
    public RowCoverage coverage() {
        Map<String, List<? extends DecisionRule<?, ?>>> tables = new LinkedHashMap<>();
        tables.put("failover", FailoverDecision.TABLE);
        tables.put("switchover", SwitchoverDecision.TABLE);
        tables.put("rejoin", RejoinDecision.TABLE);
        return new RowCoverage(tables);
    }

    @Override
    public List<PlantedGuard<SimulatedSet>> guards() {
        return MongoFaults.ALL;
    }

    @Override
    public String toString() {
        return name();
    }
}
