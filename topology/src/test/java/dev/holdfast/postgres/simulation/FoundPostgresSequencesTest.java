package dev.holdfast.postgres.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.postgres.topology.Durability;
import dev.holdfast.simulation.SimulatedEvent;
import dev.holdfast.simulation.SimulatedEvent.Kind;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.Simulation.Result;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The smallest sequences that once violated an invariant, each with the fault that it has shown. */
@Tag("unit")
class FoundPostgresSequencesTest {

    private static void holds(Durability durability, boolean isWide, SimulatedEvent... events) {
        Result result =
                new Simulation<>(new SimulatedPostgres()).run(PostgresSequence.found(durability, isWide, events));
        assertThat(result.isViolated()).as(result.toString()).isFalse();
    }

    private static SimulatedEvent happens(Kind kind, String member) {
        return SimulatedEvent.of(kind, member);
    }

    private static SimulatedEvent holdfast(String command) {
        return SimulatedEvent.command(command);
    }

    /** A member that a person promoted became the primary, and the acknowledged commits of the real one were discarded. */
    @Test
    void a_stray_primary_does_not_outlive_the_commits_of_the_primary_that_ended() {
        for (Durability durability : Durability.values()) {
            holds(
                    durability,
                    true,
                    happens(Kind.PROMOTE, "d1"),
                    happens(Kind.WRITE, "a1"),
                    happens(Kind.KILL, "a1"),
                    holdfast("rejoin payments/servers/a1"));
            holds(
                    durability,
                    true,
                    happens(Kind.PROMOTE, "d1"),
                    happens(Kind.WRITE, "a1"),
                    happens(Kind.WIPE, "a1"),
                    holdfast("rejoin payments/servers/b1"));
        }
    }

    /** The WAL of only one of them was compared with that of the candidate. */
    @Test
    void of_two_members_that_stopped_as_primary_both_can_have_acknowledged_commits() {
        holds(
                Durability.FAST,
                true,
                happens(Kind.STALL, "c1"),
                happens(Kind.PROMOTE, "b1"),
                happens(Kind.KILL, "b1"),
                happens(Kind.WRITE, "a1"),
                happens(Kind.KILL, "a1"),
                holdfast("failover payments"));
    }

    /** The fence names the candidate of an earlier, interrupted failover. */
    @Test
    void a_fenced_primary_is_overtaken_by_the_one_that_the_history_names() {
        holds(
                Durability.FAST,
                true,
                happens(Kind.STOP, "d1"),
                happens(Kind.KILL, "a1"),
                SimulatedEvent.killed("failover payments", 3),
                happens(Kind.STOP, "b1"),
                holdfast("failover payments"),
                happens(Kind.WRITE, "c1"),
                happens(Kind.WIPE, "c1"),
                holdfast("failover payments --to a1"));
    }

    /** The history on the other hosts names the primary that is gone, and the standbys never followed it. */
    @Test
    void apply_starts_no_primary_that_the_history_shows_as_replaced() {
        holds(
                Durability.FAST,
                false,
                happens(Kind.STOP, "d1"),
                happens(Kind.POWER_OFF, "a1"),
                holdfast("failover payments --override=fenced-by-hand --accept-data-loss"),
                happens(Kind.WRITE, "b1"),
                happens(Kind.WIPE, "b1"),
                happens(Kind.POWER_ON, "a1"),
                holdfast("apply"));
    }

    /** Its value hid the synchronous standbys that it gets before its promotion, so no failover ended. */
    @Test
    void alter_system_on_a_standby_does_not_prevent_its_promotion() {
        holds(Durability.PROTECT, false, happens(Kind.WIPE, "a1"), happens(Kind.ALTER, "b1"));
    }

    /** The timeline of a server that hangs is unknown, and counted as older than all others. */
    @Test
    void apply_starts_no_primary_while_another_one_hangs() {
        holds(
                Durability.AVAILABLE,
                true,
                happens(Kind.PROMOTE, "c1"),
                happens(Kind.KILL, "a1"),
                happens(Kind.FREEZE, "c1"));
    }

    /** It was not fenced, because only the lost primary was. */
    @Test
    void a_failover_fences_every_primary_that_hangs() {
        holds(
                Durability.AVAILABLE,
                false,
                happens(Kind.PROMOTE, "d1"),
                happens(Kind.POWER_OFF, "a1"),
                happens(Kind.FREEZE, "d1"),
                holdfast("failover payments --override=fenced-by-hand --accept-data-loss"));
    }

    /** The port of the member that a person has promoted was cut off from Holdfast only. */
    @Test
    void a_switchover_does_not_start_while_another_member_can_be_primary() {
        PostgresSequence sequence = PostgresSequence.found(
                Durability.PROTECT,
                true,
                happens(Kind.PROMOTE, "d1"),
                happens(Kind.CUT_PORT, "d1"),
                holdfast("switchover payments"));
        Result result = new Simulation<>(new SimulatedPostgres()).run(sequence.withDirectClients());
        assertThat(result.isViolated()).as(result.toString()).isFalse();
    }

    /** The host of the recorded primary did not answer, or its process, and so the promoted member counted as the only primary. */
    @Test
    void a_stray_primary_is_not_recorded_while_the_primary_before_it_is_not_observed() {
        for (Kind unseen : List.of(Kind.CUT_FROM_CLI, Kind.FREEZE)) {
            for (String command : List.of("apply", "failover payments", "rejoin payments/servers/b1")) {
                holds(Durability.PROTECT, true, happens(unseen, "a1"), happens(Kind.PROMOTE, "d1"), holdfast(command));
            }
        }
    }

    /** Both had stopped as primary, and each command named another one that refused. */
    @Test
    void a_new_primary_that_stops_before_the_end_of_a_switchover_is_started_again() {
        holds(
                Durability.PROTECT,
                false,
                SimulatedEvent.killed("switchover payments", 10),
                happens(Kind.KILL, "b1"),
                holdfast("apply"));
    }

    /** A switchover stopped a1 for b1, a person promoted d1, and all have stopped as primary or before their promotion. */
    @Test
    void members_that_stopped_as_primary_for_different_candidates_have_a_way_out() {
        for (int changes = 6; changes < 14; changes += 2) {
            for (String command : List.of("apply", "switchover payments")) {
                holds(
                        Durability.PROTECT,
                        false,
                        SimulatedEvent.killed("switchover payments", changes),
                        happens(Kind.KILL, "b1"),
                        happens(Kind.PROMOTE, "d1"),
                        happens(Kind.KILL, "d1"),
                        happens(Kind.KILL, "a1"),
                        holdfast(command));
            }
        }
    }
}
