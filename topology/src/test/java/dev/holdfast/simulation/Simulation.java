package dev.holdfast.simulation;

import dev.holdfast.simulation.SimulatedEvent.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Runs sequences, and finds the smallest part of one that still violates an invariant.
 *
 * @param <W> the type of the simulated servers
 */
public final class Simulation<W> {

    private final SimulatedEngine<W> engine;
    private final Supplier<PlantedFault<W>> fault;
    private final RowCoverage coverage;

    public Simulation(SimulatedEngine<W> engine) {
        this(engine, PlantedFault::none);
    }

    /** @param fault a new planted fault for each sequence */
    public Simulation(SimulatedEngine<W> engine, Supplier<PlantedFault<W>> fault) {
        this.engine = engine;
        this.fault = fault;
        this.coverage = engine.coverage();
    }

    /**
     * The end of a sequence.
     *
     * @param engine the name of the engine
     * @param violation empty when every invariant held
     */
    public record Result(String engine, SimulatedSequence sequence, String violation, List<String> transcript) {
        public boolean isViolated() {
            return !violation.isEmpty();
        }

        /** Returns the kind of the violation, which stays the same while a sequence shrinks. */
        public String kind() {
            return violation
                    .replaceAll("[0-9]+", "#")
                    .replaceAll("\\b[a-e]#", "MEMBER")
                    .replaceAll("(#, )+", "")
                    .split(":")[0];
        }

        @Override
        public String toString() {
            return violation + "\n" + engine + ", " + sequence + "\n" + String.join("\n", transcript)
                    + "\nrun it again: mvn test -pl topology -Dtest=SimulationTest -Dholdfast.simulate=" + engine + ":"
                    + sequence.seed();
        }
    }

    public RowCoverage coverage() {
        return coverage;
    }

    public Result run(long seed) {
        return run(engine.sequence(seed));
    }

    public Result run(SimulatedSequence sequence) {
        List<String> transcript = new ArrayList<>();
        SimulatedOperator<W> operator = engine.operator(sequence, fault.get(), coverage, transcript::add);
        SimulatedEstate estate = operator.estate();
        try {
            for (SimulatedEvent event : sequence.events()) {
                transcript.add("* " + event);
                if (event.kind() == Kind.COMMAND) {
                    operator.run(event);
                } else {
                    estate.happen(event);
                }
                transcript.add("  " + estate.state());
            }
            operator.recover(sequence.patience());
        } catch (RuntimeException | AssertionError thrown) {
            StackTraceElement[] at = thrown.getStackTrace();
            estate.violations().violated(thrown + " at " + (at.length == 0 ? "?" : at[0]));
        }
        return new Result(engine.name(), sequence, estate.violations().first(), transcript);
    }

    /** Returns the smallest sequence with the same violation: without each event that does not matter. */
    public Result shrunk(Result violated) {
        Result smallest = violated;
        boolean isSmaller = true;
        while (isSmaller) {
            isSmaller = false;
            for (int i = smallest.sequence().events().size() - 1; i >= 0; i--) {
                List<SimulatedEvent> fewer = new ArrayList<>(smallest.sequence().events());
                fewer.remove(i);
                Result result = run(smallest.sequence().with(fewer));
                if (result.kind().equals(violated.kind())) {
                    smallest = result;
                    isSmaller = true;
                }
            }
        }
        return smallest;
    }
}
