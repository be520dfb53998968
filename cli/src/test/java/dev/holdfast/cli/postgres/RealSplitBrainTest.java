package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate.Ended;
import dev.holdfast.cli.ServersUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** One real trio in which a second server becomes primary by hand, while clients write. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("real")
class RealSplitBrainTest {

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

    private void promoted(String host) throws Exception {
        assertThat(trio.ask(host, "SELECT pg_promote(true, 60)")).containsExactly("t");
    }

    /** The newest folder of what was kept on a host. */
    private Path kept(String host) throws IOException {
        try (Stream<Path> all = Files.list(trio.directory(host).resolve("kept"))) {
            return all.sorted().reduce((a, b) -> b).orElseThrow();
        }
    }

    private void everyCommandPrints(int exit, String sentence, String hint) {
        for (String[] words : List.of(
                new String[] {"failover", "payments", "--accept-data-loss", "--yes"},
                new String[] {"switchover", "payments", "--yes"},
                new String[] {"apply", "--yes"})) {
            Ended ended = trio.estate.run(words);
            assertThat(ended.exit()).as(words[0] + ": " + ended).isEqualTo(exit);
            assertThat(ended.err()).contains(sentence).contains(hint);
        }
        assertThat(trio.estate.run("plan").toString()).contains(sentence).contains(hint);
        Ended status = trio.estate.run("status", "-o", "json");
        assertThat(status.json().path("healthy").asBoolean()).isFalse();
        assertThat(status.out()).contains(hint);
    }

    @Test
    void a_standby_promoted_manually_never_costs_the_primary_its_clients() throws Exception {
        try (PacedWriter writer = new PacedWriter(trio, "a1", "b1")) {
            promoted("d1");
            writer.awaitMore(50);
            String hint = "holdfast rejoin payments/servers/d1";
            everyCommandPrints(4, "The clients use a1", hint);
            Ended refused = trio.estate.run("rejoin", "payments/servers/a1", "--accept-data-loss", "--yes");
            assertThat(refused.exit()).as(refused.toString()).isEqualTo(4);
            assertThat(refused.err())
                    .contains("synchronous standby b1")
                    .contains("writes from the proxies on a1, b1")
                    .contains(hint);
            assertThat(trio.directory("a1").resolve("fence")).doesNotExist();
            Ended done = trio.does(0, "rejoin", "payments/servers/d1", "--yes");
            assertThat(done.err()).contains("kept: 0 rows of 0 commits that only d1 had");
            writer.awaitMore(20);
            writer.stop();
            assertThat(writer.lost("a1")).isEmpty();
        }
        trio.settled();
        assertThat(trio.ask("d1", "SELECT pg_is_in_recovery()")).containsExactly("t");
    }

    @Test
    void a_stray_primary_does_not_win_when_the_one_with_the_acknowledged_writes_has_ended() throws Exception {
        try (PacedWriter writer = new PacedWriter(trio, "a1", "b1")) {
            promoted("d1");
            writer.awaitMore(50);
            writer.stop();
            RealTrio.signal("KILL", trio.processes("a1"));
            Patience.until("a1 has ended", () -> trio.processes("a1").isBlank());
            everyCommandPrints(
                    4, "a primary that Holdfast did not promote, a split brain", "holdfast rejoin payments/servers/d1");
            Ended refused = trio.estate.run("rejoin", "payments/servers/a1", "--yes");
            assertThat(refused.exit()).as(refused.toString()).isEqualTo(4);
            assertThat(refused.err()).contains("a1 (stopped, timeline ").contains("The clients use a1");
            Ended fenced = trio.estate.run("rejoin", "payments/servers/d1", "--yes");
            assertThat(fenced.exit()).as(fenced.toString()).isEqualTo(5);
            assertThat(trio.directory("d1").resolve("fence")).exists();
            Ended started = trio.estate.run("apply", "--yes");
            assertThat(started.exit()).as(started.toString()).isEqualTo(5);
            trio.does(0, "rejoin", "payments/servers/d1", "--yes");
            assertThat(writer.lost("a1")).isEmpty();
        }
    }

    @Test
    void a_stray_primary_is_not_believed_while_the_recorded_primary_hangs() throws Exception {
        try (PacedWriter writer = new PacedWriter(trio, "a1", "b1")) {
            writer.awaitMore(20);
            String pids = trio.processes("a1");
            RealTrio.signal("STOP", pids);
            try {
                promoted("d1");
                everyCommandPrints(
                        10,
                        "d1 is primary on timeline " + trio.timeline("d1")
                                + ", and no role change of Holdfast promoted it",
                        "wait until a1 answers, or end its process; then holdfast plan compares both");
                Ended refused = trio.estate.run("rejoin", "payments/servers/b1", "--yes");
                assertThat(refused.exit()).as(refused.toString()).isEqualTo(10);
            } finally {
                RealTrio.signal("CONT", pids);
            }
            writer.awaitMore(20);
            trio.does(0, "rejoin", "payments/servers/d1", "--yes");
            writer.stop();
            assertThat(writer.lost("a1")).isEmpty();
        }
    }

    @Test
    void rows_that_only_the_stray_side_has_are_given_up_with_consent_and_kept_one_file_per_table() throws Exception {
        trio.ask(
                "a1",
                "CREATE TABLE IF NOT EXISTS shared (n int)",
                "CREATE SCHEMA IF NOT EXISTS \"a.b\"",
                "CREATE SCHEMA IF NOT EXISTS a",
                "CREATE TABLE IF NOT EXISTS \"a.b\".c (n int)",
                "CREATE TABLE IF NOT EXISTS a.\"b.c\" (n int, t text)",
                "CREATE TABLE IF NOT EXISTS \"Shared\" (n int)",
                "INSERT INTO shared VALUES (1)");
        String written = trio.ask("a1", "SELECT pg_current_wal_lsn()").get(0);
        Patience.until(
                "d1 has it",
                () -> trio.ask("d1", "SELECT pg_last_wal_replay_lsn() >= '" + written + "'")
                        .equals(List.of("t")));
        promoted("d1");
        trio.ask(
                "d1",
                "INSERT INTO shared SELECT g FROM generate_series(100, 104) g",
                "INSERT INTO \"a.b\".c VALUES (7)",
                "INSERT INTO a.\"b.c\" VALUES (8, E'two\nlines'), (9, ',')",
                "INSERT INTO \"Shared\" VALUES (10)",
                "DELETE FROM shared WHERE n = 104",
                "ANALYZE shared");
        trio.ask("a1", "INSERT INTO shared VALUES (2)");
        String both = "holdfast rejoin payments/servers/a1 --accept-data-loss gives up 1 commit of a1;"
                + " or holdfast rejoin payments/servers/d1 --accept-data-loss gives up 5 commits of d1";
        everyCommandPrints(7, "It is unclear", both);
        for (String host : List.of("a1", "d1")) {
            Ended refused = trio.estate.run("rejoin", "payments/servers/" + host, "--yes");
            assertThat(refused.exit()).as(refused.toString()).isEqualTo(7);
            assertThat(refused.err()).contains(both);
        }
        Ended done = trio.does(0, "rejoin", "payments/servers/d1", "--accept-data-loss", "--yes");
        Path kept = kept("d1");
        assertThat(done.err()).contains("kept: 8 rows of 5 commits that only d1 had, in " + kept);
        List<String> rows = new ArrayList<>();
        try (Stream<Path> all = Files.list(kept)) {
            for (Path file :
                    all.filter(f -> f.toString().endsWith(".csv")).sorted().toList()) {
                rows.add(file.getFileName().toString().replaceAll("\\.[0-9]+\\.[0-9]+", ".N") + "="
                        + Files.readString(file).strip().replace("\n", "|"));
            }
        }
        assertThat(rows)
                .containsExactlyInAnyOrder(
                        "postgres.public.shared.csv=n|100|101|102|103",
                        "postgres.public.shared.N.csv=n|10",
                        "postgres.a_b.c.N.csv=n|7",
                        "postgres.a.b_c.N.csv=n,t|8,\"two|lines\"|9,\",\"");
        assertThat(trio.ask("a1", "SELECT string_agg(n::text, ',' ORDER BY n) FROM shared"))
                .containsExactly("1,2");
    }

    @Test
    void an_old_primary_that_comes_to_life_after_a_failover_is_the_one_that_comes_back() throws Exception {
        try (PacedWriter writer = new PacedWriter(trio, "a1", "b1")) {
            RealTrio.signal("KILL", trio.processes("a1"));
            trio.does(5, "failover", "payments", "--yes", "--override=failover-again");
            writer.awaitMore(50);
            // a person forces it: what fenced it has made a standby of it
            Files.delete(trio.directory("a1").resolve("fence"));
            Files.deleteIfExists(trio.directory("a1").resolve("data/standby.signal"));
            startManually("a1");
            String hint = "holdfast rejoin payments/servers/a1";
            everyCommandPrints(4, "The clients use b1", hint);
            Ended refused = trio.estate.run("rejoin", "payments/servers/b1", "--accept-data-loss", "--yes");
            assertThat(refused.exit()).as(refused.toString()).isEqualTo(4);
            assertThat(refused.err()).contains(hint);
            trio.does(0, "rejoin", "payments/servers/a1", "--yes");
            writer.awaitMore(20);
            writer.stop();
            assertThat(writer.lost("b1")).isEmpty();
        }
        trio.settled();
        trio.does(0, "switchover", "payments", "--to", "a1", "--yes");
    }

    private void startManually(String host) throws Exception {
        Path folder = trio.directory(host);
        Path log = folder.resolve("log/by-hand.log");
        List<String> words = new ArrayList<>(ServersUser.words(
                "sh",
                "-c",
                "exec \"/usr/lib/postgresql/$(cat \"$1/PG_VERSION\")/bin/pg_ctl\" -D \"$@\"",
                "by-hand",
                folder.resolve("data").toString(),
                "-l",
                log.toString(),
                "-o",
                "-c config_file=" + folder.resolve("conf/postgresql.conf"),
                "-w",
                "start"));
        Path out = trio.estate.folder().resolve("by-hand.out");
        // a killed process keeps the lock file until its parent has taken its exit code, on some machines for seconds
        Patience.until(
                () -> host + " starts by hand: " + read(out) + read(log),
                Duration.ofSeconds(60),
                Duration.ofMillis(500),
                () -> ServersUser.removeLocksOfEnded(folder)
                        && new ProcessBuilder(words)
                                        .directory(folder.toFile())
                                        .redirectErrorStream(true)
                                        .redirectOutput(out.toFile())
                                        .start()
                                        .waitFor()
                                == 0);
        try (Connection connection = trio.admin(host, RealTrio.SERVER)) {
            assertThat(RealTrio.ask(connection, "SELECT pg_is_in_recovery()")).containsExactly("f");
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException absent) {
            return "no " + file;
        }
    }
}
