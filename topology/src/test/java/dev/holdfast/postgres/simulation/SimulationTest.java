package dev.holdfast.postgres.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.postgres.simulation.Simulation.Result;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What people and machines do to a PostgreSQL cluster, in sequences from seeds, against the invariants of {@link SimulatedJudge}.
 * {@code -Dholdfast.simulate=SEED} runs one sequence and prints it; {@code -Dholdfast.sequences=N} runs more.
 */
@Tag("unit")
class SimulationTest {

    private static final int SEQUENCES = Integer.getInteger("holdfast.sequences", 300);

    @Test
    void every_invariant_holds_in_every_sequence() {
        Simulation simulation = new Simulation();
        Long seed = Long.getLong("holdfast.simulate");
        long first = seed == null ? 0 : seed;
        long last = seed == null ? SEQUENCES : seed + 1;
        for (long i = first; i < last; i++) {
            Result result = simulation.run(i);
            if (seed != null) {
                System.out.println(result);
            }
            assertThat(result.isViolated())
                    .as(() -> simulation.shrunk(result).toString())
                    .isFalse();
        }
    }
}
