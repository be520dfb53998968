package dev.holdfast.postgres.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.postgres.simulation.Simulation.Result;
import dev.holdfast.postgres.topology.PostgresCluster.Durability;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many more sequences than {@link SimulationTest}, from other seeds. */
@Tag("long")
class SimulationLongTest {

    private static final long FIRST = 1_000_000;
    private static final long SEQUENCES = Long.getLong("holdfast.sequences", 100_000);

    @Test
    void every_invariant_holds_after_interrupted_role_changes() {
        for (Durability durability : Durability.values()) {
            InterruptedRoleChangesTest.holds(InterruptedSequences.candidateLost(
                    durability, InterruptedSequences.FIRST, InterruptedSequences.FATES, InterruptedSequences.NEXT));
            InterruptedRoleChangesTest.holds(InterruptedSequences.every(
                    5,
                    InterruptedSequences.bothLost(
                            durability,
                            InterruptedSequences.FIRST,
                            InterruptedSequences.FATES,
                            InterruptedSequences.NEXT)));
        }
    }

    @Test
    void every_invariant_holds_in_many_sequences() {
        Simulation simulation = new Simulation();
        for (long seed = FIRST; seed < FIRST + SEQUENCES; seed++) {
            Result result = simulation.run(seed);
            assertThat(result.isViolated())
                    .as(() -> simulation.shrunk(result).toString())
                    .isFalse();
        }
    }
}
