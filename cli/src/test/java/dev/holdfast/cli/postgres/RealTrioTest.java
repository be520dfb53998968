package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.cli.LiveFolder;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** One real trio; every test leaves it as declared. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("real")
class RealTrioTest {

    private RealTrio trio;

    @BeforeAll
    void a_trio_is_created() throws IOException {
        trio = new RealTrio(RealTrio.TOPOLOGY);
        trio.applied();
    }

    @AfterEach
    void as_declared() {
        trio.settled();
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        trio.close();
    }

    @Test
    void no_login_without_the_right_password_on_any_port() {
        for (String user : List.of("postgres", "replicator", "clerk", "stranger")) {
            for (int port : new int[] {RealTrio.SERVER, RealTrio.WRITES, RealTrio.READS}) {
                assertThatThrownBy(() -> trio.connect("a1", port, user, "wrong").close())
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
            }
        }
    }

    @Test
    void one_standby_is_synchronous_and_the_disaster_recovery_copy_is_not() throws Exception {
        assertThat(trio.ask("a1", "SELECT application_name || ' ' || sync_state FROM pg_stat_replication ORDER BY 1"))
                .containsExactly("b1 sync", "d1 async");
        assertThat(trio.ask("a1", "SELECT slot_name FROM pg_replication_slots WHERE active ORDER BY 1"))
                .containsExactly("b1", "d1");
        assertThat(trio.ask("a1", "SHOW data_checksums")).containsExactly("on");
        for (String host : List.of("a1", "b1", "d1")) {
            assertThat(trio.ask(host, "SHOW archive_mode")).containsExactly("on");
        }
    }

    @Test
    void roles_have_the_least_rights() throws Exception {
        assertThat(trio.ask(
                        "a1",
                        "SELECT rolname || ' ' || rolsuper || ' ' || rolreplication FROM pg_roles WHERE rolname IN"
                                + " ('replicator', 'rewinder', 'clerk') ORDER BY 1"))
                .containsExactly("clerk false false", "replicator false true", "rewinder false false");
        try (Connection clerk = trio.clerk("b1", RealTrio.WRITES)) {
            assertThatThrownBy(() -> RealTrio.ask(clerk, "CREATE ROLE another")).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void no_other_user_of_the_machine_reads_a_password_or_a_page() throws Exception {
        for (String host : List.of("a1", "b1", "d1")) {
            Path conf = trio.directory(host).resolve("conf/pgpass");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(conf)))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(trio.directory(host).resolve("data"))))
                    .isEqualTo("rwx------");
            assertThat(Files.exists(trio.directory(host).resolve("run/.password")))
                    .isFalse();
        }
    }

    @Test
    void writes_reach_the_primary_through_either_proxy_and_reads_a_standby() throws Exception {
        for (String host : List.of("a1", "b1")) {
            try (Connection writes = trio.admin(host, RealTrio.WRITES);
                    Connection reads = trio.admin(host, RealTrio.READS)) {
                RealTrio.ask(writes, "CREATE TABLE IF NOT EXISTS notes (id int)");
                RealTrio.ask(writes, "INSERT INTO notes VALUES (1)");
                assertThat(RealTrio.ask(writes, "SHOW cluster_name")).containsExactly("a1");
                assertThat(RealTrio.ask(reads, "SHOW cluster_name")).containsExactly("b1");
                assertThatThrownBy(() -> RealTrio.ask(reads, "INSERT INTO notes VALUES (2)"))
                        .isInstanceOf(SQLException.class);
            }
        }
    }

    @Test
    void a_second_apply_sends_no_change() throws IOException {
        trio.applied();
        assertThat(trio.estate.changes()).isZero();
    }

    @Test
    void settings_a_slot_and_the_synchronous_names_that_were_changed_manually_are_reset() throws Exception {
        trio.ask("a1", "ALTER SYSTEM SET work_mem = '9MB'", "SELECT pg_reload_conf()");
        trio.ask("b1", "ALTER SYSTEM SET wal_receiver_timeout = '77s'");
        Path conf = trio.directory("d1").resolve("conf/postgresql.conf");
        Files.writeString(conf, Files.readString(conf).replace("wal_keep_size = '256MB'", "wal_keep_size = 1GB"));
        dropSlot("d1");
        trio.repairs(
                "Reset ALTER SYSTEM settings on a1",
                "Reset ALTER SYSTEM settings on b1",
                "Update the configuration of d1",
                "Create the replication slot d1");

        trio.ask("a1", "ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_reload_conf()");
        trio.repairs("Set synchronous_standby_names on a1 to FIRST 1 (\"b1\")");
        assertThat(trio.ask("a1", "SHOW synchronous_standby_names")).containsExactly("FIRST 1 (\"b1\")");
    }

    @Test
    void apply_and_destroy_show_their_steps_before_they_ask() throws Exception {
        trio.ask("a1", "ALTER SYSTEM SET work_mem = '9MB'", "SELECT pg_reload_conf()");
        Ended apply = trio.estate.actions("n\n", "apply");
        assertThat(apply.exit()).as(apply.toString()).isEqualTo(4);
        assertThat(apply.out())
                .containsSubsequence(
                        "Reset ALTER SYSTEM settings on a1", "1 step planned.", "Continue? [y/N]", "not confirmed");
        Ended destroy = trio.estate.actions("another name\n", "destroy");
        assertThat(destroy.exit()).as(destroy.toString()).isEqualTo(4);
        assertThat(destroy.out())
                .containsSubsequence(
                        "Stop payments/servers/a1 and remove ",
                        "Type the estate's name: ",
                        "the typed name is not trio-test");
        assertThat(trio.ask("a1", "SHOW work_mem")).containsExactly("9MB");
        trio.repairs("Reset ALTER SYSTEM settings on a1");
        Ended withoutTerminal = trio.estate.run("destroy");
        assertThat(withoutTerminal.exit()).isEqualTo(4);
        assertThat(withoutTerminal.err()).contains("there is no terminal. Nothing was changed");
    }

    /** The limit of a run is for its work: a person who reads the plan for longer than it has the whole time left. */
    @Test
    void time_spent_at_the_prompt_does_not_count_towards_the_limit() throws Exception {
        trio.ask("a1", "ALTER SYSTEM SET work_mem = '9MB'", "SELECT pg_reload_conf()");
        Ended apply = trio.estate.actions(Duration.ofSeconds(25), "y\n", "apply", "--timeout", "20s");
        assertThat(apply.exit()).as(apply.toString()).isZero();
        assertThat(apply.out())
                .containsSubsequence(": 3 further steps", "1 step planned.", "Continue? [y/N]", "4 steps done in ");
        assertThat(Double.parseDouble(apply.out().replaceFirst("(?s).*steps done in ([0-9.]+) s.*", "$1")))
                .as("the printed time does not include the prompt")
                .isLessThan(20);
        trio.settled();
    }

    @Test
    void backends_that_outlive_a_killed_standby_are_named_and_a_rejoin_ends_them() throws Exception {
        String first = Long.toString(trio.postmaster("d1"));
        String left = trio.processes("d1").replaceFirst("\\b" + first + "\\b", "");
        RealTrio.signal("STOP", left); // those of a dead first process end soon otherwise
        RealTrio.signal("KILL", first);
        Ended plan = trio.estate.run("plan");
        assertThat(plan.exit()).as(plan.toString()).isEqualTo(10);
        assertThat(plan.err())
                .contains("the host answers, but the state of its server is unknown")
                .contains("HINT: holdfast rejoin payments/servers/d1 removes the remains of an earlier server");
        Ended rejoined = trio.does(0, "rejoin", "payments/servers/d1", "--yes");
        assertThat(rejoined.err()).contains("End remaining processes of d1");
        trio.settled();
    }

    /** Its standby reconnects at once, so the slot is dropped as soon as it is free. */
    private void dropSlot(String slot) throws Exception {
        try (Connection admin = trio.admin("a1", RealTrio.SERVER)) {
            for (int i = 0; i < 200; i++) {
                RealTrio.ask(
                        admin,
                        "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots" + " WHERE slot_name = '"
                                + slot + "' AND active");
                try {
                    RealTrio.ask(admin, "SELECT pg_drop_replication_slot('" + slot + "')");
                    return;
                } catch (SQLException stillActive) {
                    continue;
                }
            }
        }
        throw new AssertionError("the slot " + slot + " was always in use");
    }

    @Test
    void a_slot_without_owner_is_reported_and_left_alone() throws Exception {
        trio.ask("a1", "SELECT pg_create_physical_replication_slot('orphan', true)");
        try {
            Ended plan = trio.estate.run("plan", "--detailed-exitcode");
            assertThat(plan.exit()).as(plan.toString()).isEqualTo(2);
            assertThat(plan.toString()).contains("the slot orphan on a1 retains WAL, and no program uses the slot");
            assertThat(trio.titles()).isEmpty();
        } finally {
            trio.ask("a1", "SELECT pg_drop_replication_slot('orphan')");
        }
    }

    @Test
    void login_rules_are_reset_when_they_were_widened_manually() throws Exception {
        Path hba = trio.directory("b1").resolve("conf/pg_hba.conf");
        Files.writeString(hba, "host all all 0.0.0.0/0 trust\n", StandardOpenOption.APPEND);
        trio.ask("b1", "SELECT pg_reload_conf()");
        trio.repairs("Update the configuration of b1");
        assertThat(trio.ask("b1", "SELECT count(*) FROM pg_hba_file_rules WHERE auth_method = 'trust'"))
                .containsExactly("0");
    }

    @Test
    void a_changed_password_and_a_changed_privilege_are_reset() throws Exception {
        trio.ask("a1", "ALTER ROLE clerk PASSWORD 'another'", "ALTER ROLE replicator SUPERUSER");
        trio.repairs("Set the password of clerk", "Correct the privileges of the role replicator");
        trio.clerk("a1", RealTrio.SERVER).close();
    }

    @Test
    void a_role_is_corrected_although_every_commit_waits_for_a_lost_standby() throws Exception {
        trio.ask("a1", "REVOKE pg_read_all_data FROM clerk");
        trio.kill(trio.postmaster("b1"));
        trio.repairs("Make clerk a member of pg_read_all_data", "Start b1 as standby of a1");
    }

    @Test
    void a_setting_that_takes_a_restart_restarts_the_standbys_first() throws Exception {
        String text = trio.estate.text();
        trio.estate.rewrite(text.replace("shared_buffers: 16MB", "shared_buffers: 24MB"));
        List<String> titles = trio.titles();
        assertThat(titles.subList(titles.size() - 3, titles.size()))
                .containsExactly("Restart d1", "Restart b1", "Restart a1");
        trio.applied();
        assertThat(trio.ask("a1", "SHOW shared_buffers")).containsExactly("24MB");
        assertThat(trio.ask("d1", "SHOW shared_buffers")).containsExactly("24MB");
    }

    @Test
    void a_killed_standby_is_started_again() throws Exception {
        trio.kill(trio.postmaster("b1"));
        trio.repairs("Start b1 as standby of a1");
    }

    @Test
    void a_killed_primary_is_started_again_and_stays_primary() throws Exception {
        trio.kill(trio.postmaster("a1"));
        assertThat(trio.titles()).containsExactly("Start a1 as primary");
        trio.applied();
        assertThat(trio.ask("a1", "SELECT pg_is_in_recovery()")).containsExactly("f");
    }

    @Test
    void a_killed_proxy_comes_back_and_sends_sessions_where_it_did() throws Exception {
        Path state = trio.proxyDirectory("b1").resolve("run/state");
        String before = Files.readString(state);
        trio.kill(Long.parseLong(Files.readString(trio.proxyDirectory("b1").resolve("run/haproxy.pid"))
                .strip()));
        assertThat(trio.titles()).contains("Start the proxy b1");
        trio.applied();
        assertThat(Files.readString(state)).isEqualTo(before);
        try (Connection writes = trio.clerk("b1", RealTrio.WRITES)) {
            assertThat(RealTrio.ask(writes, "SHOW cluster_name")).containsExactly("a1");
        }
    }

    @Test
    void no_secret_is_in_an_argument_a_log_or_the_ledger() throws Exception {
        Path secrets = trio.estate.folder().resolve("home/trio-test/secrets");
        try (Stream<Path> all = Files.list(secrets)) {
            for (Path secret : all.toList()) {
                String value = Files.readString(secret);
                try (Stream<Path> files = LiveFolder.walk(trio.estate.folder())) {
                    assertThat(files.filter(Files::isRegularFile)
                                    .filter(f -> !f.startsWith(secrets) && !f.endsWith("conf/pgpass"))
                                    .filter(f -> !f.toString().contains("/data/"))
                                    .filter(f -> holds(f, value)))
                            .isEmpty();
                }
                assertThat(ProcessHandle.allProcesses()
                                .map(p -> p.info().commandLine().orElse(""))
                                .filter(c -> c.contains(value)))
                        .isEmpty();
            }
        }
    }

    private static boolean holds(Path file, String value) {
        try {
            return new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1).contains(value);
        } catch (IOException gone) {
            return false;
        }
    }
}
