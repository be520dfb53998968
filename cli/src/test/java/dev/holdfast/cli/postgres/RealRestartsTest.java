package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.LiveFolder;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate.Ended;
import dev.holdfast.cli.ServersUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Settings that a server cannot use, or can only use in the right order, and a repository that does not answer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("real")
class RealRestartsTest {

    private static final List<String> HOSTS = List.of("a1", "b1", "d1");
    private static final String SETTINGS = "max_connections: 100, max_worker_processes: 16, shared_buffers: 16MB";
    private static final String TOPOLOGY = RealTrio.TOPOLOGY
            .replace("shared_buffers: 16MB", SETTINGS)
            .replace(
                    "    users:",
                    "    backup: { full: weekly, archive: continuous, archiveEvery: 1h,"
                            + " repository: /var/lib/holdfast/backup }\n    users:");

    private RealTrio trio;

    @BeforeAll
    void a_trio_is_created() throws IOException {
        trio = new RealTrio(TOPOLOGY);
        trio.applied();
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        trio.close();
    }

    private void declare(String settings) throws IOException {
        trio.estate.rewrite(TOPOLOGY.replace(SETTINGS, settings));
    }

    private List<Long> postmasters() throws IOException {
        List<Long> pids = new ArrayList<>();
        for (String host : HOSTS) {
            pids.add(trio.postmaster(host));
        }
        return pids;
    }

    @Test
    @Order(1)
    void settings_that_would_stop_a_server_at_its_next_start_are_refused_before_anything_is_changed() throws Exception {
        List<Long> before = postmasters();
        for (String wrong : List.of(
                "shared_preload_libraries: 'pg_stat_statments, auto_explain'",
                "ssl: on",
                "temp_buffers: 5lightyears")) {
            declare(SETTINGS + ", " + wrong);
            for (String command : List.of("plan", "apply")) {
                Ended ended = command.equals("plan") ? trio.estate.run("plan") : trio.estate.run("apply", "--yes");
                assertThat(ended.exit()).as(wrong + ": " + ended).isEqualTo(4);
                assertThat(ended.toString()).contains("the server would not start");
            }
            assertThat(trio.estate.changes()).isZero();
        }
        declare(SETTINGS);
        trio.settled();
        assertThat(postmasters()).isEqualTo(before);
    }

    @Test
    @Order(2)
    void a_rolling_restart_ends_at_the_first_server_that_does_not_come_back() throws Exception {
        List<Long> before = postmasters();
        // more than the machine has: only the start itself finds that out
        declare(SETTINGS.replace("16MB", "4000GB"));
        Ended ended = trio.estate.run("apply", "--yes");
        assertThat(ended.exit()).as(ended.toString()).isEqualTo(5);
        assertThat(ended.err()).contains("shared memory");
        assertThat(trio.postmaster("a1")).isEqualTo(before.get(0));
        assertThat(trio.postmaster("b1")).isEqualTo(before.get(1));
        trio.ask("a1", "CREATE TABLE during_it (id int)");
        declare(SETTINGS);
        trio.applied();
        trio.settled();
        assertThat(trio.postmaster("a1")).isEqualTo(before.get(0));
    }

    @Test
    @Order(3)
    void one_run_raises_one_setting_and_lowers_another() throws Exception {
        declare(SETTINGS.replace("100", "150").replace("16,", "8,"));
        trio.applied();
        trio.settled();
        for (String host : HOSTS) {
            assertThat(trio.ask(host, "SHOW max_connections")).as(host).containsExactly("150");
            assertThat(trio.ask(host, "SHOW max_worker_processes")).as(host).containsExactly("8");
        }
        declare(SETTINGS);
        trio.applied();
        trio.settled();
    }

    @Test
    @Order(4)
    void a_primary_whose_archiver_hangs_is_not_stopped() throws Exception {
        trio.ask("a1", "ALTER SYSTEM SET archive_command = 'sleep 3600'", "SELECT pg_reload_conf()");
        trio.ask("a1", "SELECT txid_current()", "SELECT pg_switch_wal()");
        Patience.until("it hangs", () -> !trio.estate.servers("").isEmpty() && hanging() > 0);
        long before = trio.postmaster("a1");
        declare(SETTINGS.replace("16MB", "24MB"));
        Ended ended = trio.estate.run("apply", "--yes");
        assertThat(ended.exit()).as(ended.toString()).isEqualTo(9);
        assertThat(ended.err()).contains("segments wait for archive_command").contains("the server still runs");
        assertThat(trio.postmaster("a1")).isEqualTo(before);
        trio.ask("a1", "CREATE TABLE meanwhile (id int)");
        ProcessHandle.of(hanging()).ifPresent(ProcessHandle::destroyForcibly);
        trio.applied();
        assertThat(trio.ask("a1", "SHOW shared_buffers")).containsExactly("24MB");
        declare(SETTINGS);
        trio.applied();
        trio.settled();
    }

    /** By its command line: in a container, root may not read which program another user's process runs. */
    private static boolean isSleep(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                    .startsWith("sleep\0");
        } catch (IOException ended) {
            return false;
        }
    }

    /** The process that archiving waits for; 0 when there is none. */
    private long hanging() throws IOException {
        return ProcessHandle.of(trio.postmaster("a1"))
                .orElseThrow()
                .descendants()
                .filter(p -> isSleep(p.pid()))
                .mapToLong(ProcessHandle::pid)
                .max()
                .orElse(0);
    }

    @Test
    @Order(5)
    void its_own_sessions_do_not_inherit_the_defaults_of_servers_databases_and_roles() throws Exception {
        declare(SETTINGS
                + ", default_transaction_isolation: serializable, idle_session_timeout: 1s, statement_timeout: 1ms,"
                + " default_transaction_read_only: on");
        trio.applied();
        trio.settled();
        Ended backup = trio.estate.run("backup", "run", "payments", "--kind", "full", "--yes");
        assertThat(backup.exit()).as(backup.toString()).isZero();
        declare(SETTINGS + ", default_transaction_isolation: repeatable read");
        trio.applied();
        trio.settled();
        declare(SETTINGS);
        trio.applied();
    }

    @Test
    @Tag("long")
    @Order(6)
    void
            a_candidate_that_could_not_be_promoted_is_restarted_before_the_fence_and_a_repository_that_hangs_delays_nothing_long()
                    throws Exception {
        // b1 runs with less than its log needs: replay stops, and a promotion would end it
        trio.ask("a1", "ALTER SYSTEM SET max_connections = 130");
        restart("a1");
        Patience.until(
                "replay stops on b1",
                () -> trio.ask("b1", "SELECT pg_is_wal_replay_paused()").equals(List.of("t")));
        List<Path> read = archiveInfos();
        for (Path file : read) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".away"));
            assertThat(new ProcessBuilder("mkfifo", "-m", "666", file.toString())
                            .start()
                            .waitFor())
                    .isZero();
        }
        trio.kill(trio.postmaster("a1"));
        Ended ended = trio.estate.run("failover", "payments", "--yes");
        for (Path file : read) {
            Files.delete(file);
            Files.move(file.resolveSibling(file.getFileName() + ".away"), file);
        }
        assertThat(trio.primary()).as(ended.toString()).isEqualTo("b1");
        assertThat(ended.toString()).contains("Restart b1 with the settings that its WAL needs");
        long promotion = trio.estate.ledger().stream()
                .filter(e -> e.path("kind").asText().equals("STEP_DONE"))
                .filter(e -> e.path("step").asText().equals("Promote b1"))
                .mapToLong(e -> e.path("took_ms").asLong())
                .sum();
        // one file of the repository is waited for, 15 s
        assertThat(promotion).as(ended.toString()).isBetween(1L, 45_000L);
    }

    private void restart(String host) throws Exception {
        Path directory = trio.directory(host);
        String program = "/usr/lib/postgresql/$(cat " + directory + "/data/PG_VERSION)/bin/pg_ctl";
        String line = program + " -D " + directory + "/data -m fast -w -s -l /dev/null -o '-c config_file=" + directory
                + "/conf/postgresql.conf' restart";
        List<String> words = ServersUser.words("sh", "-c", line);
        assertThat(new ProcessBuilder(words)
                        .directory(directory.toFile())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    private List<Path> archiveInfos() throws IOException {
        try (Stream<Path> all = LiveFolder.walk(trio.estate.folder().resolve("b"))) {
            return all.filter(p -> p.getFileName().toString().startsWith("archive.info"))
                    .toList();
        }
    }
}
