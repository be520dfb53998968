package dev.holdfast.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.simulation.Simulation.Result;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The invariants find each guard that is taken away, in a sequence in which they hold with it. */
@Tag("unit")
class PlantedFaultsTest {

    private static final int LEAST = 40;

    static Stream<Arguments> guards() {
        return SimulatedEngines.ALL.stream().flatMap(PlantedFaultsTest::guards);
    }

    private static <W> Stream<Arguments> guards(SimulatedEngine<W> engine) {
        return engine.guards().stream().map(g -> Arguments.of(engine, g));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("guards")
    <W> void a_guard_that_is_taken_away_is_found(SimulatedEngine<W> engine, PlantedGuard<W> planted) {
        Result with = new Simulation<>(engine).run(planted.sequence());
        assertThat(with.isViolated()).as(with.toString()).isFalse();
        Result without = new Simulation<>(engine, planted.fault()).run(planted.sequence());
        assertThat(without.isViolated()).as(without.toString()).isTrue();
    }

    @Test
    void the_list_of_guards_does_not_become_shorter() {
        List<?> all = guards().toList();
        assertThat(all).hasSizeGreaterThanOrEqualTo(LEAST);
    }
}
