package dev.holdfast.mongodb.rolechange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.drill.DrillGroup;
import dev.holdfast.drill.DrillRoleChanges;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.ExitCode;
import dev.holdfast.mongodb.Stand;
import dev.holdfast.mongodb.rolechange.RoleChangeDecision.Kind;
import dev.holdfast.mongodb.state.FailoverRecord;
import dev.holdfast.mongodb.state.OplogDivergence;
import dev.holdfast.mongodb.state.PeerObservation;
import dev.holdfast.mongodb.value.OpTime;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.plan.DecisionTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("unit")
class FailoverDecisionTest {

    @RegisterExtension
    static final DecisionTable TABLE = new DecisionTable("MongoDB: failover of a set", FailoverDecision.TABLE);

    private static Decision<RoleChangeDecision> recorded(Decision<RoleChangeDecision> decision) {
        String then = decision.then().isGo() ? "go on" : "nothing is done";
        TABLE.recordRow(decision, then, decision.then().exit(), decision.then().hint());
        return decision;
    }

    private static final Instant AT = Instant.ofEpochSecond(Stand.NOW + 30);
    private static final RoleChangeRequest ASKED = new RoleChangeRequest("", Optional.empty(), false, Set.of());
    private static final RoleChangeRequest ACCEPTED = new RoleChangeRequest("", Optional.empty(), true, Set.of());

    private static RoleChangeRequest accepted(String override) {
        return new RoleChangeRequest("", Optional.empty(), true, Set.of(override));
    }

    private static RoleChangeRequest to(String member) {
        return new RoleChangeRequest("", Optional.of(member), true, Set.of());
    }

    private static Decision<RoleChangeDecision> decided(
            RoleChangeRequest request, Optional<FailoverRecord> last, Stand... members) {
        return decided(request, last, List.of(), members);
    }

    private static Decision<RoleChangeDecision> decided(
            RoleChangeRequest request, Optional<FailoverRecord> last, List<PeerObservation> state, Stand... members) {
        return decided(request, last, state, List.of(), members);
    }

    private static Decision<RoleChangeDecision> decided(
            RoleChangeRequest request,
            Optional<FailoverRecord> last,
            List<PeerObservation> state,
            List<OplogDivergence> divergences,
            Stand... members) {
        List<MemberStanding> every = Arrays.stream(members).map(Stand::standing).toList();
        List<MemberStanding> all =
                every.stream().filter(MemberStanding::isMember).toList();
        List<MemberStanding> outside = every.stream().filter(m -> !m.isMember()).toList();
        Duration timeout = Duration.ofSeconds(10);
        FailoverFacts bare = new FailoverFacts(
                "social/rs",
                all,
                7,
                4,
                List.of(),
                state,
                last,
                request,
                timeout,
                AT,
                List.of(),
                List.of(),
                outside,
                divergences);
        List<AbandonedMember> given = new ArrayList<>();
        Optional<Instant> wrote = Optional.of(Instant.ofEpochSecond(Stand.NOW + 2));
        bare.survivor()
                .ifPresent(s -> bare.lost()
                        .forEach(l -> given.add(AbandonedMember.of(l, s, new OpTime(4, Stand.NOW + 1, 5), wrote, AT))));
        return recorded(DecisionRule.decide(
                FailoverDecision.TABLE,
                new FailoverFacts(
                        "social/rs",
                        all,
                        7,
                        4,
                        given,
                        state,
                        last,
                        request,
                        timeout,
                        AT,
                        List.of(),
                        List.of(),
                        outside,
                        divergences)));
    }

    private static Decision<RoleChangeDecision> decided(RoleChangeRequest request, Stand... members) {
        return decided(request, Optional.empty(), members);
    }

    private static void isRefused(Decision<RoleChangeDecision> decision, ExitCode exit, String because, String hint) {
        assertThat(decision.then().kind()).isEqualTo(Kind.REFUSED);
        assertThat(decision.because()).isEqualTo(because);
        assertThat(decision.then().hint()).contains(hint);
        assertThat(decision.then().exit()).isEqualTo(exit);
    }

    @Test
    void a_primary_by_the_vote_of_a_member_without_data_can_lack_acknowledged_writes() {
        isRefused(
                decided(ASKED, Stand.primary("a1"), Stand.in("b1", "startup2"), Stand.down("c1")),
                ExitCode.WOULD_LOSE_DATA,
                "a1 is primary of social/rs in term 4, and 2 of 3 voters answer (b1 without all data): c1 can have acknowledged writes that the primary lacks",
                "holdfast apply removes stopped members from the configuration");
        isIdle(
                decided(ASKED, Stand.primary("a1"), Stand.in("b1", "startup2"), Stand.secondary("c1")),
                "a1 is primary of social/rs in term 4, and 3 of 3 voters answer (b1 without all data)");
    }

    private static void isIdle(Decision<RoleChangeDecision> decision, String because) {
        assertThat(decision.then().kind()).isEqualTo(Kind.NOTHING);
        assertThat(decision.because()).isEqualTo(because);
    }

    private static Decision<RoleChangeDecision> givenUp(RoleChangeRequest request, String... unheard) {
        List<dev.holdfast.model.Node> fenced = List.of(
                Stand.down("b1").standing().node(), Stand.down("c1").standing().node());
        Optional<FailoverRecord> last = Optional.of(new FailoverRecord(AT, 7, "a1", FailoverRecord.UNKNOWN));
        return recorded(DecisionRule.decide(
                FailoverDecision.TABLE,
                new FailoverFacts(
                        "social/rs",
                        List.of(),
                        0,
                        0,
                        List.of(),
                        List.of(),
                        last,
                        request,
                        Duration.ofSeconds(10),
                        AT,
                        fenced,
                        Arrays.stream(unheard)
                                .map(n -> Stand.down(n).standing().node())
                                .toList(),
                        List.of(),
                        List.of())));
    }

    @Test
    void members_that_were_given_up_are_started_when_nothing_is_left_of_the_survivors() {
        isRefused(
                givenUp(ASKED),
                ExitCode.WOULD_LOSE_DATA,
                "every member of social/rs with data is fenced; b1, c1 have the data from before a forced failover, at "
                        + AT + ": all later writes are lost",
                "holdfast failover social/rs --accept-data-loss");
        assertThat(givenUp(ACCEPTED).then().kind()).isEqualTo(Kind.GO);
    }

    @Test
    void members_that_were_given_up_stay_fenced_while_the_host_of_the_survivor_does_not_answer() {
        isRefused(
                givenUp(accepted("others-silent"), "a1"),
                ExitCode.UNREACHABLE,
                "the host of a1 does not answer, and a1 can have all later writes; b1, c1 have the data from before a"
                        + " forced failover, at " + AT,
                "if that host is lost for good, declare the member on another host, then holdfast failover social/rs"
                        + " --accept-data-loss");
    }

    private static final String LOSS =
            "1 of 3 voters answer; a majority is 2; the failover leaves behind a1 (down, last observed at 2026-01-01T00:00:01Z"
                    + " (operation 5 of that second, term 4), last write at 2026-01-01T00:00:02Z); b1 (down, last observed"
                    + " at 2026-01-01T00:00:01Z (operation 5 of that second, term 4), last write at"
                    + " 2026-01-01T00:00:02Z); c1 has everything up to 2026-01-01T00:00:00Z (operation 1 of that"
                    + " second, term 4): writes acknowledged in the 3 s after that can be lost. Their number is unknown, and writes with w: majority can be among them";

    @Test
    void without_a_member_that_knows_the_set_there_is_no_candidate() {
        isRefused(
                decided(ACCEPTED),
                ExitCode.UNREACHABLE,
                "no member of social/rs answers and accepts the login",
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
                ExitCode.REFUSED,
                "a1 reports itself as primary although only 1 of 3 voters answer; a majority is 2",
                "within 10 s");
    }

    @Test
    void a_majority_elects_by_itself() {
        isIdle(
                decided(ACCEPTED, Stand.down("a1"), Stand.secondary("b1"), Stand.secondary("c1")),
                "2 of 3 voters answer, which is a majority: these voters elect a primary within about 10 s");
    }

    @Test
    void an_elected_member_that_accepts_no_writes_yet_is_named() {
        isIdle(
                decided(ACCEPTED, Stand.down("a1"), Stand.in("b1", "catch-up"), Stand.secondary("c1")),
                "b1 is elected primary of social/rs, and 2 of 3 voters answer: it accepts writes after it has fetched the writes of the other members");
    }

    @Test
    void a_catch_up_that_does_not_end_is_named_with_the_command_that_ends_it() {
        isRefused(
                decided(ASKED, Stand.in("b1", "catch-up").endless(45)),
                ExitCode.REFUSED,
                "b1 was elected 45 s ago, accepts no write, and fetches from no member: the catch-up does not end",
                "holdfast apply ends the catch-up, and then b1 accepts writes");
    }

    @Test
    void a_catch_up_without_a_majority_is_no_election() {
        isRefused(
                decided(ASKED, Stand.down("a1"), Stand.in("b1", "catch-up").endless(45), Stand.down("c1")),
                ExitCode.REFUSED,
                "no secondary with a priority above 0 answers; members that answer: [b1 (catch-up, priority 1, 0 s"
                        + " behind)]",
                "holdfast apply");
    }

    @Test
    void silence_is_not_death() {
        isRefused(
                decided(ACCEPTED, Stand.silent("a1"), Stand.silent("b1"), Stand.secondary("c1")),
                ExitCode.UNREACHABLE,
                "a1, b1 are unreachable and possibly run: 2 of 3 voters could elect a primary of their own; a majority is 2",
                "--override=others-silent");
    }

    @Test
    void one_silent_member_is_no_majority_and_the_loss_counts_up_to_now() {
        Decision<RoleChangeDecision> decision =
                decided(ACCEPTED, Stand.silent("a1"), Stand.down("b1"), Stand.secondary("c1"));
        assertThat(decision.then().isGo()).isTrue();
        assertThat(decision.because())
                .contains("a1 (unreachable, last observed")
                .contains("in the 30 s after that");
    }

    @Test
    void the_silent_are_given_up_when_a_person_confirms_it() {
        assertThat(decided(accepted("others-silent"), Stand.silent("a1"), Stand.silent("b1"), Stand.secondary("c1"))
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
                ExitCode.REFUSED,
                "c1 is not a secondary that answers and has a priority above 0; members that answer: [c1"
                        + " (secondary, priority 0, 0 s behind)]",
                "omit --to");
    }

    @Test
    void without_a_survivor_that_can_be_primary_it_is_refused() {
        isRefused(
                decided(ACCEPTED, Stand.down("a1"), Stand.down("b1"), Stand.in("c1", "recovering")),
                ExitCode.REFUSED,
                "no secondary with a priority above 0 answers; members that answer: [c1 (recovering,"
                        + " priority 1, 0 s behind)]",
                "holdfast apply");
    }

    @Test
    void the_member_that_has_most_is_taken_or_none() {
        isRefused(
                decided(
                        to("d1"),
                        Stand.down("a1"),
                        Stand.down("b1"),
                        Stand.down("c1"),
                        Stand.secondary("d1").lag(3),
                        Stand.secondary("e1")),
                ExitCode.REFUSED,
                "d1 has everything up to 2025-12-31T23:59:57Z (operation 1 of that second, term 4), but e1 has everything up to"
                        + " 2026-01-01T00:00:00Z (operation 1 of that second, term 4)",
                "chooses the most advanced member");
    }

    @Test
    void a_second_one_within_the_hour_is_asked_for_twice() {
        FailoverRecord last = new FailoverRecord(AT.minusSeconds(600), 6, "c1", FailoverRecord.UNKNOWN);
        Stand[] state = {Stand.down("a1"), Stand.down("b1"), Stand.secondary("c1")};
        isRefused(
                decided(ACCEPTED, Optional.of(last), state),
                ExitCode.REFUSED,
                "the last forced failover, to c1, was at 2025-12-31T23:50:30Z, less than 60 minutes ago",
                "--override=failover-again");
        assertThat(decided(accepted("failover-again"), Optional.of(last), state)
                        .then()
                        .isGo())
                .isTrue();
        DrillGroup drillGroup = new DrillGroup(null, null, null, "rs");
        RoleChangeRequest drill = DrillRoleChanges.request(drillGroup, Optional.empty(), true);
        assertThat(decided(drill, Optional.of(last), state).then().isGo())
                .as("a drill's failover after another drill's failover")
                .isTrue();
    }

    @Test
    void one_that_was_cut_off_in_the_middle_is_taken_up() {
        FailoverRecord same = new FailoverRecord(AT.minusSeconds(600), 7, "c1", FailoverRecord.UNKNOWN);
        assertThat(decided(ACCEPTED, Optional.of(same), Stand.down("a1"), Stand.down("b1"), Stand.secondary("c1"))
                        .then()
                        .isGo())
                .isTrue();
    }

    @Test
    void what_may_be_lost_is_reported_and_must_be_accepted() {
        isRefused(
                decided(ASKED, Stand.down("a1"), Stand.down("b1"), Stand.secondary("c1")),
                ExitCode.WOULD_LOSE_DATA,
                LOSS,
                "holdfast apply starts stopped members");
    }

    @Test
    void with_the_loss_accepted_it_goes() {
        Decision<RoleChangeDecision> decision =
                decided(ACCEPTED, Stand.down("a1"), Stand.down("b1"), Stand.secondary("c1"));
        assertThat(decision.then().isGo()).isTrue();
        assertThat(decision.because()).isEqualTo(LOSS);
    }

    @Test
    void a_past_failover_is_read_as_it_was_written() {
        FailoverRecord past = new FailoverRecord(AT, 7, "c1", FailoverRecord.UNKNOWN);
        assertThat(past.line()).isEqualTo("2026-01-01T00:00:30Z forced failover to c1 from configuration 7");
        assertThat(FailoverRecord.read(past.line())).isEqualTo(past);
    }

    private static final OpTime FORK = new OpTime(3, Stand.NOW - 60, 2);

    private static OplogDivergence divergence(String member, String primary) {
        MemberStanding mine = Stand.in(member, "removed").standing();
        return new OplogDivergence(
                mine.node(), Stand.primary(primary).standing().node(), FORK, 310, 47, mine.applied(), false, "");
    }

    @Test
    void two_histories_are_reported_with_both_counts_and_both_commands() {
        Stand[] members = {Stand.primary("b1"), Stand.in("a1", "removed").undeclared()};
        List<OplogDivergence> divergences = List.of(divergence("a1", "b1"));
        String message =
                "a1 has 310 changes up to 2026-01-01T00:00:00Z (operation 1 of that second, term 4) that b1 lacks, and"
                        + " b1 has 47 changes that a1 lacks; the last common operation is 2025-12-31T23:59:00Z (operation 2 of that"
                        + " second, term 3)";
        Decision<RoleChangeDecision> asked = decided(ACCEPTED, Optional.empty(), List.of(), divergences, members);
        isRefused(
                asked,
                ExitCode.WOULD_LOSE_DATA,
                message + "; acknowledged writes can be on both sides",
                "holdfast rejoin social/rs/a1 --accept-data-loss");
        assertThat(asked.then().hint()).contains("holdfast failover social/rs --to a1 --accept-data-loss");

        RoleChangeRequest chosen = new RoleChangeRequest("", Optional.of("a1"), false, Set.of());
        Decision<RoleChangeDecision> named = decided(chosen, Optional.empty(), List.of(), divergences, members);
        assertThat(named.then().exit()).isEqualTo(ExitCode.WOULD_LOSE_DATA);
        assertThat(named.because()).startsWith(message + "; the failover leaves behind b1 (primary");
        assertThat(named.then().hint()).endsWith("holdfast failover social/rs --to a1 --accept-data-loss");
        assertThat(decided(to("a1"), Optional.empty(), List.of(), divergences, members)
                        .then()
                        .isGo())
                .isTrue();
    }

    @Test
    void a_member_that_is_left_out_and_has_nothing_of_its_own_is_added_by_apply() {
        isRefused(
                decided(to("a1"), Stand.primary("b1"), Stand.in("a1", "removed").undeclared()),
                ExitCode.REFUSED,
                "a1 is not in the configuration of social/rs, and b1 has all changes of that member",
                "holdfast apply");
    }

    @Test
    void members_that_are_left_out_are_the_way_on_when_no_other_can_be_primary() {
        Stand[] members = {
            Stand.down("b1"),
            Stand.in("a1", "removed").undeclared(),
            Stand.in("c1", "removed").undeclared()
        };
        Decision<RoleChangeDecision> asked = decided(ASKED, members);
        assertThat(asked.then().exit()).isEqualTo(ExitCode.WOULD_LOSE_DATA);
        assertThat(asked.because())
                .startsWith("a1, c1 answer and are not in the configuration; the failover leaves behind b1");
        assertThat(decided(ACCEPTED, members).then().isGo()).isTrue();
        isRefused(
                decided(ACCEPTED, Stand.silent("b1"), Stand.in("a1", "removed").undeclared()),
                ExitCode.UNREACHABLE,
                "b1 are unreachable and possibly run: 1 of 1 voters could elect a primary of their own; a majority is 1",
                "--override=others-silent");
    }

    private static PeerObservation peer(String node, String member, boolean primary) {
        return new PeerObservation(node, member + ":27017", primary);
    }

    @Test
    void a_primary_that_only_this_machine_does_not_reach_is_not_lost() {
        Stand[] members = {Stand.silent("a1"), Stand.secondary("b1"), Stand.secondary("c1")};
        isRefused(
                decided(ASKED, Optional.empty(), List.of(peer("b1", "a1", true), peer("c1", "a1", true)), members),
                ExitCode.REFUSED,
                "a1:27017 is primary for b1, c1: only this host does not reach the primary",
                "make the primary reachable from here");
    }

    @Test
    void a_member_that_others_see_at_work_is_never_given_up() {
        Stand[] members = {Stand.silent("a1"), Stand.silent("b1"), Stand.secondary("c1")};
        List<PeerObservation> state = List.of(peer("c1", "b1", false), peer("router r1", "b1", false));
        for (RoleChangeRequest request : List.of(ASKED, ACCEPTED, accepted("others-silent"))) {
            isRefused(
                    decided(request, Optional.empty(), state, members),
                    ExitCode.REFUSED,
                    "b1:27017 is healthy for c1, router r1, so this member does not count as lost",
                    "make the member reachable from here");
        }
    }

    @Test
    void a_voter_without_data_is_no_part_of_a_majority() {
        Decision<RoleChangeDecision> decision = decided(
                ASKED,
                Stand.silent("a1"),
                Stand.in("b1", "startup2"),
                Stand.secondary("c1").lag(20));
        assertThat(decision.then().exit()).isEqualTo(ExitCode.WOULD_LOSE_DATA);
        assertThat(decision.because()).contains("2 of 3 voters answer (b1 without all data); a majority is 2");
    }
}
