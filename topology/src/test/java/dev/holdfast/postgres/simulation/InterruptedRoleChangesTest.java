package dev.holdfast.postgres.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.postgres.topology.Durability;
import dev.holdfast.simulation.SimulatedEvent.Kind;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.Simulation.Result;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The invariants of {@link PostgresJudge} in {@link InterruptedSequences}; {@link InterruptedRoleChangesLongTest} runs more. */
@Tag("unit")
class InterruptedRoleChangesTest {

    static void holds(Stream<PostgresSequence> sequences) {
        List<Result> violated = sequences
                .map(new Simulation<>(new SimulatedPostgres())::run)
                .filter(Result::isViolated)
                .toList();
        assertThat(violated).as(() -> violated.size() + " sequences").isEmpty();
    }

    @Test
    void a_candidate_that_is_lost_can_have_been_promoted() {
        holds(InterruptedSequences.candidateLost(
                Durability.FAST,
                InterruptedSequences.FIRST,
                List.of(Kind.WIPE, Kind.CUT_FROM_CLI),
                List.of("switchover payments", "failover payments --to d1")));
    }

    @Test
    void so_can_another_one_that_the_operator_has_named() {
        holds(InterruptedSequences.every(
                197,
                InterruptedSequences.bothLost(
                        Durability.FAST,
                        InterruptedSequences.FIRST,
                        InterruptedSequences.FATES,
                        InterruptedSequences.NEXT)));
    }
}
