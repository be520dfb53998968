package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.DecisionTable;
import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.postgres.action.RoleChangeActions;
import dev.holdfast.postgres.probe.RoleChangeConditions;
import dev.holdfast.postgres.probe.RoleChangeProbe;
import dev.holdfast.postgres.rolechange.RejoinDecision;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How one comes back that was left: the decisions of rejoin, row by row, and its runs on pretend servers. */
@Tag("unit")
class RejoinTest extends Rehearsal {

    @RegisterExtension
    static final DecisionTable REJOIN = new DecisionTable("PostgreSQL: rejoin", RejoinDecision.TABLE);

    @Override
    Map<List<?>, DecisionTable> tables() {
        return Map.of(RejoinDecision.TABLE, REJOIN);
    }

    @Test
    void the_fenced_primary_is_rewound_once_and_what_only_it_has_is_kept() {
        lost("a1");
        bank.at("a1").end += 0x500;
        done(failover("", false));
        decides(
                rejoin("a1"),
                "preserve what only a1 has, rewind it and start it as a standby",
                "a1 was primary on timeline 1");
        done(rejoin("a1"));
        assertThat(bank.at("a1").marks).containsKeys("kept", "rewound").doesNotContainKey("fence");
        assertThat(bank.at("b1").setting("synchronous_standby_names")).isEqualTo("FIRST 1 (\"a1\")");
        assertThat(bank.titles()).isEmpty();
        bank.world.forget();
        done(rejoin("a1"));
        assertThat(bank.world.changes()).isEmpty();
    }

    @Test
    void without_the_password_nothing_is_known() {
        bank.promoted("b1");
        bank.fake.servers.values().forEach(s -> s.refuses = "28P01");
        refuses(
                rejoin("b1"),
                ExitCode.REFUSED,
                "a1: ",
                "run the command on a machine that has the secret payments/admin, or copy the secret to this machine");
        refuses(switchover(""), ExitCode.REFUSED, "a1: ", "or copy the secret to this machine");
    }

    @Test
    void a_proxy_that_does_not_run_is_left_to_apply() {
        lost("a1");
        done(failover("", false));
        bank.fake.proxy("a1").up = false;
        done(rejoin("a1"));
        assertThat(bank.apply().isDone()).isTrue();
        assertThat(bank.fake.proxy("a1").ready).contains("primary/b1");
    }

    @Test
    void a_rewind_that_did_not_end_is_not_repeated_the_folder_is_kept_and_cloned() {
        lost("a1");
        done(failover("", false));
        bank.at("a1").marks.put("rewind", "from 10.0.0.2:5432");
        decides(
                rejoin("a1"),
                "preserve the data of a1 and clone it again",
                "a second one would leave an inconsistent data directory");
        done(rejoin("a1"));
        assertThat(bank.at("a1").marks).containsKey("kept").doesNotContainKeys("fence", "rewind");
        assertThat(bank.at("a1").standby).isTrue();
    }

    @Test
    void a_rewind_that_fails_ends_in_a_clone() {
        lost("a1");
        done(failover("", false));
        bank.fake.cannotRewind.add("a1");
        done(rejoin("a1"));
        assertThat(bank.at("a1").standby).isTrue();
    }

    @Test
    void the_primary_and_a_follower_have_nowhere_to_come_back_to() {
        decides(rejoin("a1"), "nothing is done", "a1 is primary");
        decides(rejoin("b1"), "nothing is done", "b1 follows a1");
    }

    @Test
    void a_promotion_that_is_not_on_record_is_not_believed_while_the_recorded_primary_is_unseen() {
        bank.promoted("d1");
        lost("a1");
        bank.fake.silentHosts.add("a1");
        refuses(
                rejoin("b1"),
                ExitCode.UNREACHABLE,
                "d1 is primary on timeline 2, and no role change of Holdfast promoted it",
                "or see what is possible without that host with holdfast failover payments");
    }

    @Test
    void no_member_rejoins_a_cluster_without_a_primary() {
        lost("a1");
        refuses(rejoin("b1"), ExitCode.UNREACHABLE, "no primary answers", "holdfast failover");
    }

    @Test
    void its_host_must_answer_and_its_name_be_known() {
        refuses(rejoin("x1"), ExitCode.USAGE, "x1: unknown member", "holdfast status");
        bank.fake.silentHosts.add("b1");
        refuses(rejoin("b1"), ExitCode.UNREACHABLE, "the host of b1 does not answer", "make the host answer");
    }

    @Test
    void a_member_of_another_cluster_is_refused() {
        lost("b1");
        bank.at("b1").systemIdentifier = "799";
        refuses(
                rejoin("b1"),
                ExitCode.REFUSED,
                "b1 has system identifier 799, and a1 has 71",
                "move its data directory away");
    }

    @Test
    void the_ways_back_of_one_that_was_never_primary() {
        bank.at("b1").hangs = true;
        bank.at("b1").up = false;
        refuses(
                rejoin("b1"),
                ExitCode.UNREACHABLE,
                "b1 has a process that does not answer",
                "stop the process, or wait until it answers");
        bank.at("b1").hangs = false;
        decides(rejoin("b1"), "start b1 as a standby, without a rewind", "b1 has no WAL that a1 does not have");
        bank.at("b1").data = false;
        decides(rejoin("b1"), "preserve the data of b1 and clone it again", "b1 has no database");
    }

    @Test
    void rows_that_could_not_be_written_out_end_a_rejoin_until_a_person_overrides_that() {
        lost("a1");
        done(failover("", false));
        bank.at("a1").marks.put("unread", "20260101T000000Z");
        refuses(
                rejoin("a1"),
                ExitCode.REFUSED,
                "the rows that only this member has could not be exported to kept/20260101T000000Z",
                "holdfast rejoin payments/servers/a1 --override=rows-not-kept");
        decides(
                rejoin("a1", false, "rows-not-kept"),
                "preserve the data of a1 and clone it again",
                "the operator has overridden this, and the whole data directory of the member is kept");
        done(rejoin("a1", false, "rows-not-kept"));
        assertThat(bank.at("a1").standby).isTrue();
        assertThat(bank.at("a1").marks).containsKey("kept").doesNotContainKey("unread");
    }

    @Test
    void a_rejoin_is_incomplete_while_another_member_has_rows_that_could_not_be_saved() {
        lost("a1");
        done(failover("", false));
        bank.at("d1").marks.put("unread", "20260101T000000Z");
        RunbookOutcome outcome = bank.run(rejoin("a1").runbook());
        assertThat(outcome.failures()).isEmpty();
        assertThat(bank.at("a1").standby).isTrue();
        assertThat(outcome.open()).singleElement().satisfies(o -> {
            assertThat(o.hint()).contains("holdfast rejoin payments/servers/d1");
            assertThat(o.exit()).isEqualTo(ExitCode.INCOMPLETE);
        });
    }

    @Test
    void of_two_primaries_with_commits_a_person_gives_one_up() {
        bank.promoted("d1");
        bank.at("a1").commits = 5;
        bank.at("d1").commits = 2;
        refuses(
                rejoin("d1"),
                ExitCode.WOULD_LOSE_DATA,
                "It is unclear which primary has the acknowledged commits",
                "holdfast rejoin payments/servers/d1 --accept-data-loss gives up 2 commits of d1");
        decides(
                rejoin("d1", true),
                "fence d1, preserve the WAL and rows that only it has, and return it as a standby",
                "giving up 2 commits after");
    }

    @Test
    void one_that_has_the_primarys_timeline_and_other_log_on_it_is_never_rewound() {
        bank.promoted("b1");
        bank.promoted("d1");
        lost("a1");
        lost("d1");
        decides(
                rejoin("d1"),
                "preserve the data of d1 and clone it again",
                "pg_rewind compares only the numbers of timelines and would do nothing");
    }

    /** Both were promoted at the same place, and the standby replayed the stray one from the archive: all numbers are equal. */
    @Test
    void a_standby_that_replayed_wal_of_another_server_is_named_and_cloned() {
        bank.fake.withOtherWal.add("b1");
        assertThat(bank.look().problems())
                .anySatisfy(p -> assertThat(p)
                        .startsWith("b1 has diverged: the last WAL record that the member replayed is at 0/")
                        .contains("and the next record of a1 follows one at 0/")
                        .endsWith("the member replayed WAL of another server"));
        decides(
                rejoin("b1"),
                "preserve the data of b1 and clone it again",
                "the member replayed WAL of another server");
        done(rejoin("b1"));
        assertThat(bank.titles()).isEmpty();
        assertThat(bank.at("b1").marks).containsKey("kept");
    }

    /** Once the archive has the primary's WAL, the member replaces its own, and nothing there shows the difference any more. */
    @Test
    void the_other_wal_of_a_standby_is_on_record_before_the_proof_can_vanish() {
        bank.fake.withOtherWal.add("b1");
        bank.fake.cannotKeep.add("b1");
        assertThat(bank.run(rejoin("b1").runbook()).isDone()).isFalse();
        bank.fake.isOtherWalReplaced = true;
        assertThat(bank.look().problems()).anyMatch(p -> p.contains("b1 has diverged: the last WAL record"));
        refuses(rejoin("b1"), ExitCode.REFUSED, "could not be exported to kept/", "--override=rows-not-kept");
        done(rejoin("b1", false, "rows-not-kept"));
        assertThat(bank.at("b1").marks).containsKey("moved").doesNotContainKey("other-wal");
        assertThat(bank.titles()).isEmpty();
    }

    @Test
    void a_standby_that_only_lost_its_connection_is_not_cloned() {
        bank.at("a1").slots.clear();
        assertThat(bank.look().follows(bank.look().member(Trio.server("b1")))).isFalse();
        assertThat(bank.titles()).isNotEmpty().noneMatch(t -> t.contains("Clone"));
        assertThat(bank.look().problems()).noneMatch(p -> p.contains("diverged"));
    }

    @Test
    void what_cannot_be_kept_stops_the_rejoin_before_the_rewind() {
        lost("a1");
        bank.at("a1").end += 0x500;
        done(failover("", false));
        bank.fake.cannotKeep.add("a1");
        RunbookOutcome outcome = bank.run(rejoin("a1").runbook());
        assertThat(outcome.isDone()).isFalse();
        assertThat(bank.at("a1").marks).containsKeys("unread", "fence").doesNotContainKey("rewound");
        refuses(
                rejoin("a1"),
                ExitCode.REFUSED,
                "could not be exported to kept/",
                "--override=rows-not-kept keeps the whole data directory of the member");
    }

    @Test
    void a_primary_that_was_left_and_lives_is_fenced_and_brought_back() {
        bank.at("a1").up = false;
        bank.fake.silentHosts.add("a1");
        done(failover("", true, "fenced-by-hand"));
        bank.fake.silentHosts.remove("a1");
        bank.at("a1").up = true;
        assertThat(bank.refusals()).anyMatch(r -> r.contains("two primaries, a split brain"));
        refuses(rejoin("b1"), ExitCode.REFUSED, "The clients use b1", "holdfast rejoin payments/servers/a1 ");
        decides(
                rejoin("a1"),
                "fence a1, preserve the WAL and rows that only it has, and return it as a standby",
                "two primaries, a split brain: a1 (timeline 1, no synchronous standby");
        done(rejoin("a1"));
        assertThat(bank.at("a1").standby).isTrue();
        assertThat(bank.fake.proxy("a1").ready).contains("primary/b1");
        assertThat(bank.titles()).isEmpty();
    }

    @Test
    void a_started_standby_is_done_when_it_accepts_connections_and_not_before() {
        assertThat(bank.apply().isDone()).isTrue();
        Node a1 = Trio.server("a1");
        Node b1 = Trio.server("b1");
        RoleChangeProbe probe = new RoleChangeProbe(bank.trio.estate(), bank.trio.cluster());
        Condition runs = new RoleChangeConditions(probe, new RoleChangeActions(bank.trio.estate(), bank.trio.cluster()))
                .standbyRuns(a1, b1);
        assertThat(runs.look().at(bank.world).holds()).isTrue();
        bank.at("b1").startingUp = "the database system is not yet accepting connections";
        Condition.ProbeResult before = runs.look().at(bank.world);
        assertThat(before.holds()).isFalse();
        assertThat(before.observed()).contains("not yet accepting connections");
    }
}
