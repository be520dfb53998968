package dev.holdfast.simulation;

import java.util.List;
import java.util.function.Consumer;

/**
 * The model of one database engine.
 *
 * @param <W> the type of its simulated servers
 */
public interface SimulatedEngine<W> {

    /** Returns its name in {@code HOLDFAST_BENCH_ENGINES} and in {@code -Dholdfast.simulate}. */
    String name();

    SimulatedSequence sequence(long seed);

    /** Returns an operator before a new estate, to which nothing has happened. */
    SimulatedOperator<W> operator(
            SimulatedSequence sequence, PlantedFault<W> fault, RowCoverage coverage, Consumer<String> transcript);

    /** Returns the counts of the rows of its decision tables, all 0. */
    RowCoverage coverage();

    /** Returns the guards of the product that are taken away one by one. */
    List<PlantedGuard<W>> guards();
}
