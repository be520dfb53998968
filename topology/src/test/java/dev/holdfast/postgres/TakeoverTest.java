package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Footing;
import dev.holdfast.engine.Maneuver;
import dev.holdfast.engine.Order;
import dev.holdfast.model.Exit;
import dev.holdfast.plan.DecisionTable;
import dev.holdfast.plan.Rule.Decision;
import dev.holdfast.plan.Runner;
import dev.holdfast.postgres.PostgresCluster.Part;
import dev.holdfast.postgres.PostgresCluster.Synchronous.Method;
import dev.holdfast.world.State;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Decisions of switchover, failover and rejoin, row by row, and their runbooks carried out on pretend servers. */
class TakeoverTest {

    @RegisterExtension
    static final DecisionTable FAILOVER = new DecisionTable("PostgreSQL: failover", FailoverCase.TABLE);

    @RegisterExtension
    static final DecisionTable SWITCHOVER = new DecisionTable("PostgreSQL: switchover", SwitchoverCase.TABLE);

    @RegisterExtension
    static final DecisionTable CANDIDATE = new DecisionTable("PostgreSQL: candidate of a switchover", Candidate.TABLE);

    @RegisterExtension
    static final DecisionTable REJOIN = new DecisionTable("PostgreSQL: rejoin", RejoinCase.TABLE);

    private Bank bank = Bank.applied(new Trio());
    /** The row that decides what was last asked for. */
    private Runnable row = () -> {};

    private static Order order(String to, boolean loss, String... overrides) {
        return new Order("", to.isEmpty() ? Optional.empty() : Optional.of(to), loss, Set.of(overrides));
    }

    private TakeoverSeen seen(String to) {
        return new TakeoverProbes(
                        bank.trio.estate(), bank.trio.cluster(), to.isEmpty() ? Optional.empty() : Optional.of(to))
                .look(bank.world);
    }

    private static void saw(DecisionTable table, Decision<Ruling> decision) {
        Ruling ruling = decision.then();
        String way = switch (ruling.way()) {
            case GO -> "go on, with " + ruling.who();
            case FINISH -> "nothing, or what is left to do";
            case TAKE_BACK -> "take the handover back: " + ruling.who() + " goes on as primary";
            case FOLLOW -> "start it as a standby, without a rewind";
            case REWIND -> "keep what only it has, rewind it, start it as a standby";
            case CLONE -> "keep its folder aside and clone it";
            case FENCE -> "fence it, then bring it back";
            case REFUSE -> "";
        };
        table.saw(decision, way, ruling.exit(), ruling.hint());
    }

    private Maneuver<TakeoverSeen> switchover(String to, String... overrides) {
        row = () -> {
            SwitchoverCase now = new SwitchoverCase(seen(""), order(to, false, overrides));
            saw(SWITCHOVER, now.decision());
            if (now.primary().isPresent()) {
                now.candidate().ifPresent(c -> saw(CANDIDATE, c.decision()));
            }
        };
        return PostgresSwitchover.maneuver(bank.trio.estate(), bank.trio.cluster(), order(to, false, overrides));
    }

    private Maneuver<TakeoverSeen> failover(String to, boolean loss, String... overrides) {
        row = () -> saw(FAILOVER, new FailoverCase(seen(to), order(to, loss, overrides)).decision());
        return PostgresFailover.maneuver(bank.trio.estate(), bank.trio.cluster(), order(to, loss, overrides));
    }

    private Maneuver<TakeoverSeen> rejoin(String name) {
        row = () -> saw(REJOIN, new RejoinCase(seen(""), name).decision());
        return PostgresRejoin.maneuver(bank.trio.estate(), bank.trio.cluster(), order(name, false));
    }

    private void decides(Maneuver<?> maneuver, String sentence, String because) {
        Maneuver.Decided decided = maneuver.decide(bank.world);
        row.run();
        assertThat(decided.refusal()).isEmpty();
        assertThat(decided.sentence()).isEqualTo(sentence);
        assertThat(decided.because()).contains(because);
    }

    private void refuses(Maneuver<?> maneuver, Exit exit, String because, String hint) {
        Maneuver.Decided decided = maneuver.decide(bank.world);
        row.run();
        assertThat(decided.refusal()).as(decided.toString()).isPresent();
        assertThat(decided.refusal().get().exit()).isEqualTo(exit);
        assertThat(decided.refusal().get().what()).contains(because);
        assertThat(decided.refusal().get().hint()).contains(hint);
        bank.world.forget();
        assertThat(bank.run(maneuver.book()).exit()).isEqualTo(exit);
        assertThat(bank.world.changes()).isEmpty();
    }

    private void done(Maneuver<?> maneuver) {
        Runner.Outcome outcome = bank.run(maneuver.book());
        assertThat(outcome.failures()).isEmpty();
        assertThat(outcome.refusals()).isEmpty();
        assertThat(outcome.exit()).isEqualTo(Exit.DONE);
    }

    private void lost(String name) {
        bank.at(name).up = false;
    }

    // ---- switchover

    @Test
    void a_host_that_is_slow_to_tell_that_its_primary_has_stopped_is_waited_for() {
        bank.fake.slowHosts.put("a1", 2);
        done(switchover(""));
        assertThat(bank.at("b1").standby).isFalse();
        assertThat(bank.at("a1").follows()).isEqualTo(bank.at("b1").endpoint);
    }

    @Test
    void the_sync_standby_takes_over_and_the_old_primary_comes_back_without_a_rewind() {
        decides(switchover(""), "hand the primary's part of payments from a1 to b1", "b1 streams, is sync");
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
    void the_one_that_is_wanted_is_primary_already() {
        decides(switchover("a1"), "a1 is primary; only what follows from it is left", "a1 is primary on timeline 1");
        bank.world.forget();
        done(switchover("a1"));
        assertThat(bank.world.changes()).isEmpty();
    }

    @Test
    void a_dry_run_changes_nothing() {
        bank.world.forget();
        switchover("").book().plan(bank.world);
        assertThat(bank.world.changes()).isEmpty();
    }

    @Test
    void a_disaster_recovery_copy_takes_over_when_it_is_named() {
        done(switchover("d1"));
        assertThat(bank.at("d1").standby).isFalse();
    }

    @Test
    void only_a_disaster_recovery_copy_is_left_and_none_is_named() {
        Trio lonely = new Trio();
        lonely.members.remove("b1");
        Bank two = Bank.applied(lonely);
        Maneuver.Decided decided = PostgresSwitchover.maneuver(lonely.estate(), lonely.cluster(), order("", false))
                .decide(two.world);
        TakeoverSeen now = new TakeoverProbes(lonely.estate(), lonely.cluster()).look(two.world);
        saw(SWITCHOVER, new SwitchoverCase(now, order("", false)).decision());
        assertThat(decided.refusal().orElseThrow().hint()).contains("--to NAME");
    }

    @Test
    void nobody_is_called_that() {
        refuses(switchover("x9"), Exit.USAGE, "--to x9: no member is called that", "the members are: a1, b1, d1");
        refuses(failover("x9", false), Exit.USAGE, "--to x9: no member is called that", "the members are: a1, b1, d1");
    }

    @Test
    void the_candidate_does_not_stream() {
        bank.at("a1").slots.remove("b1");
        refuses(
                switchover(""),
                Exit.REFUSED,
                "b1 does not stream from the primary: its state is not connected",
                "holdfast status");
    }

    @Test
    void the_candidate_is_stopped() {
        lost("b1");
        refuses(switchover("b1"), Exit.REFUSED, "b1 does not answer", "start it with holdfast apply");
    }

    @Test
    void the_candidates_host_does_not_answer() {
        bank.fake.silentHosts.add("b1");
        refuses(switchover(""), Exit.UNREACHABLE, "the host of b1 does not answer", "--to");
    }

    @Test
    void replay_is_paused_on_the_candidate() {
        bank.at("b1").paused = true;
        refuses(switchover(""), Exit.REFUSED, "replay is paused on b1, wanted: not paused", "--override=replay-paused");
        decides(switchover("", "replay-paused"), "hand the primary's part of payments from a1 to b1", "b1 streams");
    }

    @Test
    void the_candidate_lags_too_far_behind() {
        bank.at("b1").lag = 17L << 20;
        refuses(
                switchover(""),
                Exit.REFUSED,
                "b1 has 17825792 bytes still to replay, the limit is 16777216",
                "--override=candidate-lag");
    }

    @Test
    void no_primary_answers_a_switchover() {
        lost("a1");
        refuses(switchover(""), Exit.UNREACHABLE, "no primary answers", "holdfast failover");
    }

    @Test
    void a_primary_that_does_not_stop_is_started_again_and_gets_the_writes_back() {
        bank.fake.cannotStop.add("a1");
        Runner.Outcome outcome = bank.run(switchover("").book());
        assertThat(outcome.exit()).isEqualTo(Exit.INCOMPLETE);
        assertThat(outcome.failures()).singleElement().asString().contains("the server did not stop within 10 s");
        assertThat(outcome.refusals())
                .singleElement()
                .asString()
                .contains("the handover was taken back: a1 is primary as before");
        assertThat(bank.at("a1").up).isTrue();
        assertThat(bank.at("a1").marks).doesNotContainKey("fence");
        assertThat(bank.at("b1").standby).isTrue();
        assertThat(bank.fake.proxy("a1").ready).contains("primary/a1");
    }

    @Test
    void nobody_is_promoted_who_lacks_the_last_record() {
        bank.fake.keepsLastRecord.add("a1");
        bank.run(switchover("").book());
        assertThat(bank.at("b1").standby).isTrue();
        assertThat(bank.at("a1").up).isTrue();
        assertThat(bank.at("a1").marks).doesNotContainKey("fence");
        assertThat(bank.fake.proxy("a1").ready).contains("primary/a1");
    }

    @Test
    void killed_after_any_action_the_next_switchover_ends_it() {
        boolean wasKilled = true;
        for (int changes = 0; wasKilled; changes++) {
            TakeoverTest test = new TakeoverTest();
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
    void apply_does_not_start_a_primary_that_stopped_for_a_handover() {
        bank.killAfter(8);
        try {
            bank.run(switchover("b1").book());
        } catch (Bank.Killed killed) {
            bank.killAfter(Integer.MAX_VALUE);
        }
        if (!bank.at("a1").up && bank.at("b1").standby) {
            assertThat(bank.refusals()).anyMatch(r -> r.contains("it is not started as primary: a switchover"));
        }
    }

    // ---- failover

    @Test
    void a_primary_that_answers_is_not_failed_over_from() {
        refuses(failover("", false), Exit.REFUSED, "a1 is primary and answers queries", "holdfast switchover");
    }

    @Test
    void a_dead_primary_is_fenced_and_the_sync_standby_promoted() {
        lost("a1");
        decides(
                failover("", false),
                "fence a1 and promote b1",
                "a1 is down, as its host says; b1 was in sync by the record of");
        done(failover("", false));
        assertThat(bank.at("b1").standby).isFalse();
        assertThat(bank.at("b1").setting("synchronous_standby_names")).isEmpty();
        assertThat(bank.at("a1").marks.get("fence")).startsWith("failover 1 b1 ");
        assertThat(bank.at("a1").up).isFalse();
        assertThat(bank.at("d1").follows()).isEqualTo(bank.at("b1").endpoint);
        assertThat(bank.at("d1").marks.get("took")).contains("\tb1\tfailover\t");
        assertThat(bank.at("b1").controlTimeline).isEqualTo(2);
        assertThat(bank.fake.proxy("a1").ready).contains("primary/b1");
        bank.world.forget();
        decides(failover("", false), "b1 is primary; only what follows from it is left", "b1 is primary on timeline 2");
        done(failover("", false));
        assertThat(bank.world.changes()).isEmpty();
    }

    @Test
    void a_silent_primary_is_fenced_before_anybody_is_promoted() {
        bank.at("a1").hangs = true;
        bank.at("a1").up = false;
        decides(failover("", false), "fence a1 and promote b1", "a1 is silent: 3 queries were not answered");
        bank.world.forget();
        done(failover("", false));
        List<String> said =
                bank.world.changes().stream().map(a -> a.script().file()).toList();
        assertThat(said.indexOf("postgres/fence.sh")).isLessThan(said.indexOf("postgres/promote.sql"));
        assertThat(said.indexOf("haproxy/route.sh")).isLessThan(said.indexOf("postgres/fence.sh"));
        assertThat(said.indexOf("postgres/write-probe.sql")).isLessThan(said.indexOf("postgres/promote.sql"));
    }

    @Test
    void the_lost_primarys_host_cannot_be_reached_so_it_cannot_be_fenced() {
        bank.fake.silentHosts.add("a1");
        refuses(
                failover("", false),
                Exit.UNREACHABLE,
                "the host of a1 does not answer",
                "--override=fenced-by-hand --accept-data-loss");
        refuses(
                failover("", false, "fenced-by-hand"),
                Exit.WOULD_LOSE_DATA,
                "the host of the lost primary cannot be asked what it did last; at most lost: what was committed after",
                "--accept-data-loss");
    }

    @Test
    void it_is_off_as_a_person_says_so_nobody_may_answer_through_an_entrance_before_another_is_promoted() {
        Trio trio = new Trio();
        trio.proxies.add("b1");
        bank = Bank.applied(trio);
        bank.at("a1").up = false;
        bank.fake.silentHosts.add("a1");
        bank.world.forget();
        done(failover("", true, "fenced-by-hand"));
        assertThat(bank.at("b1").standby).isFalse();
        List<String> said = bank.world.asked().stream()
                .map(a -> a.target() + " " + a.script().file())
                .toList();
        assertThat(said.indexOf("payments/proxies/b1 postgres/role.sql"))
                .isPositive()
                .isLessThan(said.indexOf("b1 haproxy/route.sh"));
        assertThat(said.indexOf("b1 haproxy/route.sh"))
                .isLessThan(said.indexOf("payments/servers/b1 postgres/promote.sql"));
        assertThat(bank.fake.proxy("b1").ready).contains("primary/b1");
    }

    @Test
    void fenced_by_hand_while_most_others_are_silent_too() {
        bank.fake.silentHosts.add("a1");
        bank.fake.silentHosts.add("d1");
        refuses(
                failover("", true, "fenced-by-hand"),
                Exit.UNREACHABLE,
                "the hosts of d1 do not answer either: one of them may be promoted from elsewhere at the same time",
                "--override=others-silent");
        decides(
                failover("", true, "fenced-by-hand", "others-silent"),
                "fence a1 and promote b1",
                "a1 was fenced by hand");
    }

    @Test
    void a_primary_that_was_left_and_lives_is_fenced_and_brought_back() {
        bank.at("a1").up = false;
        bank.fake.silentHosts.add("a1");
        done(failover("", true, "fenced-by-hand"));
        bank.fake.silentHosts.remove("a1");
        bank.at("a1").up = true;
        assertThat(bank.refusals()).anyMatch(r -> r.contains("two primaries, a split brain"));
        refuses(rejoin("b1"), Exit.REFUSED, "two primaries, a split brain", "");
        decides(
                rejoin("a1"),
                "fence a1, keep what only it has, and bring it back as a standby",
                "a1 is primary on timeline 1, and b1 was promoted since");
        done(rejoin("a1"));
        assertThat(bank.at("a1").standby).isTrue();
        assertThat(bank.fake.proxy("a1").ready).contains("primary/b1");
        assertThat(bank.titles()).isEmpty();
    }

    @Test
    void a_primary_that_recovers_by_itself_is_waited_for() {
        bank.at("a1").startingUp = "the database system is starting up";
        refuses(
                failover("", false),
                Exit.REFUSED,
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
                Exit.WOULD_LOSE_DATA,
                "b1 may lack acknowledged commits",
                "accept the loss with --accept-data-loss");
    }

    @Test
    void a_standby_that_commits_did_not_wait_for_is_refused_with_the_bound() {
        lost("b1");
        lost("a1");
        bank.at("a1").end += 0x300;
        refuses(
                failover("", false),
                Exit.WOULD_LOSE_DATA,
                "d1 may lack acknowledged commits: the record of 2026-01-01T00:00:00Z says that commits waited for FIRST 1 (\"b1\");"
                        + " at most lost: 768 bytes of log with 768 commits, made within 1.5 s",
                "--to d1 --accept-data-loss");
        decides(failover("d1", true), "fence a1 and promote d1", "made within 1.5 s, which was accepted");
        done(failover("d1", true));
        assertThat(bank.at("d1").standby).isFalse();
    }

    @Test
    void a_standby_that_lacks_no_commit_is_promoted_whatever_the_record_says() {
        lost("b1");
        lost("a1");
        decides(failover("d1", false), "fence a1 and promote d1", "d1 lacks no commit of its log");
    }

    @Test
    void a_second_failover_soon_after_asks_a_person() {
        lost("a1");
        done(failover("", false));
        done(rejoin("a1"));
        lost("b1");
        refuses(failover("", false), Exit.REFUSED, "the limit is 600 s", "--override=failover-again");
        decides(failover("", false, "failover-again"), "fence b1 and promote a1", "a1 was in sync by the record");
    }

    @Test
    void any_of_several_the_one_with_the_most_log_is_promoted_and_too_few_are_not_enough() {
        Bank four = Bank.applied(new Trio().member("c1", Part.SYNC).waitsFor(Method.ANY, 1));
        four.at("a1").up = false;
        four.at("a1").end += 0x100;
        four.at("c1").end += 0x80;
        Order order = order("", false);
        Maneuver<TakeoverSeen> maneuver = PostgresFailover.maneuver(four.trio.estate(), four.trio.cluster(), order);
        assertThat(maneuver.decide(four.world).sentence()).isEqualTo("fence a1 and promote c1");
        four.at("c1").up = false;
        Maneuver.Decided decided = maneuver.decide(four.world);
        assertThat(decided.refusal().orElseThrow().what())
                .contains("to know which of them has all, 2 must answer, and 1 do");
    }

    @Test
    void commits_on_a_new_primary_wait_for_the_other_live_standby_from_the_first_on() {
        Bank four = Bank.applied(new Trio().member("c1", Part.SYNC).waitsFor(Method.ANY, 1));
        four.at("a1").up = false;
        four.world.forget();
        Runner.Outcome outcome =
                four.run(PostgresFailover.maneuver(four.trio.estate(), four.trio.cluster(), order("", false))
                        .book());
        assertThat(outcome.failures()).isEmpty();
        assertThat(four.at("b1").setting("synchronous_standby_names")).isEqualTo("ANY 1 (\"c1\")");
    }

    @Test
    void after_a_switchover_too_the_first_commit_waits_for_the_other_standby() {
        Bank four = Bank.applied(new Trio().member("c1", Part.SYNC).waitsFor(Method.ANY, 1));
        four.world.forget();
        Runner.Outcome outcome =
                four.run(PostgresSwitchover.maneuver(four.trio.estate(), four.trio.cluster(), order("b1", false))
                        .book());
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
        assertThat(bank.apply().exit()).isEqualTo(Exit.DONE);
        assertThat(bank.at("a1").up).isFalse();
        assertThat(bank.notes()).anyMatch(n -> n.contains("payments/servers/a1 stays fenced"));
    }

    @Test
    void killed_after_any_action_the_next_failover_ends_it() {
        boolean wasKilled = true;
        for (int changes = 0; wasKilled; changes++) {
            TakeoverTest test = new TakeoverTest();
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

    // ---- rejoin

    @Test
    void the_fenced_primary_is_rewound_once_and_what_only_it_has_is_kept() {
        lost("a1");
        bank.at("a1").end += 0x500;
        done(failover("", false));
        decides(
                rejoin("a1"),
                "keep what only a1 has, rewind it and start it as a standby",
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
                "keep the folder of a1 aside and clone it anew",
                "a second one would leave a folder that is not whole");
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
    void nobody_comes_back_to_a_cluster_without_a_primary() {
        lost("a1");
        refuses(rejoin("b1"), Exit.UNREACHABLE, "no primary answers", "holdfast failover");
    }

    @Test
    void its_host_must_answer_and_its_name_be_known() {
        refuses(rejoin("x1"), Exit.USAGE, "x1: no member is called that", "holdfast status");
        bank.fake.silentHosts.add("b1");
        refuses(rejoin("b1"), Exit.UNREACHABLE, "the host of b1 does not answer", "make the host answer");
    }

    @Test
    void a_member_of_another_cluster_is_refused() {
        lost("b1");
        bank.at("b1").systemIdentifier = "799";
        refuses(rejoin("b1"), Exit.REFUSED, "b1 has system identifier 799, and a1 has 71", "move its folder away");
    }

    // ---- the rarer rows

    @Test
    void two_primaries_are_nothing_to_choose_from() {
        bank.promoted("b1");
        refuses(failover("", false), Exit.REFUSED, "two primaries, a split brain: a1, b1", "holdfast rejoin");
        refuses(switchover(""), Exit.REFUSED, "two primaries, a split brain: a1, b1", "one of them must be stopped");
    }

    @Test
    void nobody_is_known_to_have_been_primary() {
        for (String name : List.of("a1", "b1", "d1")) {
            lost(name);
            bank.fake.silentHosts.add(name);
        }
        refuses(failover("", false), Exit.UNREACHABLE, "no member is or was primary", "make all hosts answer");
    }

    @Test
    void somebody_was_promoted_that_is_not_seen() {
        lost("a1");
        bank.at("b1").timeline = 2;
        refuses(
                failover("", false),
                Exit.UNREACHABLE,
                "b1 is on timeline 2, and a1 was primary on timeline 1: somebody was promoted since",
                "the newest primary is not among those seen");
    }

    @Test
    void nobody_is_left_to_promote() {
        List.of("a1", "b1", "d1").forEach(this::lost);
        refuses(
                failover("", false),
                Exit.UNREACHABLE,
                "no standby that may be promoted answers",
                "start a1 again with holdfast apply");
    }

    /** The state in which a run leaves the cluster that is killed right after the old primary has stopped. */
    private TakeoverTest stoppedForAHandover(boolean hasHeir) {
        for (int changes = 1; changes < 40; changes++) {
            TakeoverTest test = new TakeoverTest();
            if (!hasHeir) {
                test.bank.fake.keepsLastRecord.add("a1");
            }
            test.bank.killAfter(changes);
            try {
                test.bank.run(test.switchover("").book());
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
    void a_handover_whose_primary_has_stopped_is_ended_or_taken_back() {
        TakeoverTest ended = stoppedForAHandover(true);
        ended.decides(
                ended.switchover(""),
                "hand the primary's part of payments from a1 to b1",
                "a1 has stopped, its last record begins at");
        TakeoverTest back = stoppedForAHandover(false);
        back.decides(
                back.switchover(""),
                "take the handover back: a1 goes on as primary",
                "no standby that may follow it is known to have it");
    }

    @Test
    void a_run_that_took_the_handover_back_does_not_try_again() {
        PostgresSeen now = seen("").now();
        TakeoverSeen again = new TakeoverSeen(
                now, Optional.of(new TakeoverSeen.Leaving("a1", 1, "an earlier life")), java.util.Map.of());
        Decision<Ruling> decision = new SwitchoverCase(again, order("", false)).decision();
        saw(SWITCHOVER, decision);
        assertThat(decision.because())
                .isEqualTo("the handover was taken back: a1 is primary as before and takes writes");
        assertThat(decision.then().hint()).contains("find out why it did not end in time");
    }

    @Test
    void the_primarys_host_must_answer_to_stop_it() {
        PostgresSeen now = seen("").now();
        List<MemberSeen> members = now.members().stream()
                .map(m -> m.isPrimary()
                        ? new MemberSeen(
                                m.member(),
                                new Footing(
                                        State.SILENT, Footing.Ground.UNKNOWN, false, java.util.Map.of(), "no route"),
                                m.host(),
                                m.disk(),
                                m.answer(),
                                m.server())
                        : m)
                .toList();
        PostgresSeen cut = new PostgresSeen(
                now.at(),
                now.cluster(),
                members,
                now.proxies(),
                now.again(),
                now.logins(),
                now.outdated(),
                now.archives(),
                now.lookups(),
                now.repository());
        Decision<Ruling> decision = new SwitchoverCase(
                        new TakeoverSeen(cut, Optional.empty(), java.util.Map.of()), order("", false))
                .decision();
        saw(SWITCHOVER, decision);
        assertThat(decision.because()).isEqualTo("the host of a1 does not answer: no route");
        assertThat(decision.then().exit()).isEqualTo(Exit.UNREACHABLE);
    }

    @Test
    void a_primary_alone_has_nobody_to_hand_over_to() {
        Trio alone = new Trio();
        alone.members.remove("b1");
        alone.members.remove("d1");
        Bank one = Bank.applied(alone);
        TakeoverSeen now = new TakeoverProbes(alone.estate(), alone.cluster()).look(one.world);
        Decision<Ruling> decision = new SwitchoverCase(now, order("", false)).decision();
        saw(SWITCHOVER, decision);
        assertThat(decision.because()).isEqualTo("there is no other member");
    }

    @Test
    void a_candidate_must_be_a_standby_whose_log_is_the_primarys() {
        TakeoverSeen now = seen("");
        Decision<Ruling> itself =
                new Candidate(now.now(), now.now().primary().orElseThrow(), order("", false)).decision();
        saw(CANDIDATE, itself);
        assertThat(itself.because()).isEqualTo("a1 is no standby");
        bank.at("b1").timeline = 3;
        refuses(switchover("b1"), Exit.REFUSED, "b1 has diverged: it is on timeline 3", "holdfast rejoin");
    }

    @Test
    void the_ways_back_of_one_that_was_never_primary() {
        bank.at("b1").hangs = true;
        bank.at("b1").up = false;
        refuses(rejoin("b1"), Exit.REFUSED, "b1 neither answers nor has ended", "stop it, or wait until it answers");
        bank.at("b1").hangs = false;
        decides(rejoin("b1"), "start b1 as a standby, without a rewind", "b1 has no log that a1 does not have");
        bank.at("b1").data = false;
        decides(rejoin("b1"), "keep the folder of b1 aside and clone it anew", "b1 has no database");
    }

    @Test
    void rows_that_could_not_be_written_out_are_kept_with_the_whole_folder() {
        lost("a1");
        done(failover("", false));
        bank.at("a1").marks.put("unread", "20260101T000000Z");
        decides(
                rejoin("a1"),
                "keep the folder of a1 aside and clone it anew",
                "the rows that only it has could not be written out");
    }

    @Test
    void every_table_ends_with_a_row_that_always_holds() {
        assertThat(SwitchoverCase.TABLE.get(SwitchoverCase.TABLE.size() - 1).when())
                .isEqualTo("otherwise");
        assertThat(FailoverCase.TABLE.get(FailoverCase.TABLE.size() - 1).when()).isEqualTo("otherwise");
        assertThat(RejoinCase.TABLE.get(RejoinCase.TABLE.size() - 1).when()).isEqualTo("otherwise");
        assertThat(Candidate.TABLE.get(Candidate.TABLE.size() - 1).when()).isEqualTo("otherwise");
    }
}
