package dev.holdfast.postgres.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.postgres.simulation.Simulation.Result;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The invariants find each guard that is taken away, in a sequence in which they hold with it. */
@Tag("unit")
class PlantedFaultsTest {

    static List<PlantedFaults> guards() {
        return PlantedFaults.ALL;
    }

    @ParameterizedTest
    @MethodSource("guards")
    void a_guard_that_is_taken_away_is_found(PlantedFaults planted) {
        Result with = new Simulation().run(planted.sequence());
        assertThat(with.isViolated()).as(with.toString()).isFalse();
        Result without = new Simulation(planted.fault()).run(planted.sequence());
        assertThat(without.isViolated()).as(without.toString()).isTrue();
    }
}
