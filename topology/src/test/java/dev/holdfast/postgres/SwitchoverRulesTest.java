package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.Operation;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.plan.DecisionTable;
import dev.holdfast.postgres.probe.RoleChangeProbe;
import dev.holdfast.postgres.rolechange.RoleChangeDecision;
import dev.holdfast.postgres.rolechange.SwitchoverCandidate;
import dev.holdfast.postgres.rolechange.SwitchoverDecision;
import dev.holdfast.postgres.rolechange.SwitchoverOperation;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.RoleChangeState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The decision about a switchover, row by row. */
@Tag("unit")
class SwitchoverRulesTest extends Rehearsal {

    @RegisterExtension
    static final DecisionTable SWITCHOVER = new DecisionTable("PostgreSQL: switchover", SwitchoverDecision.TABLE);

    @RegisterExtension
    static final DecisionTable CANDIDATE =
            new DecisionTable("PostgreSQL: candidate of a switchover", SwitchoverCandidate.TABLE);

    @Override
    Map<List<?>, DecisionTable> tables() {
        return Map.of(SwitchoverDecision.TABLE, SWITCHOVER, SwitchoverCandidate.TABLE, CANDIDATE);
    }

    @Test
    void no_member_has_that_name() {
        refuses(
                switchover("x9"),
                ExitCode.USAGE,
                "--to x9: unknown member",
                "choose one of the members with --to: a1, b1, d1");
    }

    @Test
    void a_promotion_that_is_not_on_record_is_not_believed_while_the_recorded_primary_is_unseen() {
        bank.promoted("d1");
        lost("a1");
        bank.fake.silentHosts.add("a1");
        refuses(
                switchover(""),
                ExitCode.UNREACHABLE,
                "d1 is primary on timeline 2, and no role change of Holdfast promoted it",
                "or see what is possible without that host with holdfast failover payments");
    }

    @Test
    void two_primaries_are_nothing_to_choose_from() {
        bank.promoted("b1");
        refuses(
                switchover(""),
                ExitCode.REFUSED,
                "The clients use a1",
                "holdfast rejoin payments/servers/b1 makes the stray primary a standby of a1");
        FailoverRulesTest.unclear(bank);
        refuses(switchover(""), ExitCode.WOULD_LOSE_DATA, "It is unclear", FailoverRulesTest.BOTH);
    }

    @Test
    void without_the_password_nothing_is_known() {
        bank.fake.servers.values().forEach(s -> s.refuses = "NO_SECRET");
        refuses(switchover(""), ExitCode.REFUSED, "sorry", "or copy the secret to this machine");
    }

    @Test
    void the_requested_one_is_primary_already() {
        decides(
                switchover("a1"),
                "a1 is primary; only the stages after the promotion are left",
                "a1 is primary on timeline 1");
        bank.world.forget();
        done(switchover("a1"));
        assertThat(bank.world.changes()).isEmpty();
    }

    @Test
    void only_a_disaster_recovery_copy_is_left_and_none_is_named() {
        Trio lonely = new Trio();
        lonely.members.remove("b1");
        Bank two = Bank.applied(lonely);
        Operation.Assessment decided = SwitchoverOperation.operation(
                        lonely.estate(), lonely.cluster(), request("", false))
                .decide(two.world);
        RoleChangeState now = new RoleChangeProbe(lonely.estate(), lonely.cluster()).look(two.world);
        recordRow(SwitchoverDecision.TABLE, new SwitchoverDecision(now, request("", false)).decision());
        assertThat(decided.refusal().orElseThrow().hint()).contains("--to NAME");
    }

    @Test
    void a_primary_alone_has_no_candidate() {
        Trio alone = new Trio();
        alone.members.remove("b1");
        alone.members.remove("d1");
        Bank one = Bank.applied(alone);
        RoleChangeState now = new RoleChangeProbe(alone.estate(), alone.cluster()).look(one.world);
        Decision<RoleChangeDecision> decision = new SwitchoverDecision(now, request("", false)).decision();
        recordRow(SwitchoverDecision.TABLE, decision);
        assertThat(decision.because()).isEqualTo("there is no other member");
    }

    @Test
    void no_primary_answers_a_switchover() {
        lost("a1");
        refuses(switchover(""), ExitCode.UNREACHABLE, "no primary answers", "holdfast failover");
    }

    @Test
    void the_primarys_host_must_answer_to_stop_it() {
        PostgresState now = state("").now();
        List<MemberState> members = now.members().stream()
                .map(m -> m.isPrimary()
                        ? new MemberState(
                                m.member(),
                                new HostFacts(
                                        NodeAvailability.SILENT,
                                        HostFacts.DirectoryOwner.UNKNOWN,
                                        false,
                                        Map.of(),
                                        "no route"),
                                m.host(),
                                m.disk(),
                                m.answer(),
                                m.server())
                        : m)
                .toList();
        PostgresState cut = new PostgresState(
                now.at(),
                now.cluster(),
                members,
                now.proxies(),
                now.again(),
                now.credentials(),
                now.outdated(),
                now.archives(),
                now.lookups(),
                now.repository());
        Decision<RoleChangeDecision> decision = new SwitchoverDecision(
                        new RoleChangeState(cut, Optional.empty(), Map.of()), request("", false))
                .decision();
        recordRow(SwitchoverDecision.TABLE, decision);
        assertThat(decision.because()).isEqualTo("the host of a1 does not answer: no route");
        assertThat(decision.then().exit()).isEqualTo(ExitCode.UNREACHABLE);
    }

    @Test
    void the_candidate_does_not_stream() {
        bank.at("a1").slots.remove("b1");
        refuses(
                switchover(""),
                ExitCode.REFUSED,
                "b1 does not stream from the primary: its state is not connected",
                "holdfast status");
    }

    @Test
    void the_candidate_is_stopped() {
        lost("b1");
        refuses(switchover("b1"), ExitCode.REFUSED, "b1 does not answer", "start the candidate with holdfast apply");
    }

    @Test
    void the_candidates_host_does_not_answer() {
        bank.fake.silentHosts.add("b1");
        refuses(switchover(""), ExitCode.UNREACHABLE, "the host of b1 does not answer", "--to");
    }

    @Test
    void the_log_of_the_candidate_needs_higher_settings() {
        bank.at("b1").marks.put("needs", " max_connections=150");
        refuses(
                switchover(""),
                ExitCode.REFUSED,
                "b1 would stop during its promotion: max_connections is 100, its WAL needs 150",
                "holdfast apply");
    }

    @Test
    void another_than_the_requested_one_has_become_primary() {
        RoleChangeState before = state("");
        lost("a1");
        bank.promoted("b1");
        RoleChangeState now = new RoleChangeState(state("").now(), before.leaving(), Map.of());
        Decision<RoleChangeDecision> decision = new SwitchoverDecision(now, request("d1", false)).decision();
        recordRow(SwitchoverDecision.TABLE, decision);
        assertThat(decision.then().exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(decision.because()).isEqualTo("b1 has become primary on timeline 2, desired: d1");
    }

    @Test
    void replay_is_paused_on_the_candidate() {
        bank.at("b1").paused = true;
        refuses(switchover(""), ExitCode.REFUSED, "replay is paused on b1", "--override=replay-paused");
        decides(switchover("", "replay-paused"), "move the primary of payments from a1 to b1", "b1 streams");
    }

    @Test
    void the_candidate_lags_too_far_behind() {
        bank.at("b1").lag = 17L << 20;
        refuses(
                switchover(""),
                ExitCode.REFUSED,
                "b1 has 17825792 bytes to replay, the limit is 16777216",
                "--override=candidate-lag");
    }

    @Test
    void a_candidate_must_be_a_standby_whose_log_is_the_primarys() {
        RoleChangeState now = state("");
        Decision<RoleChangeDecision> itself =
                new SwitchoverCandidate(now.now(), now.now().primary().orElseThrow(), request("", false)).decision();
        recordRow(SwitchoverCandidate.TABLE, itself);
        assertThat(itself.because()).isEqualTo("a1 is not a standby");
        bank.at("b1").timeline = 3;
        refuses(switchover("b1"), ExitCode.REFUSED, "b1 has diverged: the member is on timeline 3", "holdfast rejoin");
    }

    /** The state in which a run leaves the cluster that is killed right after the old primary has stopped. */
    private SwitchoverRulesTest stoppedForAHandover(boolean hasCandidate) {
        for (int changes = 1; changes < 40; changes++) {
            SwitchoverRulesTest test = new SwitchoverRulesTest();
            if (!hasCandidate) {
                test.bank.fake.keepsLastRecord.add("a1");
            }
            test.bank.killAfter(changes);
            try {
                test.bank.run(test.switchover("").runbook());
            } catch (Bank.Killed killed) {
                test.bank.killAfter(Integer.MAX_VALUE);
            }
            if (!test.bank.at("a1").up && test.bank.at("b1").standby) {
                return test;
            }
        }
        throw new AssertionError("the old primary never stopped");
    }

    @Test
    void a_switchover_whose_primary_has_stopped_is_finished_or_reverted() {
        SwitchoverRulesTest ended = stoppedForAHandover(true);
        ended.decides(
                ended.switchover(""),
                "move the primary of payments from a1 to b1",
                "a1 has stopped, its last record begins at");
        SwitchoverRulesTest back = stoppedForAHandover(false);
        back.decides(
                back.switchover(""),
                "revert the switchover: a1 stays primary",
                "no possible candidate is known to have that record");
    }

    @Test
    void a_member_that_was_promoted_by_hand_and_does_not_answer_is_a_rival() {
        bank.promoted("d1");
        bank.fake.blocked.add("d1");
        refuses(
                switchover(""),
                ExitCode.UNREACHABLE,
                "d1 possibly runs as primary: its process exists but does not answer",
                "stop d1, or wait until it answers; then run holdfast switchover payments again");
        refuses(
                switchover("b1"),
                ExitCode.UNREACHABLE,
                "d1 possibly runs as primary",
                "holdfast switchover payments --to b1 again");
    }

    @Test
    void the_candidate_of_an_interrupted_switchover_can_have_been_promoted() {
        SwitchoverRulesTest silent = stoppedForAHandover(true);
        silent.bank.fake.silentHosts.add("b1");
        List.of("", "d1")
                .forEach(
                        to -> silent.refuses(
                                silent.switchover(to),
                                ExitCode.UNREACHABLE,
                                "the switchover that fenced a1 was to promote b1; the host of b1 does not answer, so b1 "
                                        + "can have been primary",
                                "make the host of b1 answer; or see what is possible without that member with holdfast failover payments"));
        SwitchoverRulesTest gone = stoppedForAHandover(true);
        gone.bank.at("b1").data = false;
        gone.bank.at("b1").up = false;
        gone.refuses(
                gone.switchover(""),
                ExitCode.WOULD_LOSE_DATA,
                "the data directory of b1 is missing, so b1 can have been primary",
                "restore the data directory of b1; or see what is possible without that member with holdfast failover payments");
    }

    @Test
    void commits_that_wait_until_the_old_primary_follows_are_announced() {
        decides(
                switchover(""),
                "move the primary of payments from a1 to b1",
                ". Commits on b1 wait until a synchronous standby follows (afterFailover: wait)");
    }

    @Test
    void the_fence_names_the_candidate_that_is_promoted() {
        SwitchoverRulesTest other = stoppedForAHandover(true);
        other.lost("b1");
        other.bank.run(other.switchover("d1").runbook());
        assertThat(other.bank.at("d1").standby).isFalse();
        assertThat(other.bank.world.changes().stream()
                        .map(a -> String.valueOf(a.script().values().get("mark")))
                        .filter(m -> m.startsWith("switchover 1 d1 ")))
                .hasSize(1);
    }

    /** The fence names the candidate that has stopped, and another one was promoted and has stopped too. */
    @Test
    void a_primary_that_another_candidate_continues_leaves_no_dead_end() {
        SwitchoverRulesTest both = stoppedForAHandover(true);
        both.lost("b1");
        both.bank.promoted("d1");
        both.lost("d1");
        assertThat(both.bank.apply().refusals()).isEmpty();
        assertThat(both.bank.at("d1").up && !both.bank.at("d1").standby).isTrue();
        SwitchoverRulesTest apart = stoppedApart();
        assertThat(apart.bank.refusals().toString())
                .contains("several members stopped as primary: ")
                .contains("a1 on timeline 1 with 3 commits of its own")
                .contains("d1 on timeline 2 with 1 commit of its own");
        apart.refuses(
                apart.failover("d1", false),
                ExitCode.WOULD_LOSE_DATA,
                "a1 was also primary when it stopped, on timeline 1, and no history shows which one the clients used last: 3"
                        + " commits of its own would be lost",
                "--accept-data-loss");
        apart.decides(apart.failover("d1", true), "start d1 as primary again", "which was accepted");
        apart.refuses(
                apart.failover("a1", false), ExitCode.WOULD_LOSE_DATA, "d1 is on timeline 2", "--accept-data-loss");
    }

    /** The WAL shows which of the members that stopped as primary has everything that the other one has. */
    @Test
    void a_member_without_commits_of_its_own_needs_no_decision() {
        SwitchoverRulesTest later = stoppedApart();
        later.bank.at("a1").commits = 0;
        assertThat(later.bank.apply().refusals()).isEmpty();
        assertThat(later.bank.at("d1").up && !later.bank.at("d1").standby).isTrue();
        SwitchoverRulesTest former = stoppedApart();
        former.bank.at("d1").commits = 0;
        former.decides(former.failover("a1", false), "start a1 as primary again", "");
        former.done(former.failover("a1", false));
        assertThat(former.bank.at("a1").up && !former.bank.at("a1").standby).isTrue();
    }

    /** A switchover stopped a1 for b1, d1 was promoted without the last WAL of a1, and all have stopped. */
    private SwitchoverRulesTest stoppedApart() {
        SwitchoverRulesTest apart = stoppedForAHandover(true);
        apart.lost("b1");
        apart.bank.at("d1").end -= 0x100;
        apart.bank.promoted("d1");
        apart.lost("d1");
        apart.bank.at("a1").commits = 3;
        apart.bank.at("d1").commits = 1;
        return apart;
    }

    @Test
    void several_members_that_stopped_as_primary_end_with_the_one_that_the_operator_names() {
        for (String kept : List.of("a1", "d1")) {
            SwitchoverRulesTest apart = stoppedApart();
            String other = kept.equals("a1") ? "d1" : "a1";
            // no role change promoted d1, so the rejoin still asks whose commits are kept
            assertThat(apart.bank.run(apart.failover(kept, true).runbook()).failures())
                    .isEmpty();
            apart.done(apart.rejoin(other, true));
            if (kept.equals("d1")) { // b1 has the WAL of a1
                apart.done(apart.rejoin("b1", true));
            }
            assertThat(apart.bank.apply().refusals()).isEmpty();
            assertThat(apart.bank.at(kept).up && !apart.bank.at(kept).standby)
                    .as(kept)
                    .isTrue();
            assertThat(apart.bank.at(other).up && apart.bank.at(other).standby)
                    .as(other)
                    .isTrue();
        }
    }

    @Test
    void a_run_that_took_the_handover_back_does_not_try_again() {
        PostgresState now = state("").now();
        RoleChangeState again = new RoleChangeState(
                now, Optional.of(new RoleChangeState.Leaving("a1", 1, "an earlier life")), Map.of());
        Decision<RoleChangeDecision> decision = new SwitchoverDecision(again, request("", false)).decision();
        recordRow(SwitchoverDecision.TABLE, decision);
        assertThat(decision.because())
                .isEqualTo("the switchover was reverted: a1 is primary as before and accepts writes");
        assertThat(decision.then().hint()).contains("find out why the primary did not stop in time");
    }

    @Test
    void another_than_the_requested_one_has_become_primary_meanwhile() {
        bank.promoted("b1");
        lost("a1");
        RoleChangeState now = new RoleChangeState(
                state("").now(), Optional.of(new RoleChangeState.Leaving("a1", 1, "a life")), Map.of());
        Decision<RoleChangeDecision> decision = new SwitchoverDecision(now, request("d1", false)).decision();
        recordRow(SwitchoverDecision.TABLE, decision);
        assertThat(decision.because()).isEqualTo("b1 has become primary on timeline 2, desired: d1");
    }
}
