package dev.holdfast.mongodb.rolechange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.ExitCode;
import dev.holdfast.mongodb.Stand;
import dev.holdfast.mongodb.rolechange.RoleChangeDecision.Kind;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.plan.DecisionTable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("unit")
class SwitchoverDecisionTest {

    @RegisterExtension
    static final DecisionTable TABLE = new DecisionTable("MongoDB: switchover", SwitchoverDecision.TABLE);

    private static Decision<RoleChangeDecision> recorded(Decision<RoleChangeDecision> decision) {
        String then = decision.then().isGo() ? "go on" : "nothing is done";
        TABLE.recordRow(decision, then, decision.then().exit(), decision.then().hint());
        return decision;
    }

    private static SwitchoverFacts state(String to, Set<String> overrides, Stand... members) {
        List<MemberStanding> all = Arrays.stream(members).map(Stand::standing).toList();
        return new SwitchoverFacts("social/rs", all, Optional.ofNullable(to), overrides, 4);
    }

    private static Decision<RoleChangeDecision> decided(String to, Stand... members) {
        return recorded(DecisionRule.decide(SwitchoverDecision.TABLE, state(to, Set.of(), members)));
    }

    private static void isRefused(Decision<RoleChangeDecision> decision, ExitCode exit, String because, String hint) {
        assertThat(decision.then().kind()).isEqualTo(Kind.REFUSED);
        assertThat(decision.because()).isEqualTo(because);
        assertThat(decision.then().hint()).contains(hint);
        assertThat(decision.then().exit()).isEqualTo(exit);
    }

    private static void isRefused(Decision<RoleChangeDecision> decision, String because, String hint) {
        isRefused(decision, ExitCode.REFUSED, because, hint);
    }

    private static void goes(Decision<RoleChangeDecision> decision, String because) {
        assertThat(decision.then().kind()).isEqualTo(Kind.GO);
        assertThat(decision.because()).isEqualTo(because);
    }

    @Test
    void a_healthy_secondary_takes_over() {
        goes(
                decided("b1", Stand.primary("a1"), Stand.secondary("b1").lag(1), Stand.secondary("c1")),
                "a1 is primary in term 4, 3 of 3 voters answer, and b1 (secondary, priority 1, 1 s behind) can become primary");
    }

    @Test
    void a_voter_without_data_is_no_part_of_a_majority() {
        isRefused(
                decided("a1", Stand.secondary("a1"), Stand.in("b1", "startup2"), Stand.down("c1")),
                "1 of 3 voters answer and have data; a majority is 2",
                "holdfast failover social/rs reports the loss without the other members");
    }

    @Test
    void a_set_that_is_not_there_is_refused() {
        isRefused(
                decided(null, Stand.down("a1").undeclared()),
                "social/rs does not exist",
                "holdfast apply creates the replica set");
    }

    @Test
    void a_name_that_is_no_member_is_refused_with_the_names_that_are() {
        isRefused(
                decided("x9", Stand.primary("a1"), Stand.secondary("b1")),
                ExitCode.USAGE,
                "x9 is not a member of social/rs; its members are a1, b1",
                "--to");
    }

    @Test
    void who_is_primary_already_is_left_alone() {
        Decision<RoleChangeDecision> decision = decided("a1", Stand.primary("a1"), Stand.secondary("b1"));
        assertThat(decision.then().kind()).isEqualTo(Kind.NOTHING);
        assertThat(decision.because()).isEqualTo("a1 is primary of social/rs in term 4");
    }

    @Test
    void without_a_majority_it_is_refused() {
        isRefused(
                decided("b1", Stand.secondary("b1"), Stand.down("a1"), Stand.silent("c1")),
                "1 of 3 voters answer; a majority is 2",
                "holdfast failover social/rs");
    }

    @Test
    void without_a_majority_because_members_are_full_the_sessions_are_the_way_out() {
        Stand full = Stand.silent("c1").remedy("end client sessions of c1");
        isRefused(
                decided("b1", Stand.secondary("b1"), Stand.down("a1"), full),
                "1 of 3 voters answer; a majority is 2",
                "end client sessions of c1, then run holdfast switchover social/rs again");
    }

    @Test
    void without_a_candidate_every_member_is_named() {
        isRefused(
                decided(
                        null,
                        Stand.primary("a1"),
                        Stand.secondary("b1").lag(11),
                        Stand.secondary("c1").with("priority", 0.0)),
                "no other member can become primary: [a1 (primary, priority 1, 0 s behind), b1 (secondary, priority 1, 11 s"
                        + " behind), c1 (secondary, priority 0, 0 s behind)]",
                "at most 10 s behind");
    }

    @Test
    void a_silent_candidate_is_refused() {
        isRefused(
                decided("b1", Stand.primary("a1"), Stand.silent("b1"), Stand.secondary("c1")),
                ExitCode.UNREACHABLE,
                "b1 does not answer",
                "holdfast status");
    }

    @Test
    void a_dead_candidate_is_refused() {
        isRefused(
                decided("b1", Stand.primary("a1"), Stand.down("b1"), Stand.secondary("c1")),
                "b1 is down: its process has exited",
                "holdfast apply starts the member");
    }

    @Test
    void an_arbiter_is_refused() {
        isRefused(
                decided("b1", Stand.primary("a1"), Stand.in("b1", "arbiter").with("arbiterOnly", true)),
                "b1 is an arbiter and has no data",
                "--to");
    }

    @Test
    void a_hidden_member_is_refused() {
        isRefused(
                decided("b1", Stand.primary("a1"), Stand.secondary("b1").with("hidden", true)),
                "b1 is hidden from clients",
                "topology");
    }

    @Test
    void a_delayed_member_is_refused() {
        isRefused(
                decided("b1", Stand.primary("a1"), Stand.secondary("b1").with("secondaryDelaySecs", 3600)),
                "b1 has a declared delay of 3600 s",
                "topology");
    }

    @Test
    void a_member_of_priority_0_is_refused() {
        isRefused(
                decided("b1", Stand.primary("a1"), Stand.secondary("b1").with("priority", 0.0)),
                "b1 has priority 0 and 1 votes; a primary has more than 0 of both",
                "topology");
    }

    @Test
    void a_member_that_is_not_at_work_is_refused() {
        isRefused(
                decided("b1", Stand.primary("a1"), Stand.in("b1", "recovering")),
                "b1 is recovering, desired secondary",
                "wait until the member is secondary");
    }

    @Test
    void a_lagging_member_is_refused_with_value_limit_and_flag() {
        isRefused(
                decided("b1", Stand.primary("a1"), Stand.secondary("b1").lag(12)),
                "b1 is 12 s behind, the limit is 10 s",
                "--override=candidate-lag");
    }

    @Test
    void a_lagging_member_is_waited_for_when_that_is_asked_for() {
        SwitchoverFacts state = state(
                "b1",
                Set.of("candidate-lag"),
                Stand.primary("a1"),
                Stand.secondary("b1").lag(12));
        goes(
                recorded(DecisionRule.decide(SwitchoverDecision.TABLE, state)),
                "a1 is primary in term 4, 2 of 2 voters answer, and b1 (secondary, priority 1, 12 s behind) can become primary");
    }

    @Test
    void a_member_that_is_outranked_is_refused_because_the_set_would_take_the_role_back() {
        isRefused(
                decided("b1", Stand.primary("a1").with("priority", 2.0), Stand.secondary("b1")),
                "a1 has priority 2 and b1 has 1: the set would soon elect the member with the higher priority",
                "--override=priority");
    }

    @Test
    void an_outranked_member_takes_over_when_asked_for_and_gets_a_notice_of_what_follows() {
        SwitchoverFacts state =
                state("b1", Set.of("priority"), Stand.primary("a1").with("priority", 2.0), Stand.secondary("b1"));
        goes(
                recorded(DecisionRule.decide(SwitchoverDecision.TABLE, state)),
                "a1 is primary in term 4, 2 of 2 voters answer, and b1 (secondary, priority 1, 0 s behind) can become primary;"
                        + " a1 has priority 2 and will be elected afterwards");
    }

    @Test
    void a_handover_that_was_cut_off_in_the_middle_is_taken_up() {
        goes(
                decided("b1", Stand.secondary("a1"), Stand.secondary("b1"), Stand.secondary("c1")),
                "no member is primary, 3 of 3 voters answer, and b1 (secondary, priority 1, 0 s behind) can be");
    }

    @Test
    void the_best_is_up_to_date_then_not_outranked_then_near_then_of_high_priority() {
        Stand primary = Stand.primary("a1");
        Stand lagging = Stand.secondary("b1").lag(5).with("priority", 3.0);
        Stand far = Stand.secondary("c1").region("eu-south").with("priority", 2.0);
        Stand low = Stand.secondary("d1").with("priority", 0.5).lag(1);
        Stand best = Stand.secondary("e1");
        assertThat(best(primary, lagging, far, low, best)).contains("e1");
        assertThat(best(primary, lagging, far, low)).contains("d1");
        assertThat(best(primary, lagging, far)).contains("c1");
        assertThat(best(primary, far, best)).as("nobody outranks it").contains("c1");
        assertThat(best(primary, lagging)).contains("b1");
        assertThat(best(primary)).isEmpty();
    }

    private static Optional<String> best(Stand... members) {
        return state(null, Set.of(), members).candidate().map(MemberStanding::name);
    }
}
