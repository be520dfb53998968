package dev.holdfast.postgres.simulation;

import dev.holdfast.postgres.simulation.SimulatedEvent.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Runs sequences, and finds the smallest part of one that still violates an invariant. */
final class Simulation {

    private final Supplier<PlantedFault> fault;
    private final RowCoverage coverage = new RowCoverage();

    Simulation() {
        this(PlantedFault::none);
    }

    /** @param fault a new planted fault for each sequence */
    Simulation(Supplier<PlantedFault> fault) {
        this.fault = fault;
    }

    /**
     * The end of a sequence.
     *
     * @param violation empty when every invariant held
     */
    record Result(SimulatedSequence sequence, String violation, List<String> transcript) {
        boolean isViolated() {
            return !violation.isEmpty();
        }

        /** Returns the kind of the violation, which stays the same while a sequence shrinks. */
        String kind() {
            return violation
                    .replaceAll("[0-9]+", "#")
                    .replaceAll("\\b[a-d]#", "MEMBER")
                    .replaceAll("(#, )+", "")
                    .split(":")[0];
        }

        @Override
        public String toString() {
            return violation + "\n" + sequence + "\n" + String.join("\n", transcript)
                    + "\nrun it again: mvn test -pl topology -Dtest=SimulationTest -Dholdfast.simulate="
                    + sequence.seed();
        }
    }

    RowCoverage coverage() {
        return coverage;
    }

    Result run(long seed) {
        return run(SimulatedSequence.of(seed));
    }

    Result run(SimulatedSequence sequence) {
        List<String> transcript = new ArrayList<>();
        PlantedFault planted = fault.get();
        SimulatedEstate estate = new SimulatedEstate(sequence, planted);
        SimulatedOperator operator = new SimulatedOperator(estate, planted, coverage, transcript::add);
        try {
            for (SimulatedEvent event : sequence.events()) {
                transcript.add("* " + event);
                if (event.kind() == Kind.COMMAND) {
                    operator.run(event);
                } else {
                    estate.happen(event);
                }
            }
            operator.recover();
        } catch (RuntimeException | AssertionError thrown) {
            StackTraceElement[] at = thrown.getStackTrace();
            estate.judge().violated(thrown + " at " + (at.length == 0 ? "?" : at[0]));
        }
        return new Result(sequence, estate.judge().violation(), transcript);
    }

    /** Returns the smallest sequence with the same violation: without each event that does not matter. */
    Result shrunk(Result violated) {
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
