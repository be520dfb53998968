package dev.holdfast.postgres.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.ExitCode;
import dev.holdfast.postgres.Bank;
import dev.holdfast.postgres.Rehearsal;
import dev.holdfast.postgres.Trio;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import dev.holdfast.postgres.value.Lsn;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Several primaries: which one the clients use, by evidence, and the same answer from every command. */
@Tag("unit")
class SplitBrainTest extends Rehearsal {

    private void stray(String name) {
        bank.promoted(name);
    }

    /** The proxy sends writes to that server. */
    private void routes(String name) {
        bank.fake.proxy("a1").ready.removeIf(r -> r.startsWith("primary/"));
        bank.fake.proxy("a1").ready.add("primary/" + name);
    }

    /** All commands refuse with the same sentence, the same exit and the same way out. */
    private void allPrint(ExitCode exit, String sentence, String hint) {
        refuses(failover("", true), exit, sentence, hint);
        refuses(switchover(""), exit, sentence, hint);
        refuses(rejoin("b1"), exit, sentence, hint);
        assertThat(bank.plans().get(0).refusals()).anySatisfy(r -> {
            assertThat(r.exit()).isEqualTo(exit);
            assertThat(r.what()).contains(sentence);
            assertThat(r.hint()).contains(hint);
        });
        assertThat(bank.look().problems())
                .anySatisfy(c -> assertThat(c).contains(sentence).contains(hint));
    }

    @Test
    void the_side_with_the_synchronous_standby_and_the_clients_wins_whatever_its_timeline() {
        stray("d1");
        bank.at("a1").commits = 2032;
        bank.at("a1").clients = 3;
        String hint = "holdfast rejoin payments/servers/d1 makes the stray primary a standby of a1";
        allPrint(
                ExitCode.REFUSED,
                "a1 (timeline 1, synchronous standby b1, writes from the proxies on a1, 3 client sessions,"
                        + " 2032 commits after 0/",
                hint);
        refuses(rejoin("a1", true), ExitCode.REFUSED, "The clients use a1", hint);
        decides(
                rejoin("d1"),
                "fence d1, preserve the WAL and rows that only it has, and return it as a standby",
                "The clients use a1");
        done(rejoin("d1"));
        assertThat(bank.at("d1").standby).isTrue();
        assertThat(bank.at("a1").up).isTrue();
        assertThat(bank.fake.proxy("a1").ready).contains("primary/a1");
        assertThat(bank.titles()).isEmpty();
    }

    @Test
    void the_stray_side_with_commits_of_its_own_is_given_up_only_with_consent() {
        stray("d1");
        bank.at("a1").commits = 5;
        bank.at("d1").commits = 2;
        String both = "holdfast rejoin payments/servers/a1 --accept-data-loss gives up 5 commits of a1;"
                + " or holdfast rejoin payments/servers/d1 --accept-data-loss gives up 2 commits of d1";
        allPrint(ExitCode.WOULD_LOSE_DATA, "It is unclear", both);
        refuses(rejoin("a1"), ExitCode.WOULD_LOSE_DATA, "It is unclear", both);
        refuses(rejoin("d1"), ExitCode.WOULD_LOSE_DATA, "It is unclear", both);
        decides(
                rejoin("d1", true),
                "fence d1, preserve the WAL and rows that only it has, and return it as a standby",
                "giving up 2 commits after");
        done(rejoin("d1", true));
        assertThat(bank.titles()).isEmpty();
    }

    @Test
    void the_other_side_can_be_chosen_too() {
        stray("d1");
        bank.at("a1").commits = 5;
        bank.at("d1").commits = 2;
        done(rejoin("a1", true));
        assertThat(bank.at("a1").standby).isTrue();
        assertThat(bank.at("d1").standby).isFalse();
        assertThat(bank.fake.proxy("a1").ready).contains("primary/d1");
    }

    @Test
    void a_log_that_cannot_be_read_may_hold_anything() {
        stray("d1");
        bank.fake.unreadable.add("d1");
        refuses(
                rejoin("d1"),
                ExitCode.WOULD_LOSE_DATA,
                "an unknown number of commits after",
                "gives up an unknown number of commits of d1");
    }

    @Test
    void the_synchronous_standby_promoted_manually_took_no_client() {
        stray("b1");
        bank.at("a1").commits = 2;
        refuses(
                rejoin("a1"),
                ExitCode.REFUSED,
                "2 commits after 0/1000000 that no other primary has, none of them acknowledged",
                "holdfast rejoin payments/servers/b1 makes the stray primary a standby of a1");
    }

    @Test
    void clients_that_were_sent_to_the_promoted_side_count_for_it() {
        stray("b1");
        routes("b1");
        bank.at("b1").commits = 7;
        refuses(
                rejoin("b1"),
                ExitCode.REFUSED,
                "The clients use b1",
                "holdfast rejoin payments/servers/a1 makes the stray primary a standby of b1");
        done(rejoin("a1"));
        assertThat(bank.at("a1").standby).isTrue();
        assertThat(bank.titles()).isEmpty();
    }

    @Test
    void two_that_were_promoted_at_one_fork_have_one_timeline_and_no_rewind() {
        stray("b1");
        stray("d1");
        lost("a1");
        routes("b1");
        bank.at("b1").commits = 4;
        assertThat(bank.at("b1").timeline).isEqualTo(bank.at("d1").timeline);
        bank.at("d1").marks.remove("history");
        refuses(rejoin("b1"), ExitCode.REFUSED, "The clients use b1", "holdfast rejoin payments/servers/d1 ");
        bank.fake.cannotRewind.add("d1");
        done(rejoin("d1"));
        assertThat(bank.at("d1").standby).isTrue();
        assertThat(bank.at("d1").marks).containsKey("kept").doesNotContainKeys("rewound", "rewind");
    }

    @Test
    void three_primaries_end_one_after_the_other() {
        stray("b1");
        stray("d1");
        bank.at("a1").commits = 0;
        refuses(
                rejoin("a1"),
                ExitCode.REFUSED,
                "3 primaries, a split brain: a1",
                "holdfast rejoin payments/servers/b1, then holdfast rejoin payments/servers/d1 makes the stray primary a standby of a1");
        assertThat(bank.run(rejoin("b1").runbook()).refusals())
                .anySatisfy(r -> assertThat(r.hint())
                        .contains("holdfast rejoin payments/servers/d1")
                        .contains("afterwards holdfast rejoin payments/servers/b1"));
        done(rejoin("d1"));
        done(rejoin("b1"));
        assertThat(bank.at("b1").standby && bank.at("d1").standby).isTrue();
        assertThat(bank.apply().isDone()).isTrue();
        assertThat(bank.titles()).isEmpty();
    }

    @Test
    void a_primary_that_has_ended_is_a_side_with_its_commits() {
        stray("d1");
        bank.at("a1").commits = 5;
        bank.at("d1").commits = 2;
        bank.at("a1").up = false;
        String both = "holdfast rejoin payments/servers/a1 --accept-data-loss gives up 5 commits of a1;"
                + " or holdfast rejoin payments/servers/d1 --accept-data-loss gives up 2 commits of d1";
        allPrint(ExitCode.WOULD_LOSE_DATA, "a1 (stopped, timeline 1", both);
        refuses(rejoin("a1"), ExitCode.WOULD_LOSE_DATA, "It is unclear", both);
        refuses(rejoin("d1"), ExitCode.WOULD_LOSE_DATA, "It is unclear", both);
        done(rejoin("a1", true));
        assertThat(bank.at("a1").standby).isTrue();
        assertThat(bank.at("d1").standby).isFalse();
    }

    @Test
    void unreadable_wal_and_a_lost_history_of_a_primary_that_has_ended_count_as_commits() {
        stray("d1");
        bank.at("a1").up = false;
        bank.fake.unreadable.add("a1");
        refuses(rejoin("a1"), ExitCode.REFUSED, "its WAL cannot be read", "holdfast rejoin payments/servers/d1");
        bank.fake.servers.values().forEach(s -> s.marks.remove("history"));
        refuses(rejoin("a1"), ExitCode.REFUSED, "its WAL cannot be read", "holdfast rejoin payments/servers/d1");
    }

    @Test
    void a_stray_primary_is_a_refusal_and_a_problem_while_the_recorded_primary_is_unseen() {
        stray("d1");
        lost("a1");
        bank.fake.silentHosts.add("a1");
        allPrint(
                ExitCode.UNREACHABLE,
                "d1 is primary on timeline 2, and no role change of Holdfast promoted it. According to the history of",
                "make the host of a1 answer; then holdfast plan compares both; or s");
        assertThat(bank.look().problems())
                .anySatisfy(p -> assertThat(p)
                        .contains(
                                "or switch the host off and make sure that it stays off, then holdfast failover payments --to d1"
                                        + " --override=fenced-by-hand"));
    }

    @Test
    void a_fence_of_an_earlier_failover_does_not_explain_a_promotion_of_today() {
        lost("a1");
        done(failover("", false));
        bank.run(switchover("d1").runbook());
        assertThat(bank.at("a1").marks.get("fence")).startsWith("failover 1 b1 ");
        // the clock of the rehearsal stands still, and the failover was before the switchover
        bank.at("a1").marks.put("fence", "failover 1 b1 2020-01-01T00:00:00Z");
        assertThat(bank.at("d1").standby).isFalse();
        bank.at("b1").promote();
        bank.at("d1").commits = 3;
        lost("d1");
        refuses(
                rejoin("d1"),
                ExitCode.REFUSED,
                "a primary that Holdfast did not promote, a split brain: b1 (timeline 4",
                "holdfast rejoin payments/servers/b1 makes the stray primary a standby of d1");
        bank.fake.silentHosts.add("d1");
        refuses(
                rejoin("a1"),
                ExitCode.UNREACHABLE,
                "b1 is primary on timeline 4, and no role change of Holdfast promoted it. According to the history of",
                "make the host of d1 answer");
    }

    @Test
    void without_the_data_of_the_recorded_primary_a_silent_standby_can_have_its_commits() {
        stray("d1");
        lost("a1");
        bank.at("a1").data = false;
        bank.at("a1").marks.clear();
        bank.fake.silentHosts.add("b1");
        String sentence =
                "a1 is primary on timeline 1; its data directory is missing, and the host of b1 does not answer";
        String command = "make the host of b1 answer; then holdfast plan compares both";
        refuses(failover("", true), ExitCode.UNREACHABLE, sentence, command);
        refuses(switchover(""), ExitCode.UNREACHABLE, sentence, command);
        refuses(rejoin("a1"), ExitCode.UNREACHABLE, "b1 can have acknowledged commits that d1 lacks", command);
        assertThat(bank.plans().get(0).refusals())
                .anySatisfy(r -> assertThat(r.what()).contains(sentence));
        decides(
                failover("d1", true, "fenced-by-hand"),
                "d1 is primary; only the stages after the promotion are left",
                "d1 is primary on timeline 2");
    }

    @Test
    void a_primary_that_a_switchover_stopped_for_another_member_is_a_side_with_its_commits() {
        bank.at("a1").marks.put("fence", "switchover 1 b1 2026-01-01T00:00:00Z");
        stray("d1");
        lost("a1");
        bank.at("a1").commits = 2;
        bank.fake.silentHosts.add("b1");
        refuses(
                rejoin("a1"),
                ExitCode.REFUSED,
                "a1 (stopped, timeline 1",
                "holdfast rejoin payments/servers/d1 makes the stray primary a standby of a1 and preserves the rows that only it"
                        + " has; holdfast switchover payments continues in between");
        bank.at("a1").marks.put("fence", "switchover 1 d1 2026-01-01T00:00:00Z");
        assertThat(bank.look().splitBrain().isThere()).isFalse();
    }

    @Test
    void commits_that_did_not_have_to_wait_count_as_acknowledged() {
        stray("b1");
        routes("b1");
        bank.at("a1").commits = 2;
        bank.at("b1").commits = 3;
        bank.at("a1").slots.clear();
        refuses(rejoin("b1"), ExitCode.REFUSED, "none of them acknowledged", "holdfast rejoin payments/servers/a1");
        bank.at("a1").marks.put("changed", "postgresql.auto.conf");
        refuses(rejoin("a1"), ExitCode.WOULD_LOSE_DATA, "It is unclear", "gives up 2 commits of a1");
        bank.at("a1").marks.remove("changed");
        bank.at("a1").unsafeCommits = "role loader has synchronous_commit=local";
        refuses(rejoin("a1"), ExitCode.WOULD_LOSE_DATA, "It is unclear", "gives up 2 commits of a1");
    }

    @Test
    void a_primary_of_another_cluster_is_named() {
        stray("d1");
        bank.at("d1").systemIdentifier = "799";
        refuses(rejoin("d1", true), ExitCode.REFUSED, "different system identifiers", "move its directory away");
    }

    @Test
    void without_proxies_the_sessions_report_where_the_clients_are() {
        Trio alone = new Trio().member("c1", MemberRole.ASYNC);
        bank = Bank.applied(alone);
        stray("b1");
        bank.fake.proxy("a1").up = false;
        bank.at("a1").clients = 4;
        refuses(rejoin("a1"), ExitCode.REFUSED, "The clients use a1", "holdfast rejoin payments/servers/b1");
        bank.at("b1").clients = 4;
        refuses(rejoin("a1"), ExitCode.WOULD_LOSE_DATA, "It is unclear", "--accept-data-loss");
    }

    @Test
    void where_two_lines_of_descent_part() {
        TimelineHistory one = TimelineHistory.of(1, "");
        TimelineHistory two = TimelineHistory.of(2, "1\t0/500\tno recovery target specified\n");
        TimelineHistory other = TimelineHistory.of(2, "1 0/400");
        TimelineHistory late = TimelineHistory.of(4, "1 0/500,2 0/700");
        assertThat(one.fork(two)).isEqualTo(new TimelineHistory.Fork(1, Lsn.at("0/500"), false));
        assertThat(two.fork(one)).isEqualTo(one.fork(two));
        assertThat(two.fork(other)).isEqualTo(new TimelineHistory.Fork(1, Lsn.at("0/400"), false));
        assertThat(two.fork(two)).isEqualTo(new TimelineHistory.Fork(2, Lsn.at("0/500"), true));
        assertThat(late.fork(two)).isEqualTo(new TimelineHistory.Fork(2, Lsn.at("0/700"), false));
        assertThat(TimelineHistory.lines(late.beyond(late.fork(other))))
                .isEqualTo("1 0/400 0/500\n2 0/500 0/700\n4 0/700 -");
        assertThat(TimelineHistory.lines(one.beyond(one.fork(two)))).isEqualTo("1 0/500 -");
        assertThat(TimelineHistory.of(3, "").isKnown()).isFalse();
        assertThat(List.of(one, two)).allMatch(TimelineHistory::isKnown);
    }
}
