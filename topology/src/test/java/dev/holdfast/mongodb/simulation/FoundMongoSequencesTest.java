package dev.holdfast.mongodb.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.mongodb.simulation.MongoSequence.Layout;
import dev.holdfast.simulation.SimulatedEvent;
import dev.holdfast.simulation.SimulatedEvent.Kind;
import dev.holdfast.simulation.Simulation;
import dev.holdfast.simulation.Simulation.Result;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The smallest sequences that once violated an invariant, each with the fault that it has shown. */
@Tag("unit")
class FoundMongoSequencesTest {

    private static final int ALONE = 0;

    private static void holds(MongoSequence sequence) {
        Result result = new Simulation<>(new SimulatedMongo()).run(sequence);
        assertThat(result.isViolated()).as(result.toString()).isFalse();
    }

    private static void holds(Layout layout, SimulatedEvent... events) {
        holds(MongoSequence.found(layout, events));
    }

    private static SimulatedEvent happens(Kind kind, String member) {
        return SimulatedEvent.of(kind, member);
    }

    private static SimulatedEvent holdfast(String command) {
        return SimulatedEvent.command(command);
    }

    /** Its configuration had a later term than the forced one, and replaced it. */
    @Test
    void a_member_with_a_later_term_does_not_take_over_the_set_that_it_rejoins() {
        holds(MongoFaults.partedWhileOthersElect());
    }

    /** Apply waited for an election, failover reported that one follows, and neither named the other. */
    @Test
    void a_configuration_in_which_no_member_can_be_primary_has_a_way_out() {
        holds(Layout.PASSIVE, SimulatedEvent.of(Kind.FORCE, "c1", ALONE));
    }

    /** Apply waited for hours until all members were healthy, without a word about a failover. */
    @Test
    void a_set_whose_only_configured_member_is_fenced_has_a_way_out() {
        holds(
                Layout.THREE,
                SimulatedEvent.of(Kind.FORCE, "a1", ALONE),
                happens(Kind.KILL, "a1"),
                SimulatedEvent.killed("failover social/rs --override=others-silent --accept-data-loss", 1));
    }

    /** The member ended each time that apply had started it, and apply ended with exit 0. */
    @Test
    void a_member_that_would_have_to_roll_back_a_committed_operation_has_a_way_out() {
        holds(
                Layout.THREE,
                happens(Kind.ISOLATE, "a1"),
                happens(Kind.TIME, "b1"),
                SimulatedEvent.of(Kind.FORCE, "a1", ALONE));
    }

    /** The rejoin stopped the stray primary, and then refused because a stopped member cannot be compared. */
    @Test
    void a_rejoin_with_consent_continues_after_it_has_stopped_the_member() {
        holds(
                Layout.THREE,
                happens(Kind.ISOLATE, "a1"),
                happens(Kind.TIME, "b1"),
                SimulatedEvent.of(Kind.FORCE, "b1", ALONE),
                SimulatedEvent.of(Kind.FORCE, "a1", ALONE),
                happens(Kind.WRITE, "a1"));
    }
}
