package dev.holdfast.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.simulation.Simulation.Result;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Many more sequences than {@link SimulationTest}, from other seeds. */
@Tag("long")
class SimulationLongTest {

    private static final long FIRST = 1_000_000;
    private static final long SEQUENCES = Long.getLong("holdfast.sequences", 100_000);

    static List<SimulatedEngine<?>> engines() {
        return SimulatedEngines.ALL;
    }

    @ParameterizedTest
    @MethodSource("engines")
    <W> void every_invariant_holds_in_many_sequences(SimulatedEngine<W> engine) {
        Simulation<W> simulation = new Simulation<>(engine);
        for (long seed = FIRST; seed < FIRST + SEQUENCES; seed++) {
            Result result = simulation.run(seed);
            assertThat(result.isViolated())
                    .as(() -> simulation.shrunk(result).toString())
                    .isFalse();
        }
    }
}
