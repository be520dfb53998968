package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Footing;
import dev.holdfast.engine.Maneuver;
import dev.holdfast.engine.Order;
import dev.holdfast.model.Exit;
import dev.holdfast.plan.DecisionTable;
import dev.holdfast.plan.Rule.Decision;
import dev.holdfast.postgres.PostgresCluster.Part;
import dev.holdfast.postgres.PostgresCluster.Synchronous.Method;
import dev.holdfast.world.State;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who takes over, and whether, in switchover and failover: the decisions, row by row. */
class TakeoverRulesTest extends Rehearsal {

    @RegisterExtension
    static final DecisionTable FAILOVER = new DecisionTable("PostgreSQL: failover", FailoverCase.TABLE);

    @RegisterExtension
    static final DecisionTable SWITCHOVER = new DecisionTable("PostgreSQL: switchover", SwitchoverCase.TABLE);

    @RegisterExtension
    static final DecisionTable CANDIDATE = new DecisionTable("PostgreSQL: candidate of a switchover", Candidate.TABLE);

    @Override
    Map<List<?>, DecisionTable> tables() {
        return Map.of(FailoverCase.TABLE, FAILOVER, SwitchoverCase.TABLE, SWITCHOVER, Candidate.TABLE, CANDIDATE);
    }

    @Test
    void nobody_is_called_that() {
        refuses(switchover("x9"), Exit.USAGE, "--to x9: no member is called that", "the members are: a1, b1, d1");
        refuses(failover("x9", false), Exit.USAGE, "--to x9: no member is called that", "the members are: a1, b1, d1");
    }

    @Test
    void two_primaries_are_nothing_to_choose_from() {
        bank.promoted("b1");
        refuses(failover("", false), Exit.REFUSED, "two primaries, a split brain: a1, b1", "holdfast rejoin");
        refuses(switchover(""), Exit.REFUSED, "two primaries, a split brain: a1, b1", "one of them must be stopped");
    }

    @Test
    void every_table_ends_with_a_row_that_always_holds() {
        assertThat(SwitchoverCase.TABLE.get(SwitchoverCase.TABLE.size() - 1).when())
                .isEqualTo("otherwise");
        assertThat(FailoverCase.TABLE.get(FailoverCase.TABLE.size() - 1).when()).isEqualTo("otherwise");
        assertThat(RejoinCase.TABLE.get(RejoinCase.TABLE.size() - 1).when()).isEqualTo("otherwise");
        assertThat(Candidate.TABLE.get(Candidate.TABLE.size() - 1).when()).isEqualTo("otherwise");
    }

    // ---- switchover

    @Test
    void the_one_that_is_wanted_is_primary_already() {
        decides(switchover("a1"), "a1 is primary; only what follows from it is left", "a1 is primary on timeline 1");
        bank.world.forget();
        done(switchover("a1"));
        assertThat(bank.world.changes()).isEmpty();
    }

    @Test
    void only_a_disaster_recovery_copy_is_left_and_none_is_named() {
        Trio lonely = new Trio();
        lonely.members.remove("b1");
        Bank two = Bank.applied(lonely);
        Maneuver.Decided decided = PostgresSwitchover.maneuver(lonely.estate(), lonely.cluster(), order("", false))
                .decide(two.world);
        TakeoverSeen now = new TakeoverProbes(lonely.estate(), lonely.cluster()).look(two.world);
        saw(SwitchoverCase.TABLE, new SwitchoverCase(now, order("", false)).decision());
        assertThat(decided.refusal().orElseThrow().hint()).contains("--to NAME");
    }

    @Test
    void a_primary_alone_has_nobody_to_hand_over_to() {
        Trio alone = new Trio();
        alone.members.remove("b1");
        alone.members.remove("d1");
        Bank one = Bank.applied(alone);
        TakeoverSeen now = new TakeoverProbes(alone.estate(), alone.cluster()).look(one.world);
        Decision<Ruling> decision = new SwitchoverCase(now, order("", false)).decision();
        saw(SwitchoverCase.TABLE, decision);
        assertThat(decision.because()).isEqualTo("there is no other member");
    }

    @Test
    void no_primary_answers_a_switchover() {
        lost("a1");
        refuses(switchover(""), Exit.UNREACHABLE, "no primary answers", "holdfast failover");
    }

    @Test
    void the_primarys_host_must_answer_to_stop_it() {
        PostgresSeen now = seen("").now();
        List<MemberSeen> members = now.members().stream()
                .map(m -> m.isPrimary()
                        ? new MemberSeen(
                                m.member(),
                                new Footing(State.SILENT, Footing.Ground.UNKNOWN, false, Map.of(), "no route"),
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
        Decision<Ruling> decision =
                new SwitchoverCase(new TakeoverSeen(cut, Optional.empty(), Map.of()), order("", false)).decision();
        saw(SwitchoverCase.TABLE, decision);
        assertThat(decision.because()).isEqualTo("the host of a1 does not answer: no route");
        assertThat(decision.then().exit()).isEqualTo(Exit.UNREACHABLE);
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
    void a_candidate_must_be_a_standby_whose_log_is_the_primarys() {
        TakeoverSeen now = seen("");
        Decision<Ruling> itself =
                new Candidate(now.now(), now.now().primary().orElseThrow(), order("", false)).decision();
        saw(Candidate.TABLE, itself);
        assertThat(itself.because()).isEqualTo("a1 is no standby");
        bank.at("b1").timeline = 3;
        refuses(switchover("b1"), Exit.REFUSED, "b1 has diverged: it is on timeline 3", "holdfast rejoin");
    }

    /** The state in which a run leaves the cluster that is killed right after the old primary has stopped. */
    private TakeoverRulesTest stoppedForAHandover(boolean hasHeir) {
        for (int changes = 1; changes < 40; changes++) {
            TakeoverRulesTest test = new TakeoverRulesTest();
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
        TakeoverRulesTest ended = stoppedForAHandover(true);
        ended.decides(
                ended.switchover(""),
                "hand the primary's part of payments from a1 to b1",
                "a1 has stopped, its last record begins at");
        TakeoverRulesTest back = stoppedForAHandover(false);
        back.decides(
                back.switchover(""),
                "take the handover back: a1 goes on as primary",
                "no standby that may follow it is known to have it");
    }

    @Test
    void a_run_that_took_the_handover_back_does_not_try_again() {
        PostgresSeen now = seen("").now();
        TakeoverSeen again =
                new TakeoverSeen(now, Optional.of(new TakeoverSeen.Leaving("a1", 1, "an earlier life")), Map.of());
        Decision<Ruling> decision = new SwitchoverCase(again, order("", false)).decision();
        saw(SwitchoverCase.TABLE, decision);
        assertThat(decision.because())
                .isEqualTo("the handover was taken back: a1 is primary as before and takes writes");
        assertThat(decision.then().hint()).contains("find out why it did not end in time");
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
}
