package dev.holdfast.simulation;

import dev.holdfast.mongodb.simulation.SimulatedMongo;
import dev.holdfast.postgres.simulation.SimulatedPostgres;
import java.util.List;

/** The models of all database engines. */
final class SimulatedEngines {

    static final List<SimulatedEngine<?>> ALL = List.of(new SimulatedPostgres(), new SimulatedMongo());

    private SimulatedEngines() {}

    static SimulatedEngine<?> named(String name) {
        return ALL.stream()
                .filter(e -> e.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no model of " + name + "; the models are "
                        + String.join(
                                " and ", ALL.stream().map(SimulatedEngine::name).toList())));
    }
}
