package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** One real trio whose primary is handed over, killed, frozen and brought back, while clients write through both proxies. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealRolesTest {

    private RealTrio trio;
    private int timeline;

    @BeforeAll
    void a_trio_is_born() throws IOException {
        trio = new RealTrio(RealTrio.TOPOLOGY);
        trio.applied();
    }

    @BeforeEach
    void on_one_timeline() throws Exception {
        timeline = timeline(primary());
    }

    @AfterEach
    void as_declared() {
        trio.settled();
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        trio.close();
    }

    private String primary() throws Exception {
        for (String host : List.of("a1", "b1", "d1")) {
            try {
                if (trio.ask(host, "SELECT pg_is_in_recovery()").equals(List.of("f"))) {
                    return host;
                }
            } catch (SQLException notThere) {
                continue;
            }
        }
        throw new AssertionError("no primary");
    }

    private static String other(String host) {
        return host.equals("a1") ? "b1" : "a1";
    }

    private int timeline(String host) throws Exception {
        return Integer.parseInt(
                trio.ask(host, "SELECT ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int")
                        .get(0));
    }

    private Ended does(int exit, String... words) {
        Ended ended = trio.estate.run(words);
        assertThat(ended.exit()).as(String.join(" ", words) + ": " + ended).isEqualTo(exit);
        return ended;
    }

    /** LEDGER, LINEAGE, ROUTE and SYNC, read from the final primary alone. */
    private void holds(PacedWriter writer, String primary, int promotions) throws Exception {
        writer.awaitMore(20);
        writer.stop();
        assertThat(primary()).isEqualTo(primary);
        assertThat(writer.lost(primary)).isEmpty();
        assertThat(timeline(primary)).isEqualTo(timeline + promotions);
        for (String proxy : List.of("a1", "b1")) {
            try (Connection writes = trio.admin(proxy, RealTrio.WRITES)) {
                assertThat(RealTrio.ask(writes, "SHOW cluster_name")).containsExactly(primary);
                long began = System.nanoTime();
                RealTrio.ask(writes, "CREATE TABLE IF NOT EXISTS probe (n int)");
                RealTrio.ask(writes, "INSERT INTO probe VALUES (1)");
                assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(4));
            }
        }
    }

    private void inSync(String primary, String standby) throws Exception {
        assertThat(trio.ask(
                        primary, "SELECT application_name || ' ' || sync_state FROM pg_stat_replication ORDER BY 1"))
                .containsExactly(standby + " sync", "d1 async");
        assertThat(trio.ask(standby, "SELECT slot_name FROM pg_replication_slots"))
                .isEmpty();
        assertThat(trio.ask(primary, "SELECT slot_name FROM pg_replication_slots WHERE active ORDER BY 1"))
                .containsExactly(standby, "d1");
    }

    private String kept(String host) {
        String[] names = trio.directory(host).resolve("kept").toFile().list();
        return names == null ? "" : String.join(" ", names);
    }

    private static void say(String what) {
        System.getLogger("roles").log(System.Logger.Level.INFO, what);
    }

    @Test
    void three_switchovers_under_load_lose_nothing_and_rewind_nobody() throws Exception {
        for (int i = 0; i < 3; i++) {
            on_one_timeline();
            String from = primary();
            String before = kept(from);
            try (PacedWriter writer = new PacedWriter(trio, "a1", "b1")) {
                long began = System.nanoTime();
                does(0, "switchover", "payments", "--yes");
                writer.awaitMore(20);
                say("switchover: longest pause " + writer.longestPause(began) + " ms");
                holds(writer, other(from), 1);
            }
            inSync(other(from), from);
            assertThat(kept(from)).isEqualTo(before);
            Ended again = does(0, "switchover", "payments", "--to", other(from), "--yes");
            assertThat(again.out()).contains("nothing to do");
        }
    }

    @Test
    void a_dry_run_tells_the_decision_and_changes_nothing() throws Exception {
        String from = primary();
        Ended dry = does(0, "switchover", "payments", "--dry-run");
        assertThat(dry.out())
                .contains("decision: hand the primary's part of payments from " + from + " to " + other(from))
                .contains("streams, is sync")
                .contains("Close the entrances and stop " + from);
        Ended none = does(4, "failover", "payments", "--dry-run");
        assertThat(none.err() + none.out()).contains(from + " is primary and answers queries");
        assertThat(timeline(primary())).isEqualTo(timeline);
    }

    @Test
    void a_candidate_whose_replay_is_paused_is_refused() throws Exception {
        String candidate = other(primary());
        trio.ask(candidate, "SELECT pg_wal_replay_pause()");
        Ended refused = does(4, "switchover", "payments", "--yes");
        assertThat(refused.err()).contains("replay is paused on " + candidate).contains("--override=replay-paused");
        trio.ask(candidate, "SELECT pg_wal_replay_resume()");
    }

    @Test
    void a_primary_that_will_not_stop_is_writable_again() throws Exception {
        String from = primary();
        try (Connection hangs = trio.admin(from, RealTrio.SERVER)) {
            String pid = RealTrio.ask(hangs, "SELECT pg_backend_pid()").get(0);
            signal("STOP", pid);
            Ended ended = trio.estate.run("switchover", "payments", "--yes");
            assertThat(ended.exit()).as(ended.toString()).isNotZero();
            assertThat(ended.err()).contains("the handover was taken back: " + from + " is primary as before");
        }
        assertThat(primary()).isEqualTo(from);
        assertThat(timeline(from)).isEqualTo(timeline);
        try (PacedWriter writer = new PacedWriter(trio, "a1", "b1")) {
            holds(writer, from, 0);
        }
        trio.applied();
    }

    @Test
    void every_process_of_the_primary_is_killed() throws Exception {
        String lost = primary();
        failsOver(lost, () -> signal("KILL", processes(lost)));
    }

    @Test
    void only_the_first_process_of_the_primary_is_killed() throws Exception {
        String lost = primary();
        failsOver(lost, () -> signal("KILL", Long.toString(trio.postmaster(lost))));
    }

    @Test
    void the_primary_is_frozen_though_its_port_accepts() throws Exception {
        String lost = primary();
        String frozen = processes(lost);
        failsOver(lost, () -> signal("STOP", frozen));
    }

    private interface Break {
        void happens() throws Exception;
    }

    private void failsOver(String lost, Break what) throws Exception {
        String heir = other(lost);
        try (PacedWriter writer = new PacedWriter(trio, "a1", "b1")) {
            long began = System.nanoTime();
            what.happens();
            does(0, "failover", "payments", "--yes", "--override=failover-again");
            writer.awaitMore(20);
            say("failover: longest pause " + writer.longestPause(began) + " ms");
            holds(writer, heir, 1);
        }
        assertThat(processes(lost)).isEmpty();
        assertThat(Files.readString(trio.directory(lost).resolve("fence"))).contains("failover");
        trio.applied();
        assertThat(processes(lost)).as("apply does not start a fenced primary").isEmpty();
        assertThat(trio.notes()).anyMatch(n -> n.contains("stays fenced"));

        does(0, "rejoin", "payments/servers/" + lost, "--yes");
        inSync(heir, lost);
        try (Stream<Path> kept = Files.walk(trio.directory(lost).resolve("kept"))) {
            assertThat(kept.map(p -> p.getFileName().toString())).contains("README", "log.txt");
        }
        trio.applied();
        assertThat(does(0, "rejoin", "payments/servers/" + lost, "--yes").out()).contains("nothing to do");
    }

    /** The processes that work in a server's folder. */
    private String processes(String host) throws IOException {
        StringBuilder pids = new StringBuilder();
        Path data = trio.directory(host).resolve("data");
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            for (Path proc : all.filter(p -> p.getFileName().toString().matches("[0-9]+"))
                    .toList()) {
                try {
                    if (Files.readSymbolicLink(proc.resolve("cwd")).equals(data)) {
                        pids.append(proc.getFileName()).append(' ');
                    }
                } catch (IOException gone) {
                    continue;
                }
            }
        }
        return pids.toString().strip();
    }

    private static void signal(String name, String pids) throws Exception {
        // one of them may have ended by itself meanwhile
        new ProcessBuilder("sh", "-c", "for pid in " + pids + "; do kill -" + name + " $pid; done; true")
                .start()
                .waitFor();
    }
}
