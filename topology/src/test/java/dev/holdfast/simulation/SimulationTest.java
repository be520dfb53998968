package dev.holdfast.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.simulation.Simulation.Result;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What people and machines do to a cluster, in sequences from seeds, against the invariants of its engine's judge.
 * {@code -Dholdfast.simulate=ENGINE:SEED} runs one sequence and prints it; {@code -Dholdfast.sequences=N} runs more.
 */
@Tag("unit")
class SimulationTest {

    private static final int SEQUENCES = Integer.getInteger("holdfast.sequences", 300);

    static List<SimulatedEngine<?>> engines() {
        return SimulatedEngines.ALL;
    }

    @ParameterizedTest
    @MethodSource("engines")
    <W> void every_invariant_holds_in_every_sequence(SimulatedEngine<W> engine) {
        Simulation<W> simulation = new Simulation<>(engine);
        String one = System.getProperty("holdfast.simulate");
        if (one != null) {
            if (one.startsWith(engine.name() + ":")) {
                Result result = simulation.run(Long.parseLong(one.substring(one.indexOf(':') + 1)));
                System.out.println(result);
                assertThat(result.isViolated()).as(result.toString()).isFalse();
            }
            return;
        }
        for (long i = 0; i < SEQUENCES; i++) {
            Result result = simulation.run(i);
            assertThat(result.isViolated())
                    .as(() -> simulation.shrunk(result).toString())
                    .isFalse();
        }
    }
}
