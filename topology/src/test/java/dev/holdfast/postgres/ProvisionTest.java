package dev.holdfast.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.postgres.provision.DestroyRunbook;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ProvisionTest {

    private static final List<String> THE_WHOLE_WAY = List.of(
            "Create a PostgreSQL 15 cluster on a1",
            "Start a1 as primary",
            "Create the role replicator",
            "Create the role rewinder",
            "Create the database payments",
            "Create the role clerk",
            "Make clerk a member of pg_read_all_data",
            "Create the replication slots b1, d1",
            "Start the proxy a1",
            "Clone a1 to b1",
            "Start b1 as standby of a1",
            "Clone a1 to d1",
            "Start d1 as standby of a1",
            "Wait until b1 has caught up",
            "Set synchronous_standby_names on a1 to FIRST 1 (\"b1\")",
            "Send writes to a1, reads to b1");

    @Test
    void the_plan_of_empty_hosts_reports_all_steps_and_changes_nothing() {
        Bank bank = new Bank(new Trio());
        assertThat(bank.titles()).isEqualTo(THE_WHOLE_WAY);
        assertThat(bank.world.changes()).isEmpty();
    }

    @Test
    void a_role_whose_expiry_has_passed_gets_no_new_password_and_logs_in_again() {
        Bank bank = Bank.applied(new Trio());
        bank.at("a1").roles.get("clerk").expired = true;
        assertThat(bank.titles()).containsExactly("Correct the privileges of the role clerk");
        assertThat(bank.apply().isDone()).isTrue();
        assertThat(bank.at("a1").roles.get("clerk").expired).isFalse();
        assertThat(bank.titles()).isEmpty();
    }

    @Test
    void a_primary_that_reports_an_error_is_not_waited_for_and_the_way_out_is_named() {
        Bank bank = Bank.applied(new Trio());
        bank.at("a1").refuses = "28000";
        assertThat(bank.titles()).doesNotContain("Wait until a1 answers");
        assertThat(bank.look().problems())
                .anySatisfy(p -> assertThat(p)
                        .contains("a1 does not answer: refused (28000)")
                        .contains("; HINT: use the secrets of the machine that runs this estate"));
    }

    @Test
    void a_login_that_pg_hba_conf_rejects_is_restored_on_the_host_and_the_rest_is_compared_afterwards() {
        for (String member : List.of("a1", "b1")) {
            Bank bank = Bank.applied(new Trio());
            List<String> lines = new ArrayList<>(List.of("host all postgres 0.0.0.0/0 reject"));
            lines.addAll(bank.at(member).files.get("pg_hba.conf"));
            bank.at(member).files.put("pg_hba.conf", lines);
            bank.at(member).refuses = "28000";
            assertThat(bank.titles()).containsExactly("Restore pg_hba.conf of " + member);
            RunbookOutcome outcome = bank.apply();
            assertThat(outcome.isDone()).as(outcome.toString()).isTrue();
            assertThat(bank.at(member).files.get("pg_hba.conf")).hasSize(lines.size() - 1);
            assertThat(bank.titles()).isEmpty();
        }
    }

    @Test
    void a_server_that_asks_for_no_password_gets_its_pg_hba_conf_back() {
        Bank bank = Bank.applied(new Trio());
        bank.at("a1").files.put("pg_hba.conf", List.of("host all all 127.0.0.0/8 trust"));
        bank.at("a1").refuses = "08004";
        assertThat(bank.titles()).containsExactly("Restore pg_hba.conf of a1");
        assertThat(bank.look().problems())
                .anySatisfy(p -> assertThat(p).contains("; HINT: holdfast apply restores ", "/conf/pg_hba.conf on a1"));
        assertThat(bank.apply().isDone()).isTrue();
        assertThat(bank.titles()).isEmpty();
    }

    @Test
    void empty_hosts_become_a_trio_and_a_second_apply_changes_nothing() {
        Bank bank = new Bank(new Trio());
        RunbookOutcome first = bank.apply();
        assertThat(first.failures()).isEmpty();
        assertThat(first.exit()).isEqualTo(ExitCode.DONE);
        assertThat(bank.fake.births).isEqualTo(1);
        assertThat(bank.at("a1").roles).containsOnlyKeys("postgres", "replicator", "rewinder", "clerk");
        assertThat(bank.at("a1").setting("synchronous_standby_names")).isEqualTo("FIRST 1 (\"b1\")");
        assertThat(bank.fake.proxy("a1").ready).containsExactly("primary/a1", "standbys/b1");
        assertThat(bank.look().problems()).isEmpty();

        bank.world.forget();
        RunbookOutcome second = bank.apply();
        assertThat(second.steps()).isZero();
        assertThat(bank.world.changes()).isEmpty();
    }

    @Test
    void the_same_desired_and_observed_state_give_the_same_plan() {
        assertThat(new Bank(new Trio()).plans().toString().replaceAll("@[0-9a-f]+", ""))
                .isEqualTo(new Bank(new Trio()).plans().toString().replaceAll("@[0-9a-f]+", ""));
    }

    @Test
    void killed_after_any_action_the_next_apply_converges_to_the_same_state() {
        Bank whole = Bank.applied(new Trio());
        boolean wasKilled = true;
        for (int changes = 0; wasKilled; changes++) {
            Bank bank = new Bank(new Trio());
            bank.killAfter(changes);
            try {
                bank.apply();
                wasKilled = false;
            } catch (Bank.Killed killed) {
                bank.killAfter(Integer.MAX_VALUE);
                RunbookOutcome next = bank.apply();
                assertThat(next.failures()).as("after " + changes).isEmpty();
                assertThat(next.exit()).isEqualTo(ExitCode.DONE);
            }
            assertThat(bank.fake.births).isEqualTo(1);
            assertThat(bank.titles()).isEmpty();
            for (String name : List.of("a1", "b1", "d1")) {
                assertThat(bank.at(name).files).isEqualTo(whole.at(name).files);
                assertThat(bank.at(name).slots).isEqualTo(whole.at(name).slots);
            }
        }
    }

    @Test
    void a_stopped_cluster_is_started_and_what_follows_is_decided_when_it_answers() {
        Bank bank = Bank.applied(new Trio());
        List.of("a1", "b1", "d1").forEach(n -> bank.at(n).up = false);
        assertThat(bank.titles())
                .containsExactly("Start a1 as primary", "Start b1 as standby of a1", "Start d1 as standby of a1");
        assertThat(bank.notes())
                .containsExactly("further steps for a1 are planned when it answers; if it does not, "
                        + "holdfast failover payments can promote another member");
        assertThat(bank.apply().isDone()).isTrue();
        assertThat(bank.at("a1").setting("synchronous_standby_names")).isEqualTo("FIRST 1 (\"b1\")");
    }

    @Test
    void a_primary_that_stays_silent_ends_apply_with_the_way_on() {
        Bank bank = Bank.applied(new Trio());
        bank.at("a1").hangs = true;
        RunbookOutcome outcome = bank.apply();
        assertThat(outcome.exit()).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(outcome.notes()).singleElement(STRING).contains("holdfast failover payments");
    }

    @Test
    void nothing_is_planned_on_a_primary_whose_host_accepts_no_login() {
        Bank bank = Bank.applied(new Trio());
        bank.fake.closedHosts.add("a1");
        assertThat(bank.titles()).isEmpty();
        RunbookOutcome outcome = bank.apply();
        assertThat(outcome.exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(outcome.missing()).anySatisfy(m -> assertThat(m.hint()).endsWith("then holdfast apply"));
    }

    @Test
    void a_killed_standby_is_started_again_and_nothing_else_is_done() {
        Bank bank = Bank.applied(new Trio());
        bank.at("b1").up = false;
        assertThat(bank.titles()).containsExactly("Start b1 as standby of a1");
        assertThat(bank.apply().isDone()).isTrue();
    }

    @Test
    void a_member_that_is_declared_later_gets_a_slot_is_let_in_and_cloned() {
        Bank first = Bank.applied(new Trio());
        Bank grown = new Bank(new Trio().member("c1", PostgresCluster.MemberRole.ASYNC));
        first.fake.servers.forEach(grown.fake.servers::put);
        first.fake.proxies.forEach(grown.fake.proxies::put);
        assertThat(grown.titles())
                .contains(
                        "Create the replication slot c1",
                        "Update the configuration of a1",
                        "Clone a1 to c1",
                        "Start c1 as standby of a1",
                        "Send writes to a1, reads to b1, c1")
                .doesNotContain("Set synchronous_standby_names on a1 to FIRST 1 (\"b1\")");
        assertThat(grown.apply().isDone()).isTrue();
    }

    @Test
    void an_empty_primary_whose_standbys_have_data_is_never_made_a_new_cluster() {
        for (String state : List.of("up", "down", "silent")) {
            Bank bank = Bank.applied(new Trio());
            bank.at("a1").up = false;
            bank.at("a1").data = false;
            for (String standby : List.of("b1", "d1")) {
                bank.at(standby).up = state.equals("up");
                if (state.equals("silent")) {
                    bank.fake.silentHosts.add(standby);
                }
            }
            assertThat(bank.titles()).as(state).noneMatch(t -> t.startsWith("Create a PostgreSQL"));
            bank.apply();
            assertThat(bank.at("a1").data).as(state).isFalse();
        }
    }

    @Test
    void the_primary_stays_primary_and_the_others_follow_it() {
        Bank bank = Bank.applied(new Trio());
        bank.promoted("b1");
        bank.at("a1").up = false;
        bank.at("a1").data = false;
        assertThat(bank.notes())
                .contains(
                        "b1 is primary and a1 is declared; apply never moves the primary, holdfast switchover payments "
                                + "--to a1 does");
        assertThat(bank.apply().failures()).isEmpty();
        assertThat(bank.at("a1").follows()).isEqualTo(bank.at("b1").endpoint);
        assertThat(bank.at("d1").follows()).isEqualTo(bank.at("b1").endpoint);
        assertThat(bank.at("b1").setting("synchronous_standby_names")).isEqualTo("FIRST 1 (\"a1\")");
        assertThat(bank.fake.proxy("a1").ready).containsExactly("primary/b1", "standbys/a1");
        assertThat(bank.titles()).isEmpty();
    }

    @Test
    void the_host_of_a_standby_does_not_answer_so_the_rest_is_done_and_it_is_named() {
        Bank bank = Bank.applied(new Trio());
        bank.fake.silentHosts.add("d1");
        bank.at("a1").altered.put("work_mem", "9MB");
        RunbookOutcome outcome = bank.apply();
        assertThat(bank.at("a1").altered).isEmpty();
        assertThat(outcome.exit()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(outcome.failures()).isEmpty();
        assertThat(outcome.missing())
                .extracting(m -> m.where() + ": " + m.what())
                .singleElement()
                .asString()
                .contains("payments/servers/d1: the host d1 does not answer, so this node stays unchanged");
        assertThat(bank.apply().exit()).as("nothing else to do").isEqualTo(ExitCode.UNREACHABLE);
    }

    @Test
    void what_is_left_of_an_earlier_server_is_not_called_a_silent_host() {
        Bank bank = Bank.applied(new Trio());
        bank.at("d1").up = false;
        bank.fake.servers.forEach((folder, server) -> {
            if (server == bank.at("d1")) {
                bank.fake.unclearServers.put(folder, "2 processes of an earlier server still use the shared memory");
            }
        });
        RunbookOutcome outcome = bank.apply();
        assertThat(outcome.missing()).singleElement().satisfies(m -> {
            assertThat(m.what())
                    .isEqualTo("the host answers, but the state of its server is unknown, so this node stays unchanged:"
                            + " 2 processes of an earlier server still use the shared memory");
            assertThat(m.hint())
                    .startsWith("holdfast rejoin payments/servers/d1 removes the remains of an earlier server");
        });
    }

    @Test
    void a_server_that_does_not_start_is_reported_in_its_own_words() {
        Bank bank = Bank.applied(new Trio());
        bank.at("b1").up = false;
        bank.fake.cannotStart.add("b1");
        RunbookOutcome outcome = bank.apply();
        assertThat(outcome.exit()).isEqualTo(ExitCode.INCOMPLETE);
        assertThat(outcome.failures()).singleElement().asString().contains("FATAL: could not access the lock file");
    }

    @Test
    void destroy_ends_and_removes_all_that_is_ours() {
        Bank bank = Bank.applied(new Trio());
        assertThat(bank.run(DestroyRunbook.runbook(bank.trio.estate(), bank.trio.cluster()))
                        .isDone())
                .isTrue();
        assertThat(bank.fake.servers.values()).allMatch(s -> !s.up && !s.data && s.mark.isEmpty());
        assertThat(bank.fake.proxies.values()).allMatch(p -> !p.up && p.mark.isEmpty());
    }
}
