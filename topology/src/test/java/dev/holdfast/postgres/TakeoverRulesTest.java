package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.Operation;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.plan.DecisionTable;
import dev.holdfast.postgres.probe.RoleChangeProbe;
import dev.holdfast.postgres.rolechange.FailoverDecision;
import dev.holdfast.postgres.rolechange.FailoverOperation;
import dev.holdfast.postgres.rolechange.RejoinDecision;
import dev.holdfast.postgres.rolechange.RoleChangeDecision;
import dev.holdfast.postgres.rolechange.SwitchoverCandidate;
import dev.holdfast.postgres.rolechange.SwitchoverDecision;
import dev.holdfast.postgres.rolechange.SwitchoverOperation;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.RoleChangeState;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import dev.holdfast.postgres.topology.PostgresCluster.Synchronous.Method;
import dev.holdfast.world.FakeWorld;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who takes over, and whether, in switchover and failover: the decisions, row by row. */
@Tag("unit")
class TakeoverRulesTest extends Rehearsal {

    @RegisterExtension
    static final DecisionTable FAILOVER = new DecisionTable("PostgreSQL: failover", FailoverDecision.TABLE);

    @RegisterExtension
    static final DecisionTable SWITCHOVER = new DecisionTable("PostgreSQL: switchover", SwitchoverDecision.TABLE);

    @RegisterExtension
    static final DecisionTable CANDIDATE =
            new DecisionTable("PostgreSQL: candidate of a switchover", SwitchoverCandidate.TABLE);

    @Override
    Map<List<?>, DecisionTable> tables() {
        return Map.of(
                FailoverDecision.TABLE,
                FAILOVER,
                SwitchoverDecision.TABLE,
                SWITCHOVER,
                SwitchoverCandidate.TABLE,
                CANDIDATE);
    }

    @Test
    void no_member_has_that_name() {
        refuses(
                switchover("x9"),
                ExitCode.USAGE,
                "--to x9: unknown member",
                "choose one of the members with --to: a1, b1, d1");
        refuses(
                failover("x9", false),
                ExitCode.USAGE,
                "--to x9: unknown member",
                "choose one of the members with --to: a1, b1, d1");
    }

    @Test
    void two_primaries_are_nothing_to_choose_from() {
        bank.promoted("b1");
        String hint = "holdfast rejoin payments/servers/b1 makes it a standby of a1";
        refuses(failover("", false), ExitCode.REFUSED, "The clients use a1", hint);
        refuses(switchover(""), ExitCode.REFUSED, "The clients use a1", hint);
        bank.at("b1").commits = 3;
        bank.at("a1").commits = 5;
        bank.at("a1").slots.clear();
        bank.at("a1").altered.put("synchronous_standby_names", "");
        String both = "holdfast rejoin payments/servers/a1 --accept-data-loss gives up 5 commits of a1;"
                + " or holdfast rejoin payments/servers/b1 --accept-data-loss gives up 3 commits of b1";
        refuses(failover("", true), ExitCode.WOULD_LOSE_DATA, "It is unclear", both);
        refuses(switchover(""), ExitCode.WOULD_LOSE_DATA, "It is unclear", both);
    }

    @Test
    void every_table_ends_with_a_row_that_always_holds() {
        assertThat(SwitchoverDecision.TABLE
                        .get(SwitchoverDecision.TABLE.size() - 1)
                        .when())
                .isEqualTo("otherwise");
        assertThat(FailoverDecision.TABLE.get(FailoverDecision.TABLE.size() - 1).when())
                .isEqualTo("otherwise");
        assertThat(RejoinDecision.TABLE.get(RejoinDecision.TABLE.size() - 1).when())
                .isEqualTo("otherwise");
        assertThat(SwitchoverCandidate.TABLE
                        .get(SwitchoverCandidate.TABLE.size() - 1)
                        .when())
                .isEqualTo("otherwise");
    }

    // ---- switchover

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
        refuses(switchover("b1"), ExitCode.REFUSED, "b1 does not answer", "start it with holdfast apply");
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
        refuses(switchover("b1"), ExitCode.REFUSED, "b1 has diverged: it is on timeline 3", "holdfast rejoin");
    }

    /** The state in which a run leaves the cluster that is killed right after the old primary has stopped. */
    private TakeoverRulesTest stoppedForAHandover(boolean hasCandidate) {
        for (int changes = 1; changes < 40; changes++) {
            TakeoverRulesTest test = new TakeoverRulesTest();
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
        TakeoverRulesTest ended = stoppedForAHandover(true);
        ended.decides(
                ended.switchover(""),
                "move the primary of payments from a1 to b1",
                "a1 has stopped, its last record begins at");
        TakeoverRulesTest back = stoppedForAHandover(false);
        back.decides(
                back.switchover(""),
                "revert the switchover: a1 stays primary",
                "no standby that can replace it is known to have it");
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
        assertThat(decision.then().hint()).contains("find out why it did not stop in time");
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

    // ---- failover

    @Test
    void a_primary_that_answers_is_not_failed_over_from() {
        refuses(failover("", false), ExitCode.REFUSED, "a1 is primary and answers queries", "holdfast switchover");
    }

    @Test
    void a_dead_primary_is_fenced_and_the_sync_standby_promoted() {
        lost("a1");
        decides(
                failover("", false),
                "fence a1 and promote b1",
                "a1 is down according to its host; b1 has every commit of its WAL");
        done(failover("", false));
        assertThat(bank.at("b1").standby).isFalse();
        assertThat(bank.at("b1").setting("synchronous_standby_names")).isEqualTo("FIRST 1 (\"a1\")");
        assertThat(bank.at("a1").marks.get("fence")).startsWith("failover 1 b1 ");
        assertThat(bank.at("a1").up).isFalse();
        assertThat(bank.at("d1").follows()).isEqualTo(bank.at("b1").endpoint);
        assertThat(bank.at("d1").marks.get("took")).contains("\tb1\tfailover\t");
        assertThat(bank.at("b1").controlTimeline).isEqualTo(2);
        assertThat(bank.fake.proxy("a1").ready).contains("primary/b1");
        bank.world.forget();
        decides(
                failover("", false),
                "b1 is primary; only the stages after the promotion are left",
                "b1 is primary on timeline 2");
        done(failover("", false));
        assertThat(bank.world.changes()).isEmpty();
    }

    @Test
    void the_lost_primarys_host_cannot_be_reached_so_it_cannot_be_fenced() {
        bank.fake.silentHosts.add("a1");
        refuses(
                failover("", false),
                ExitCode.UNREACHABLE,
                "the host of a1 does not answer",
                "then run again with --override=fenced-by-hand");
        refuses(
                failover("", false, "fenced-by-hand"),
                ExitCode.WOULD_LOSE_DATA,
                "the host of the lost primary cannot report its last actions; at most lost: what was committed after",
                "--accept-data-loss");
    }

    @Test
    void fenced_manually_while_most_others_are_silent_too() {
        bank.fake.silentHosts.add("a1");
        bank.fake.silentHosts.add("d1");
        refuses(
                failover("", true, "fenced-by-hand"),
                ExitCode.UNREACHABLE,
                "the hosts of d1 do not answer either, and another operator could promote one of them",
                "--override=others-silent");
        decides(
                failover("", true, "fenced-by-hand", "others-silent"),
                "fence a1 and promote b1",
                "a1 was fenced manually");
    }

    @Test
    void a_primary_that_recovers_by_itself_is_waited_for() {
        bank.at("a1").startingUp = "the database system is starting up";
        refuses(
                failover("", false),
                ExitCode.REFUSED,
                "a1 says: the database system is starting up",
                "--override=primary-recovering");
    }

    @Test
    void a_stale_standby_is_never_promoted_by_itself() {
        bank.at("b1").hangs = true;
        bank.at("b1").up = false;
        bank.fake.silentHosts.add("b1");
        bank.at("a1").altered.put("synchronous_standby_names", "");
        bank.at("a1").read();
        bank.at("a1").end += 0x5000;
        lost("a1");
        bank.fake.silentHosts.clear();
        bank.at("b1").hangs = false;
        bank.at("b1").up = true;
        refuses(
                failover("b1", false),
                ExitCode.WOULD_LOSE_DATA,
                "b1 can lack acknowledged commits",
                "accept the loss with --accept-data-loss");
    }

    @Test
    void a_standby_that_lacks_no_commit_is_promoted_whatever_the_record_states() {
        lost("b1");
        lost("a1");
        decides(failover("d1", false), "fence a1 and promote d1", "d1 has every commit of its WAL");
    }

    // ---- no dead ends

    @Test
    void without_the_password_nothing_is_known() {
        bank.fake.servers.values().forEach(s -> s.refuses = "NO_SECRET");
        refuses(failover("", true), ExitCode.REFUSED, "sorry", "or restore that secret here");
        refuses(switchover(""), ExitCode.REFUSED, "sorry", "or restore that secret here");
        bank.fake.servers.values().forEach(s -> s.refuses = "28P01");
        refuses(failover("", true), ExitCode.REFUSED, "sorry", "or restore that secret here");
        // one server that has another password is a fault of that server
        bank.at("b1").refuses = "";
        bank.at("d1").refuses = "";
        lost("a1");
        decides(failover("", true), "fence a1 and promote b1", "b1 has every commit of its WAL");
    }

    @Test
    void a_stopped_standby_is_started_before_one_is_promoted_that_lacks_commits() {
        lost("b1");
        lost("a1");
        bank.at("a1").end += 3;
        bank.at("b1").end += 3;
        decides(
                failover("", false),
                "start b1, then decide again",
                "b1 stopped as standby, and only a running standby reports the end of its WAL");
        done(failover("", false));
        assertThat(bank.at("b1").standby).isFalse();
        assertThat(bank.at("a1").marks).containsKey("fence");
    }

    /** The CLI was killed after the fence, and the candidate is gone. */
    private void fencedForOneThatIsGone() {
        lost("a1");
        bank.at("a1").marks.put("fence", "failover 1 b1 2026-01-01T00:00:00Z");
        bank.at("a1").end += 3;
        lost("b1");
        bank.at("b1").data = false;
        bank.at("d1").marks.remove("history");
    }

    @Test
    void a_fenced_primary_is_primary_again_when_a_person_names_it_and_the_commits_since_are_given_up() {
        fencedForOneThatIsGone();
        refuses(failover("", false), ExitCode.WOULD_LOSE_DATA, "d1 can lack", "holdfast failover payments --to a1");
        refuses(
                failover("a1", false),
                ExitCode.WOULD_LOSE_DATA,
                "the failover that fenced a1 was for b1, and its data directory is missing",
                "--accept-data-loss");
        decides(failover("a1", true), "start a1 as primary again", "which was accepted");
        done(failover("a1", true));
        assertThat(bank.at("a1").up && !bank.at("a1").standby).isTrue();
        assertThat(bank.at("a1").marks).doesNotContainKey("fence");
        assertThat(bank.fake.proxy("a1").ready).contains("primary/a1");
    }

    @Test
    void it_needs_no_consent_when_no_member_was_primary_since() {
        fencedForOneThatIsGone();
        bank.at("b1").data = true;
        decides(failover("a1", false), "start a1 as primary again", "and no other member was primary since");
        bank.fake.silentHosts.add("b1");
        refuses(
                failover("a1", false),
                ExitCode.UNREACHABLE,
                "the hosts of b1 do not answer: one of them can be primary",
                "then run again with --override=fenced-by-hand");
    }

    @Test
    void a_silent_member_that_the_fence_does_not_name_may_have_been_primary_too() {
        fencedForOneThatIsGone();
        bank.at("b1").data = true;
        bank.at("d1").up = false;
        bank.fake.silentHosts.add("d1");
        refuses(
                failover("a1", false, "fenced-by-hand"),
                ExitCode.WOULD_LOSE_DATA,
                "d1 can have been primary since, because its host does not answer: its commits would be lost",
                "--accept-data-loss");
    }

    @Test
    void a_candidate_that_died_right_after_its_promotion_is_started_by_apply() {
        lost("a1");
        bank.at("a1").marks.put("fence", "failover 1 b1 2026-01-01T00:00:00Z");
        bank.promoted("b1");
        lost("b1");
        assertThat(bank.apply().exit()).isEqualTo(ExitCode.DONE);
        assertThat(bank.at("b1").up && !bank.at("b1").standby).isTrue();
        assertThat(bank.at("a1").up).isFalse();
    }

    @Test
    void a_disaster_recovery_copy_is_promoted_only_when_it_is_named() {
        lost("b1");
        bank.fake.silentHosts.add("b1");
        lost("a1");
        refuses(
                failover("", false),
                ExitCode.REFUSED,
                "only the disaster-recovery standby d1 can be promoted, and Holdfast promotes it only if --to names it",
                "--to d1");
        decides(failover("d1", false), "fence a1 and promote d1", "d1 has every commit of its WAL");
    }

    @Test
    void a_failover_to_another_than_the_new_primary_is_not_done() {
        lost("a1");
        done(failover("", false));
        refuses(failover("d1", false), ExitCode.REFUSED, "b1 is primary and answers queries", "holdfast switchover");
    }

    @Test
    void a_primary_whose_folder_is_gone_is_lost() {
        lost("a1");
        bank.at("a1").data = false;
        bank.at("a1").marks.clear();
        refuses(
                failover("", false),
                ExitCode.WOULD_LOSE_DATA,
                "the data directory of a1 is missing, so its last actions are unknown; at most lost: what was committed after",
                "restore the data directory of a1, then holdfast apply; or accept the loss with --accept-data-loss");
        decides(failover("b1", true), "fence a1 and promote b1", "a1 is down, and its data directory no longer exists");
        done(failover("b1", true));
        assertThat(bank.at("b1").standby).isFalse();
    }

    // ---- a primary that only this machine does not reach

    @Test
    void a_proxy_that_does_not_report_its_routes_is_queried_for_the_primary_too() {
        bank.fake.blocked.add("a1");
        bank.world.unanswered("a1", "haproxy/look.sh");
        Operation<?> operation = failover("", true);
        assertThat(operation.decide(bank.world).because())
                .contains("the proxy on a1 reaches it, and so do its clients");
    }

    @Test
    void a_primary_that_others_still_reach_is_not_lost() {
        bank.fake.blocked.add("a1");
        refuses(
                failover("", true),
                ExitCode.REFUSED,
                "a1 does not answer this machine, but it is not lost: on its host it answers through the local socket, with 3 client"
                        + " sessions and b1 streaming; the proxy on a1 reaches it, and so do its clients; b1 receives WAL"
                        + " messages from a1; d1 receives WAL messages from a1",
                "--override=primary-reached");
        decides(failover("", true, "primary-reached"), "fence a1 and promote b1", "a1 does not answer");
    }

    @Test
    void nor_is_one_that_runs_on_another_port_than_the_declared_one() {
        bank.fake.blocked.add("a1");
        bank.at("a1").marks.put("port", "5999");
        refuses(
                failover("", true, "primary-reached"),
                ExitCode.REFUSED,
                "a1 does not answer on port 5432, and its process runs with port 5999",
                "declare port: 5999 of a1 again");
    }

    @Test
    void nor_is_one_whose_host_does_not_answer_either_though_the_operator_confirms_that_it_is_off() {
        bank.fake.blocked.add("a1");
        bank.fake.silentHosts.add("a1");
        bank.fake.standbysReceive = true;
        refuses(
                failover("", true, "fenced-by-hand"),
                ExitCode.REFUSED,
                "a1 does not answer this machine, but it is not lost: b1 receives WAL messages from a1",
                "restore the connection from here to 10.0.0.1:5432");
    }

    @Test
    void an_error_is_an_answer() {
        bank.at("a1").refuses = "53300";
        refuses(
                failover("", true),
                ExitCode.REFUSED,
                "a1 does not answer this machine, but it is not lost: its server reports an error: refused (53300)",
                "--override=primary-reached");
    }

    // ---- the record is a hint

    /** b1 is in sync by the record, and the WAL of a1 holds three more commits. */
    private void lostWithCommits() {
        lost("a1");
        bank.at("a1").end += 3;
    }

    @Test
    void commits_that_were_waiting_for_the_candidate_are_not_lost_with_the_primary() {
        lostWithCommits();
        decides(
                failover("", false),
                "fence a1 and promote b1",
                "the commits that only a1 has were not acknowledged yet: 3 bytes of WAL with 3 commits, made within 1.5 s");
    }

    @Test
    void a_file_that_was_written_after_the_record_makes_it_doubtful() {
        lostWithCommits();
        bank.at("a1").marks.put("changed", "postgresql.auto.conf");
        refuses(
                failover("", false),
                ExitCode.WOULD_LOSE_DATA,
                "on a1 postgresql.auto.conf is newer than the history",
                "--accept-data-loss");
    }

    @Test
    void apply_records_again_who_is_in_sync_after_such_a_file_was_written() {
        String before = bank.at("a1").marks.get("history");
        bank.at("a1").marks.put("changed", "postgresql.auto.conf");
        assertThat(bank.apply().exit()).isEqualTo(ExitCode.DONE);
        assertThat(bank.at("a1").marks.get("history")).isNotEqualTo(before).contains("in-sync");
        assertThat(bank.at("a1").marks).doesNotContainKey("changed");
        lostWithCommits();
        decides(failover("", false), "fence a1 and promote b1", "b1 was synchronous according to the record");
    }

    @Test
    void a_standby_that_has_received_nothing_since_its_start_was_not_waited_for() {
        lostWithCommits();
        bank.at("b1").received = false;
        refuses(
                failover("", false),
                ExitCode.WOULD_LOSE_DATA,
                "3 commits in the WAL of a1 did not reach b1, which has received nothing since its start",
                "--accept-data-loss");
    }

    @Test
    void more_commits_than_sessions_that_can_wait_were_acknowledged() {
        lostWithCommits();
        bank.at("a1").waiters = 2;
        refuses(
                failover("", false),
                ExitCode.WOULD_LOSE_DATA,
                "at most 2 sessions can wait for it at the same time; at most lost: 3 bytes of WAL with 3 commits",
                "--accept-data-loss");
    }

    @Test
    void a_primary_that_went_on_long_after_a_commit_had_no_standby_attached() {
        lostWithCommits();
        bank.at("a1").lived = 60;
        refuses(
                failover("", false),
                ExitCode.WOULD_LOSE_DATA,
                "a1 wrote WAL for 60 s after the first of them, limit 10 s",
                "--accept-data-loss");
    }

    @Test
    void a_role_whose_commits_do_not_wait_makes_the_last_ones_doubtful() {
        lostWithCommits();
        bank.at("b1").unsafeCommits = "role loader has synchronous_commit=local";
        refuses(
                failover("", false),
                ExitCode.WOULD_LOSE_DATA,
                "not all sessions wait for it: role loader has synchronous_commit=local",
                "--accept-data-loss");
    }

    @Test
    void wal_that_cannot_be_read_proves_nothing() {
        lostWithCommits();
        bank.fake.unreadableWal.add("a1");
        refuses(
                failover("", false),
                ExitCode.WOULD_LOSE_DATA,
                "the WAL of a1 cannot be read, so its last commits are unknown; at most lost: what was committed after",
                "--accept-data-loss");
        decides(failover("", true), "fence a1 and promote b1", "which was accepted");
    }

    @Test
    void a_primary_that_wrote_on_until_it_was_fenced_is_decided_about_once_more() {
        bank.at("a1").hangs = true;
        bank.at("a1").up = false;
        bank.fake.onFence = () -> bank.at("a1").lived = 60;
        bank.at("a1").end += 3;
        assertThat(bank.run(failover("", false).runbook()).exit()).isEqualTo(ExitCode.WOULD_LOSE_DATA);
        assertThat(bank.at("b1").standby).isTrue();
        assertThat(bank.at("a1").marks).containsKey("fence");
        refuses(failover("", false), ExitCode.WOULD_LOSE_DATA, "wrote WAL for 60 s", "--accept-data-loss");
        done(failover("", true));
    }

    @Test
    void a_second_failover_soon_after_asks_a_person() {
        lost("a1");
        done(failover("", false));
        done(rejoin("a1"));
        lost("b1");
        refuses(failover("", false), ExitCode.REFUSED, "the limit is 600 s", "--override=failover-again");
        decides(failover("", false, "failover-again"), "fence b1 and promote a1", "a1 has every commit of its WAL");
    }

    @Test
    void any_of_several_the_one_with_the_most_log_is_promoted_and_too_few_are_not_enough() {
        Bank four = Bank.applied(new Trio().member("c1", MemberRole.SYNC).waitsFor(Method.ANY, 1));
        four.at("a1").up = false;
        four.at("a1").end += 0x100;
        four.at("c1").end += 0x80;
        RoleChangeRequest request = request("", false);
        Operation<RoleChangeState> operation =
                FailoverOperation.operation(four.trio.estate(), four.trio.cluster(), request);
        assertThat(operation.decide(four.world).sentence()).isEqualTo("fence a1 and promote c1");
        four.at("c1").up = false;
        four.fake.silentHosts.add("c1");
        Operation.Assessment decided = operation.decide(four.world);
        assertThat(decided.refusal().orElseThrow().what())
                .contains("to know which of them has all commits, 2 must answer, and 1 do");
    }

    @Test
    void no_member_is_known_to_have_been_primary() {
        for (String name : List.of("a1", "b1", "d1")) {
            lost(name);
            bank.fake.silentHosts.add(name);
        }
        refuses(
                failover("", false),
                ExitCode.UNREACHABLE,
                "no reachable member is or was primary",
                "make all hosts answer");
    }

    @Test
    void an_unobserved_member_was_promoted() {
        lost("a1");
        bank.at("b1").timeline = 2;
        refuses(
                failover("", false),
                ExitCode.WOULD_LOSE_DATA,
                "b1 can lack acknowledged commits",
                "--accept-data-loss");
        bank.fake.silentHosts.add("d1");
        refuses(
                failover("", false),
                ExitCode.UNREACHABLE,
                "b1 is on timeline 2, and a1 was primary on timeline 1: another member was promoted since then",
                "the newest primary is not among the reachable members");
    }

    @Test
    void no_candidate_is_left_to_promote() {
        List.of("a1", "b1", "d1").forEach(this::lost);
        bank.fake.silentHosts.addAll(List.of("b1", "d1"));
        refuses(
                failover("", false),
                ExitCode.UNREACHABLE,
                "no standby that can be promoted answers",
                "start a1 again as primary with holdfast failover payments --to a1 --override=fenced-by-hand");
        for (boolean isOnRecord : List.of(true, false)) {
            if (!isOnRecord) {
                bank.fake.servers.values().forEach(s -> s.marks.remove("history"));
            }
            refuses(
                    failover("a1", false, "fenced-by-hand"),
                    ExitCode.WOULD_LOSE_DATA,
                    "b1 can have been primary since, because its host does not answer: its commits would be lost",
                    "--accept-data-loss");
        }
    }

    @Test
    void a_hanging_primary_is_not_lost_while_its_host_does_not_say_whether_it_answers() {
        bank.at("a1").hangs = true;
        bank.world.unanswered("a1", "postgres/query-check.sh");
        refuses(
                failover("", false),
                ExitCode.REFUSED,
                "its host did not say whether it answers through the local socket: no answer: " + FakeWorld.TRUNCATED,
                "--override=primary-reached");
    }
}
