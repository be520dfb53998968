package dev.holdfast.postgres.simulation;

import dev.holdfast.postgres.topology.Durability;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All of {@link InterruptedSequences} in which one candidate is lost, and each fifth in which two are. */
@Tag("long")
class InterruptedRoleChangesLongTest {

    @ParameterizedTest
    @EnumSource
    void every_invariant_holds_after_interrupted_role_changes(Durability durability) {
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
