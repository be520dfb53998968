package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.postgres.rolechange.FailoverOperation;
import dev.holdfast.postgres.rolechange.SwitchoverOperation;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import dev.holdfast.postgres.topology.PostgresCluster.Synchronous.Method;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Switchover and failover carried out on pretend servers: what is typed, in which order, and how a run ends. */
@Tag("unit")
class TakeoverRunsTest extends Rehearsal {

    // ---- switchover

    @Test
    void a_host_that_is_slow_to_report_that_its_primary_has_stopped_is_waited_for() {
        bank.fake.slowHosts.put("a1", 2);
        done(switchover(""));
        assertThat(bank.at("b1").standby).isFalse();
        assertThat(bank.at("a1").follows()).isEqualTo(bank.at("b1").endpoint);
    }

    @Test
    void the_sync_standby_takes_over_and_the_old_primary_comes_back_without_a_rewind() {
        decides(switchover(""), "move the primary of payments from a1 to b1", "b1 streams, is sync");
        done(switchover(""));
        assertThat(bank.at("b1").standby).isFalse();
        assertThat(bank.at("b1").timeline).isEqualTo(2);
        assertThat(bank.at("a1").follows()).isEqualTo(bank.at("b1").endpoint);
        assertThat(bank.at("d1").follows()).isEqualTo(bank.at("b1").endpoint);
        assertThat(bank.at("b1").setting("synchronous_standby_names")).isEqualTo("FIRST 1 (\"a1\")");
        assertThat(bank.at("a1").slots).isEmpty();
        assertThat(bank.fake.proxy("a1").ready).containsExactly("primary/b1", "standbys/a1");
        assertThat(bank.at("a1").marks).doesNotContainKeys("fence", "kept", "rewound");
        assertThat(bank.at("d1").marks.get("history")).contains("b1\tin-sync\tFIRST 1 (\"a1\")");
        assertThat(bank.titles()).isEmpty();
    }

    @Test
    void a_dry_run_changes_nothing() {
        bank.world.forget();
        switchover("").runbook().plan(bank.world);
        assertThat(bank.world.changes()).isEmpty();
    }

    @Test
    void a_disaster_recovery_copy_takes_over_when_it_is_named() {
        done(switchover("d1"));
        assertThat(bank.at("d1").standby).isFalse();
    }

    @Test
    void a_primary_that_does_not_stop_is_started_again_and_gets_the_writes_back() {
        bank.fake.cannotStop.add("a1");
        RunbookOutcome outcome = bank.run(switchover("").runbook());
        assertThat(outcome.exit()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(outcome.failures()).singleElement().asString().contains("the server did not stop within 10 s");
        assertThat(outcome.refusals())
                .singleElement()
                .asString()
                .contains("the switchover was reverted: a1 is primary as before");
        assertThat(bank.at("a1").up).isTrue();
        assertThat(bank.at("a1").marks).doesNotContainKey("fence");
        assertThat(bank.at("b1").standby).isTrue();
        assertThat(bank.fake.proxy("a1").ready).contains("primary/a1");
    }

    @Test
    void no_candidate_is_promoted_that_lacks_the_last_record() {
        bank.fake.keepsLastRecord.add("a1");
        bank.run(switchover("").runbook());
        assertThat(bank.at("b1").standby).isTrue();
        assertThat(bank.at("a1").up).isTrue();
        assertThat(bank.at("a1").marks).doesNotContainKey("fence");
        assertThat(bank.fake.proxy("a1").ready).contains("primary/a1");
    }

    @Test
    void killed_after_any_action_the_next_switchover_ends_it() {
        boolean wasKilled = true;
        for (int changes = 0; wasKilled; changes++) {
            TakeoverRunsTest test = new TakeoverRunsTest();
            test.bank.killAfter(changes);
            try {
                test.done(test.switchover("b1"));
                wasKilled = false;
            } catch (Bank.Killed killed) {
                test.bank.killAfter(Integer.MAX_VALUE);
                test.done(test.switchover("b1"));
            }
            assertThat(test.bank.at("b1").standby).as("after " + changes).isFalse();
            assertThat(test.bank.at("b1").timeline).isEqualTo(2);
            assertThat(test.bank.at("a1").up && test.bank.at("a1").standby).isTrue();
            assertThat(test.bank.titles()).isEmpty();
        }
    }

    @Test
    void killed_after_the_promotion_a_switchover_without_a_name_moves_nothing_a_second_time() {
        boolean wasKilled = true;
        for (int changes = 0; wasKilled; changes++) {
            TakeoverRunsTest test = new TakeoverRunsTest();
            test.bank.killAfter(changes);
            try {
                test.done(test.switchover(""));
                wasKilled = false;
            } catch (Bank.Killed killed) {
                test.bank.killAfter(Integer.MAX_VALUE);
                test.done(test.switchover(""));
            }
            // before the promotion it may be taken back; after it the primary stays where it is
            boolean isMoved = !test.bank.at("b1").standby;
            assertThat(test.bank.at(isMoved ? "b1" : "a1").timeline)
                    .as("after " + changes)
                    .isEqualTo(isMoved ? 2 : 1);
        }
    }

    @Test
    void a_candidate_whose_log_needs_higher_settings_is_restarted_before_the_old_primary_is_fenced() {
        bank.at("b1").marks.put("needs", " max_connections=150 max_worker_processes=8");
        lost("a1");
        int lives = bank.at("b1").lives;
        done(failover("", false));
        assertThat(bank.at("b1").lives).isEqualTo(lives + 1);
        assertThat(bank.at("b1").standby).isFalse();
    }

    @Test
    void a_candidate_that_does_not_come_back_leaves_the_old_primary_unfenced() {
        bank.at("b1").marks.put("needs", " max_connections=150");
        bank.fake.cannotStart.add("b1");
        lost("a1");
        RunbookOutcome outcome = bank.run(failover("", false).runbook());
        assertThat(outcome.exit()).as(outcome.toString()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(bank.at("a1").marks).doesNotContainKey("fence");
    }

    @Test
    void a_switchover_that_leaves_a_member_behind_is_incomplete() {
        bank.fake.silentHosts.add("d1");
        RunbookOutcome outcome = bank.run(switchover("b1").runbook());
        assertThat(outcome.exit()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(outcome.missing()).extracting(r -> r.where()).contains("payments/servers/d1");
    }

    @Test
    void apply_does_not_start_a_primary_that_stopped_for_a_handover() {
        bank.killAfter(8);
        try {
            bank.run(switchover("b1").runbook());
        } catch (Bank.Killed killed) {
            bank.killAfter(Integer.MAX_VALUE);
        }
        if (!bank.at("a1").up && bank.at("b1").standby) {
            assertThat(bank.refusals()).anyMatch(r -> r.contains("the member does not start as primary: a switchover"));
        }
    }

    @Test
    void after_a_switchover_the_first_commit_waits_for_the_old_primary_unless_the_new_one_is_to_serve() {
        for (boolean serves : new boolean[] {false, true}) {
            Bank pair = Bank.applied(serves ? new Trio().serves() : new Trio());
            pair.run(SwitchoverOperation.operation(pair.trio.estate(), pair.trio.cluster(), request("b1", false))
                    .runbook());
            List<String> typed = pair.world.changes().stream()
                    .map(a -> a.script().file() + " to " + a.target() + " "
                            + a.script().values())
                    .toList();
            int promoted = indexOf(typed, "postgres/promote.sql to payments/servers/b1", "");
            int named = indexOf(typed, "postgres/role.conf to b1", "FIRST 1 (\"a1\")");
            assertThat(named).as(String.join("\n", typed)).isNotNegative();
            assertThat(named < promoted).as(String.join("\n", typed)).isEqualTo(!serves);
            assertThat(pair.titles()).isEmpty();
        }
    }

    @Test
    void after_a_switchover_too_the_first_commit_waits_for_the_other_standby() {
        Bank four = Bank.applied(new Trio().member("c1", MemberRole.SYNC).waitsFor(Method.ANY, 1));
        four.world.forget();
        RunbookOutcome outcome =
                four.run(SwitchoverOperation.operation(four.trio.estate(), four.trio.cluster(), request("b1", false))
                        .runbook());
        assertThat(outcome.failures()).isEmpty();
        List<String> typed = four.world.changes().stream()
                .map(a -> a.script().file() + " to " + a.target() + " "
                        + a.script().values())
                .toList();
        int promoted = indexOf(typed, "postgres/promote.sql to payments/servers/b1", "");
        assertThat(indexOf(typed, "postgres/role.conf to b1", "ANY 1 (\"c1\")"))
                .as(String.join("\n", typed))
                .isBetween(0, promoted - 1);
        assertThat(indexOf(
                        typed,
                        "postgres/role.conf to c1",
                        four.at("b1").endpoint.split(":")[0]))
                .as(String.join("\n", typed))
                .isBetween(0, indexOf(typed, "postgres/start.sh to a1", ""));
        assertThat(four.at("c1").follows()).isEqualTo(four.at("b1").endpoint);
    }

    private static int indexOf(List<String> typed, String begin, String within) {
        return typed.indexOf(typed.stream()
                .filter(t -> t.startsWith(begin) && t.contains(within))
                .findFirst()
                .orElse(""));
    }

    // ---- failover

    @Test
    void a_silent_primary_is_fenced_before_anybody_is_promoted() {
        bank.at("a1").hangs = true;
        bank.at("a1").up = false;
        decides(failover("", false), "fence a1 and promote b1", "a1 does not answer: 3 queries of 2 s each timed out");
        bank.world.forget();
        done(failover("", false));
        List<String> messages =
                bank.world.changes().stream().map(a -> a.script().file()).toList();
        assertThat(messages.indexOf("postgres/fence.sh")).isLessThan(messages.indexOf("postgres/promote.sql"));
        assertThat(messages.indexOf("haproxy/route.sh")).isLessThan(messages.indexOf("postgres/fence.sh"));
        assertThat(messages.indexOf("postgres/write-probe.sql")).isLessThan(messages.indexOf("postgres/promote.sql"));
    }

    @Test
    void it_is_off_as_the_operator_confirms_no_server_may_answer_through_an_endpoint_before_another_is_promoted() {
        Trio trio = new Trio();
        trio.proxies.add("b1");
        bank = Bank.applied(trio);
        bank.at("a1").up = false;
        bank.fake.silentHosts.add("a1");
        bank.world.forget();
        done(failover("", true, "fenced-by-hand"));
        assertThat(bank.at("b1").standby).isFalse();
        List<String> messages = bank.world.asked().stream()
                .map(a -> a.target() + " " + a.script().file())
                .toList();
        assertThat(messages.indexOf("payments/proxies/b1 postgres/role.sql"))
                .isPositive()
                .isLessThan(messages.indexOf("b1 haproxy/route.sh"));
        assertThat(messages.indexOf("b1 haproxy/route.sh"))
                .isLessThan(messages.indexOf("payments/servers/b1 postgres/promote.sql"));
        assertThat(bank.fake.proxy("b1").ready).contains("primary/b1");
    }

    @Test
    void commits_on_a_new_primary_wait_for_the_other_live_standby_from_the_first_on() {
        Bank four = Bank.applied(new Trio().member("c1", MemberRole.SYNC).waitsFor(Method.ANY, 1));
        four.at("a1").up = false;
        four.world.forget();
        RunbookOutcome outcome =
                four.run(FailoverOperation.operation(four.trio.estate(), four.trio.cluster(), request("", false))
                        .runbook());
        assertThat(outcome.failures()).isEmpty();
        assertThat(four.at("b1").setting("synchronous_standby_names")).isEqualTo("ANY 1 (\"c1\")");
    }

    @Test
    void a_standby_that_commits_did_not_wait_for_is_refused_with_the_bound() {
        lost("b1");
        bank.fake.silentHosts.add("b1");
        lost("a1");
        bank.at("a1").end += 0x300;
        refuses(
                failover("", false),
                ExitCode.WOULD_LOSE_DATA,
                "d1 can lack acknowledged commits: according to the history of 2026-01-01T00:00:00Z, commits waited for FIRST 1 (\"b1\");"
                        + " at most lost: 768 bytes of WAL with 768 commits, made within 1.5 s",
                "--to d1 --accept-data-loss");
        decides(failover("d1", true), "fence a1 and promote d1", "made within 1.5 s, which was accepted");
        done(failover("d1", true));
        assertThat(bank.at("d1").standby).isFalse();
    }

    @Test
    void a_copy_that_is_ahead_of_the_new_primary_is_rewound() {
        lost("a1");
        bank.at("d1").end += 0x900;
        done(failover("", false));
        assertThat(bank.at("d1").marks).containsKeys("kept", "rewound");
        assertThat(bank.at("d1").follows()).isEqualTo(bank.at("b1").endpoint);
    }

    @Test
    void apply_after_a_failover_keeps_the_new_roles_and_leaves_the_fenced_one_alone() {
        lost("a1");
        done(failover("", false));
        RunbookOutcome applied = bank.apply();
        assertThat(applied.exit()).isEqualTo(ExitCode.DONE);
        assertThat(bank.at("a1").up).isFalse();
        assertThat(applied.open())
                .anyMatch(o -> o.where().equals("payments/servers/a1")
                        && o.what().contains("the member stays fenced")
                        && o.hint().equals("holdfast rejoin payments/servers/a1"));
    }

    @Test
    void killed_after_any_action_the_next_failover_ends_it() {
        boolean wasKilled = true;
        for (int changes = 0; wasKilled; changes++) {
            TakeoverRunsTest test = new TakeoverRunsTest();
            test.lost("a1");
            test.bank.killAfter(changes);
            try {
                test.done(test.failover("", false));
                wasKilled = false;
            } catch (Bank.Killed killed) {
                test.bank.killAfter(Integer.MAX_VALUE);
                test.done(test.failover("", false));
            }
            assertThat(test.bank.at("b1").standby).as("after " + changes).isFalse();
            assertThat(test.bank.at("b1").timeline).isEqualTo(2);
            assertThat(test.bank.at("a1").up).isFalse();
        }
    }
}
