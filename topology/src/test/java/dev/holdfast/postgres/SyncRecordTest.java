package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Operation;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.ExitCode;
import dev.holdfast.postgres.rolechange.FailoverOperation;
import dev.holdfast.postgres.state.RoleChangeState;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import dev.holdfast.postgres.topology.PostgresCluster.Synchronous.Method;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a failover concludes from the record of synchronous standbys and from the WAL of the lost primary: the record is a hint. */
@Tag("unit")
class SyncRecordTest extends Rehearsal {

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
                "at most 2 sessions can wait for b1 at the same time; at most lost: 3 bytes of WAL with 3 commits",
                "--accept-data-loss");
    }

    @Test
    void a_primary_that_went_on_long_after_a_commit_had_no_standby_attached() {
        lostWithCommits();
        bank.at("a1").lived = 60;
        refuses(
                failover("", false),
                ExitCode.WOULD_LOSE_DATA,
                "a1 continued to write WAL for 60 s after the first of these commits; the limit is 10 s",
                "--accept-data-loss");
    }

    @Test
    void a_role_whose_commits_do_not_wait_makes_the_last_ones_doubtful() {
        lostWithCommits();
        bank.at("b1").unsafeCommits = "role loader has synchronous_commit=local";
        refuses(
                failover("", false),
                ExitCode.WOULD_LOSE_DATA,
                "not all sessions wait for that member: role loader has synchronous_commit=local",
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
        refuses(failover("", false), ExitCode.WOULD_LOSE_DATA, "continued to write WAL for 60 s", "--accept-data-loss");
        done(failover("", true));
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
        assertThat(decided.refusal().orElseThrow().what()).contains("to compare them, 2 must answer, and 1 answers");
    }
}
