package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Operation;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.DecisionTable;
import dev.holdfast.postgres.rolechange.FailoverDecision;
import dev.holdfast.postgres.rolechange.RejoinDecision;
import dev.holdfast.postgres.rolechange.SwitchoverCandidate;
import dev.holdfast.postgres.rolechange.SwitchoverDecision;
import dev.holdfast.world.FakeWorld;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The decision about a failover, row by row. */
@Tag("unit")
class FailoverRulesTest extends Rehearsal {

    /** The commands that end a split brain when it is unclear which side has the acknowledged commits. */
    static final String BOTH = "holdfast rejoin payments/servers/a1 --accept-data-loss gives up 5 commits of a1;"
            + " or holdfast rejoin payments/servers/b1 --accept-data-loss gives up 3 commits of b1";

    @RegisterExtension
    static final DecisionTable FAILOVER = new DecisionTable("PostgreSQL: failover", FailoverDecision.TABLE);

    @Override
    Map<List<?>, DecisionTable> tables() {
        return Map.of(FailoverDecision.TABLE, FAILOVER);
    }

    @Test
    void every_table_ends_with_a_row_that_always_holds() {
        assertThat(List.of(
                        SwitchoverDecision.TABLE,
                        FailoverDecision.TABLE,
                        RejoinDecision.TABLE,
                        SwitchoverCandidate.TABLE))
                .allSatisfy(t -> assertThat(t.get(t.size() - 1).when()).isEqualTo("otherwise"));
    }

    @Test
    void no_member_has_that_name() {
        refuses(
                failover("x9", false),
                ExitCode.USAGE,
                "--to x9: unknown member",
                "choose one of the members with --to: a1, b1, d1");
    }

    /** Makes each of two primaries acknowledge commits without a standby. */
    static void unclear(Bank bank) {
        bank.at("b1").commits = 3;
        bank.at("a1").commits = 5;
        bank.at("a1").slots.clear();
        bank.at("a1").altered.put("synchronous_standby_names", "");
    }

    @Test
    void two_primaries_are_nothing_to_choose_from() {
        bank.promoted("b1");
        refuses(
                failover("", false),
                ExitCode.REFUSED,
                "The clients use a1",
                "holdfast rejoin payments/servers/b1 makes the stray primary a standby of a1");
        unclear(bank);
        refuses(failover("", true), ExitCode.WOULD_LOSE_DATA, "It is unclear", BOTH);
    }

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
                "the host of the lost primary does not report the last changes of its settings; at most lost: what was committed after",
                "--accept-data-loss");
    }

    @Test
    void a_promotion_that_is_not_on_record_needs_a_confirmation_while_the_recorded_primary_is_unseen() {
        bank.promoted("d1");
        lost("a1");
        bank.fake.silentHosts.add("a1");
        String confirmation = "holdfast failover payments --to d1 --override=fenced-by-hand";
        refuses(
                failover("", true),
                ExitCode.UNREACHABLE,
                "d1 is primary on timeline 2, and no role change of Holdfast promoted it. According to the history of",
                confirmation);
        refuses(
                failover("d1", false, "fenced-by-hand"),
                ExitCode.WOULD_LOSE_DATA,
                "a1 is primary on timeline 1, and the host of a1 does not answer",
                confirmation + " --accept-data-loss");
        decides(
                failover("", true, "fenced-by-hand"),
                "d1 is primary; only the stages after the promotion are left",
                "d1 is primary on timeline 2");
        done(failover("d1", true, "fenced-by-hand"));
        assertThat(bank.refusals()).isEmpty();
        bank.fake.silentHosts.clear();
        bank.at("a1").up = true;
        refuses(rejoin("d1"), ExitCode.REFUSED, "The clients use d1", "holdfast rejoin payments/servers/a1");
    }

    @Test
    void a_primary_that_a_standby_still_follows_is_not_replaced_by_a_confirmation() {
        bank.promoted("d1");
        bank.fake.silentHosts.add("a1");
        refuses(
                failover("d1", true, "fenced-by-hand"),
                ExitCode.UNREACHABLE,
                "; b1 still receives WAL from a1",
                "make the host of a1 answer; then holdfast plan compares both; if the host is off, wait until wal_receiver_timeout has passed");
    }

    @Test
    void a_primary_that_hangs_is_compared_when_it_has_ended() {
        bank.promoted("d1");
        bank.at("a1").hangs = true;
        refuses(
                failover("d1", true, "fenced-by-hand"),
                ExitCode.UNREACHABLE,
                "a1 is primary on timeline 1, and the process of a1 exists and does not answer",
                "wait until a1 answers, or end its process; then holdfast plan compares both");
        bank.at("a1").hangs = false;
        lost("a1");
        bank.at("a1").commits = 2;
        refuses(failover("", true), ExitCode.REFUSED, "The clients use a1", "holdfast rejoin payments/servers/d1");
    }

    @Test
    void fenced_manually_while_most_others_are_silent_too() {
        bank.fake.silentHosts.add("a1");
        bank.fake.silentHosts.add("d1");
        refuses(
                failover("", true, "fenced-by-hand"),
                ExitCode.UNREACHABLE,
                "d1 does not answer either, and another operator could promote one of them",
                "--override=others-silent");
        decides(
                failover("", true, "fenced-by-hand", "others-silent"),
                "fence a1 and promote b1",
                "a1 was fenced manually");
    }

    @Test
    void a_member_that_does_not_answer_here_can_answer_another_operator() {
        bank.fake.silentHosts.add("a1");
        bank.fake.blocked.add("d1");
        refuses(
                failover("", true, "fenced-by-hand"),
                ExitCode.UNREACHABLE,
                "d1 does not answer either, and another operator could promote one of them",
                "--override=others-silent");
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
        refuses(failover("", true), ExitCode.REFUSED, "sorry", "or copy the secret to this machine");
        bank.fake.servers.values().forEach(s -> s.refuses = "28P01");
        refuses(failover("", true), ExitCode.REFUSED, "sorry", "or copy the secret to this machine");
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
                "b1 stopped as standby: Holdfast starts every stopped standby to read the end of its WAL");
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
                "the failover that fenced a1 was to promote b1; the data directory of b1 is missing",
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
                "the hosts of b1 do not answer: one of them possibly runs as primary",
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
                "the host of d1 does not answer, so d1 can have been primary since: its commits would be lost",
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
    void the_candidate_of_an_interrupted_failover_can_have_been_promoted() {
        fencedForOneThatIsGone();
        bank.at("b1").data = true;
        bank.at("a1").end -= 3; // d1 has all WAL of a1
        decides(failover("d1", false), "fence a1 and promote d1", "d1 has every commit of its WAL");
        bank.fake.silentHosts.add("b1");
        refuses(
                failover("d1", false),
                ExitCode.UNREACHABLE,
                "the failover that fenced a1 was to promote b1; the host of b1 does not answer, so b1 can have been "
                        + "primary and can have"
                        + " acknowledged commits",
                "make the host of b1 answer; or switch that host off and make sure that it stays off, then run again with"
                        + " --override=fenced-by-hand");
        refuses(
                failover("d1", false, "fenced-by-hand"),
                ExitCode.WOULD_LOSE_DATA,
                "the number of bytes is unknown, because the WAL of b1 cannot be read",
                "--accept-data-loss");
        bank.fake.silentHosts.clear();
        bank.at("b1").data = false;
        refuses(
                failover("d1", false),
                ExitCode.WOULD_LOSE_DATA,
                "the failover that fenced a1 was to promote b1; the data directory of b1 is missing",
                "--accept-data-loss");
        done(failover("d1", true));
        assertThat(bank.at("a1").marks.get("fence")).startsWith("failover 1 d1 ");
    }

    @Test
    void a_hint_names_the_disaster_recovery_copy_in_a_command_of_its_own() {
        List.of("a1", "b1").forEach(this::lost);
        bank.fake.silentHosts.add("b1");
        refuses(
                failover("b1", false, "failover-again"),
                ExitCode.UNREACHABLE,
                "no standby that can be promoted answers with the name b1",
                "; or promote the disaster-recovery standby with holdfast failover payments --to d1 --override=failover-again");
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
                "the data directory of a1 is missing, so later events are unknown; at most lost: what was committed after",
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
                .contains("the proxy on a1 reaches the server, and so do the clients of the proxy");
    }

    @Test
    void a_primary_that_others_still_reach_is_not_lost() {
        bank.fake.blocked.add("a1");
        refuses(
                failover("", true),
                ExitCode.REFUSED,
                "a1 does not answer this machine, but is not lost: on its own host the server answers through the local "
                        + "socket, with 3 client sessions and b1 streaming; the proxy on a1 reaches the server, and so "
                        + "do the clients of the proxy; b1 receives WAL"
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
                "a1 does not answer this machine, but is not lost: b1 receives WAL messages from a1",
                "restore the connection from here to 10.0.0.1:5432");
    }

    @Test
    void an_error_is_an_answer() {
        bank.at("a1").refuses = "53300";
        refuses(
                failover("", true),
                ExitCode.REFUSED,
                "a1 does not answer this machine, but is not lost: the server reports an error: refused (53300)",
                "--override=primary-reached");
    }

    @Test
    void a_second_failover_soon_after_asks_a_person() {
        lost("a1");
        done(failover("", false));
        done(rejoin("a1"));
        lost("b1");
        refuses(failover("", false), ExitCode.REFUSED, "another one within 600 s", "--override=failover-again");
        decides(failover("", false, "failover-again"), "fence b1 and promote a1", "a1 has every commit of its WAL");
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
                    "the host of b1 does not answer, so b1 can have been primary since: its commits would be lost",
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
                "the host did not report whether the server answers through the local socket: no answer: "
                        + FakeWorld.TRUNCATED,
                "--override=primary-reached");
    }
}
