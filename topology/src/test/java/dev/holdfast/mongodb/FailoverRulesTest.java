package dev.holdfast.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Order;
import dev.holdfast.model.Exit;
import dev.holdfast.mongodb.Ruling.Kind;
import dev.holdfast.plan.DecisionTable;
import dev.holdfast.plan.Rule;
import dev.holdfast.plan.Rule.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FailoverRulesTest {

    @RegisterExtension
    static final DecisionTable TABLE = new DecisionTable("MongoDB: failover of a set", FailoverRules.TABLE);

    private static Decision<Ruling> saw(Decision<Ruling> decision) {
        String then = decision.then().isGo() ? "go on" : "nothing is done";
        TABLE.saw(decision, then, decision.then().exit(), decision.then().hint());
        return decision;
    }

    private static final Instant AT = Instant.ofEpochSecond(Stand.NOW + 30);
    private static final Order ASKED = new Order("", Optional.empty(), false, Set.of());
    private static final Order ACCEPTED = new Order("", Optional.empty(), true, Set.of());

    private static Order accepted(String override) {
        return new Order("", Optional.empty(), true, Set.of(override));
    }

    private static Order to(String member) {
        return new Order("", Optional.of(member), true, Set.of());
    }

    private static Decision<Ruling> decided(Order order, Optional<PastFailover> last, Stand... members) {
        List<Standing> all = Arrays.stream(members).map(Stand::seen).toList();
        FailoverCase bare =
                new FailoverCase("social/rs", all, 7, 4, List.of(), last, order, Duration.ofSeconds(10), AT);
        List<GivenUp> given = new ArrayList<>();
        Optional<Instant> wrote = Optional.of(Instant.ofEpochSecond(Stand.NOW + 2));
        bare.survivor()
                .ifPresent(s -> bare.lost()
                        .forEach(l -> given.add(GivenUp.of(l, s, new Optime(4, Stand.NOW + 1, 5), wrote, AT))));
        return saw(Rule.decide(
                FailoverRules.TABLE,
                new FailoverCase("social/rs", all, 7, 4, given, last, order, Duration.ofSeconds(10), AT)));
    }

    private static Decision<Ruling> decided(Order order, Stand... members) {
        return decided(order, Optional.empty(), members);
    }

    private static void isRefused(Decision<Ruling> decision, Exit exit, String because, String hint) {
        assertThat(decision.then().kind()).isEqualTo(Kind.REFUSED);
        assertThat(decision.because()).isEqualTo(because);
        assertThat(decision.then().hint()).contains(hint);
        assertThat(decision.then().exit()).isEqualTo(exit);
    }

    private static void isIdle(Decision<Ruling> decision, String because) {
        assertThat(decision.then().kind()).isEqualTo(Kind.NOTHING);
        assertThat(decision.because()).isEqualTo(because);
    }

    private static final String LOSS =
            "1 of 3 voters answer, needed are 2; given up would be a1 (down, last heard of at 2026-01-01T00:00:01Z"
                    + " (operation 5 of that second, term 4), wrote until 2026-01-01T00:00:02Z); b1 (down, last heard of"
                    + " at 2026-01-01T00:00:01Z (operation 5 of that second, term 4), wrote until"
                    + " 2026-01-01T00:00:02Z); c1 has everything up to 2026-01-01T00:00:00Z (operation 1 of that"
                    + " second, term 4): writes acknowledged in the 3 s after that may vanish, how many is not known,"
                    + " those of w: majority among them, because the members given up are a majority";

    @Test
    void nobody_who_knows_the_set_is_nobody_to_fail_over_to() {
        isRefused(
                decided(ACCEPTED),
                Exit.UNREACHABLE,
                "no member of social/rs answers, or none knows the set: there is nobody to fail over to",
                "holdfast apply");
    }

    @Test
    void a_primary_with_a_majority_is_left_alone() {
        isIdle(
                decided(ACCEPTED, Stand.primary("a1"), Stand.secondary("b1"), Stand.down("c1")),
                "a1 is primary of social/rs in term 4, and 2 of 3 voters answer");
    }

    @Test
    void a_primary_without_a_majority_is_waited_for() {
        isRefused(
                decided(ACCEPTED, Stand.primary("a1"), Stand.down("b1"), Stand.down("c1")),
                Exit.REFUSED,
                "a1 calls itself primary although only 1 of 3 voters answer, needed are 2",
                "within 10 s");
    }

    @Test
    void a_majority_elects_by_itself() {
        isIdle(
                decided(ACCEPTED, Stand.down("a1"), Stand.secondary("b1"), Stand.secondary("c1")),
                "2 of 3 voters answer, which is a majority: they elect a primary within about 10 s by themselves");
    }

    @Test
    void silence_is_not_death() {
        isRefused(
                decided(ACCEPTED, Stand.silent("a1"), Stand.silent("b1"), Stand.secondary("c1")),
                Exit.UNREACHABLE,
                "a1, b1 are silent, which is not dead: 2 of 3 voters could have a primary of their own, needed for that"
                        + " are 2",
                "--override=silent");
    }

    @Test
    void one_silent_member_is_no_majority_and_the_loss_counts_up_to_now() {
        Decision<Ruling> decision = decided(ACCEPTED, Stand.silent("a1"), Stand.down("b1"), Stand.secondary("c1"));
        assertThat(decision.then().isGo()).isTrue();
        assertThat(decision.because()).contains("a1 (silent, last heard of").contains("in the 30 s after that");
    }

    @Test
    void the_silent_are_given_up_when_a_person_vouches_for_it() {
        assertThat(decided(accepted("silent"), Stand.silent("a1"), Stand.silent("b1"), Stand.secondary("c1"))
                        .then()
                        .isGo())
                .isTrue();
    }

    @Test
    void a_member_that_cannot_be_primary_is_refused() {
        isRefused(
                decided(
                        to("c1"),
                        Stand.down("a1"),
                        Stand.down("b1"),
                        Stand.secondary("c1").with("priority", 0.0)),
                Exit.REFUSED,
                "c1 is no member that answers, is secondary and has a priority above 0; those that answer: [c1"
                        + " (secondary, priority 0, 0 s behind)]",
                "leave out --to");
    }

    @Test
    void without_a_survivor_that_can_be_primary_it_is_refused() {
        isRefused(
                decided(ACCEPTED, Stand.down("a1"), Stand.down("b1"), Stand.in("c1", "recovering")),
                Exit.REFUSED,
                "no member that answers is secondary and has a priority above 0; those that answer: [c1 (recovering,"
                        + " priority 1, 0 s behind)]",
                "holdfast apply");
    }

    @Test
    void the_member_that_has_most_is_taken_or_nobody() {
        isRefused(
                decided(
                        to("d1"),
                        Stand.down("a1"),
                        Stand.down("b1"),
                        Stand.down("c1"),
                        Stand.secondary("d1").lag(3),
                        Stand.secondary("e1")),
                Exit.REFUSED,
                "d1 has everything up to 2025-12-31T23:59:57Z (operation 1 of that second, term 4), but e1 up to"
                        + " 2026-01-01T00:00:00Z (operation 1 of that second, term 4)",
                "takes the member that has most");
    }

    @Test
    void a_second_one_within_the_hour_is_asked_for_twice() {
        PastFailover last = new PastFailover(AT.minusSeconds(600), 6, "c1");
        Stand[] seen = {Stand.down("a1"), Stand.down("b1"), Stand.secondary("c1")};
        isRefused(
                decided(ACCEPTED, Optional.of(last), seen),
                Exit.REFUSED,
                "the last forced failover, to c1, was at 2025-12-31T23:50:30Z, less than 60 minutes ago",
                "--override=again");
        assertThat(decided(accepted("again"), Optional.of(last), seen).then().isGo())
                .isTrue();
    }

    @Test
    void one_that_was_cut_off_in_the_middle_is_taken_up() {
        PastFailover same = new PastFailover(AT.minusSeconds(600), 7, "c1");
        assertThat(decided(ACCEPTED, Optional.of(same), Stand.down("a1"), Stand.down("b1"), Stand.secondary("c1"))
                        .then()
                        .isGo())
                .isTrue();
    }

    @Test
    void what_may_be_lost_is_told_and_must_be_accepted() {
        isRefused(
                decided(ASKED, Stand.down("a1"), Stand.down("b1"), Stand.secondary("c1")),
                Exit.WOULD_LOSE_DATA,
                LOSS,
                "holdfast apply starts those that are down");
    }

    @Test
    void with_the_loss_accepted_it_goes() {
        Decision<Ruling> decision = decided(ACCEPTED, Stand.down("a1"), Stand.down("b1"), Stand.secondary("c1"));
        assertThat(decision.then().isGo()).isTrue();
        assertThat(decision.because()).isEqualTo(LOSS);
    }

    @Test
    void a_past_failover_is_read_as_it_was_written() {
        PastFailover past = new PastFailover(AT, 7, "c1");
        assertThat(past.line()).isEqualTo("2026-01-01T00:00:30Z forced failover to c1 from configuration 7");
        assertThat(PastFailover.read(past.line())).isEqualTo(past);
    }
}
