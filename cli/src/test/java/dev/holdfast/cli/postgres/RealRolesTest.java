package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.cli.LiveFolder;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** One real trio whose primary is handed over, killed, frozen and brought back, while clients write through both proxies. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("real")
class RealRolesTest {

    private RealTrio trio;
    private int timeline;

    @BeforeAll
    void a_trio_is_created() throws IOException {
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
        return trio.primary();
    }

    private static String other(String host) {
        return host.equals("a1") ? "b1" : "a1";
    }

    private int timeline(String host) throws Exception {
        return trio.timeline(host);
    }

    private Ended does(int exit, String... words) {
        return trio.does(exit, words);
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

    private static void log(String what) {
        System.getLogger("roles").log(System.Logger.Level.INFO, what);
    }

    @Test
    void ten_switchovers_under_load_lose_nothing_and_rewind_no_server() throws Exception {
        String kept = kept("a1") + kept("b1");
        String from = primary();
        List<Long> pauses = new ArrayList<>();
        try (PacedWriter writer = new PacedWriter(trio, "a1", "b1");
                Connection idle = trio.admin("a1", RealTrio.WRITES)) {
            for (int i = 0; i < 10; i++) {
                long began = System.nanoTime();
                does(0, "switchover", "payments", "--yes");
                writer.awaitMore(20);
                pauses.add(writer.longestPause(began));
            }
            assertThatThrownBy(() -> RealTrio.ask(idle, "SELECT 1"))
                    .as("a session of the old primary is ended")
                    .isInstanceOf(SQLException.class);
            holds(writer, from, 10);
        }
        log("switchover: longest pauses " + pauses + " ms");
        inSync(from, other(from));
        assertThat(kept("a1") + kept("b1")).as("nobody was rewound").isEqualTo(kept);
        Ended again = does(0, "switchover", "payments", "--to", from, "--yes");
        assertThat(again.out()).contains("nothing to do");
    }

    @Test
    void a_reload_of_a_proxy_keeps_the_way_that_a_switchover_set() throws Exception {
        String to = other(primary());
        does(0, "switchover", "payments", "--yes");
        Path folder = trio.proxyDirectory("a1");
        String before = Files.readString(folder.resolve("run/haproxy.pid"));
        reloaded(folder);
        assertThat(Files.readString(folder.resolve("run/haproxy.pid"))).isNotEqualTo(before);
        leadsTo("a1", to);
        trio.settled();

        Path cfg = folder.resolve("conf/haproxy.cfg");
        Files.writeString(cfg, Files.readString(cfg) + "# by hand\n");
        trio.repairs("Replace the process of the proxy a1");
        leadsTo("a1", to);
    }

    /** A new process takes the sockets over from the one that runs, as a reload does. */
    private static void reloaded(Path folder) throws Exception {
        String user = Files.getOwner(folder.resolve("run")).getName();
        String old = Files.readString(folder.resolve("run/haproxy.pid")).strip();
        List<String> words = new ArrayList<>();
        if (!user.equals(System.getProperty("user.name"))) {
            words.addAll(List.of("runuser", "-u", user, "--"));
        }
        words.addAll(List.of(
                "/usr/sbin/haproxy",
                "-D",
                "-f",
                folder.resolve("conf/haproxy.cfg").toString(),
                "-sf",
                old));
        // the folder that tests run in may be closed to that user
        assertThat(new ProcessBuilder(words)
                        .directory(Path.of("/").toFile())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    private void leadsTo(String proxy, String primary) throws Exception {
        try (Connection writes = trio.admin(proxy, RealTrio.WRITES)) {
            assertThat(RealTrio.ask(writes, "SHOW cluster_name")).containsExactly(primary);
        }
    }

    @Test
    void a_dry_run_reports_the_decision_and_changes_nothing() throws Exception {
        String from = primary();
        Ended dry = does(0, "switchover", "payments", "--dry-run");
        assertThat(dry.out())
                .contains("decision: move the primary of payments from " + from + " to " + other(from))
                .contains("streams, is sync")
                .contains("Close client endpoints and stop " + from);
        Ended none = does(4, "failover", "payments", "--dry-run");
        assertThat(none.err() + none.out()).contains(from + " is primary and answers queries");
        assertThat(timeline(primary())).isEqualTo(timeline);
    }

    @Test
    void a_candidate_that_is_paused_or_lags_is_refused_with_value_limit_and_flag() throws Exception {
        String candidate = other(primary());
        trio.ask(candidate, "SELECT pg_wal_replay_pause()");
        try {
            isRefusedWhilePaused(candidate);
        } finally {
            trio.ask(candidate, "SELECT pg_wal_replay_resume()");
        }
    }

    private void isRefusedWhilePaused(String candidate) throws Exception {
        Ended refused = does(4, "switchover", "payments", "--yes");
        assertThat(refused.err()).contains("replay is paused on " + candidate).contains("--override=replay-paused");
        assertThat(refused.err()).contains("CODE: replay-paused");
        trio.ask(
                primary(),
                "CREATE TABLE heap AS SELECT repeat(md5(n::text), 30) AS t FROM generate_series(1, 20000) n",
                "DROP TABLE heap");
        Ended lagging = does(4, "switchover", "payments", "--yes", "--override=replay-paused");
        assertThat(lagging.err())
                .contains("bytes to replay, the limit is 16777216")
                .contains("CODE: candidate-lag")
                .contains("--override=candidate-lag");
    }

    @Test
    void a_primary_that_will_not_stop_is_writable_again() throws Exception {
        String from = primary();
        try (Connection hangs = trio.admin(from, RealTrio.SERVER)) {
            String pid = RealTrio.ask(hangs, "SELECT pg_backend_pid()").get(0);
            RealTrio.signal("STOP", pid);
            Ended ended = trio.estate.run("switchover", "payments", "--yes");
            assertThat(ended.exit()).as(ended.toString()).isNotZero();
            assertThat(ended.err()).contains("the switchover was reverted: " + from + " is primary as before");
        }
        assertThat(primary()).isEqualTo(from);
        assertThat(timeline(from)).isEqualTo(timeline);
        try (PacedWriter writer = new PacedWriter(trio, "a1", "b1")) {
            holds(writer, from, 0);
        }
        trio.applied();
        for (String host : List.of("a1", "b1", "d1")) {
            if (!host.equals(from)) {
                assertThat(trio.ask(host, "SELECT slot_name FROM pg_replication_slots"))
                        .as("slots that the switchover made on " + host)
                        .isEmpty();
            }
        }
    }

    @Test
    void maintenance_keeps_the_roles_as_they_are_until_it_is_over() throws Exception {
        String from = primary();
        does(0, "maintenance", "on", "payments", "--reason", "disks are 'changed'\tnow", "--yes");
        assertThat(does(0, "maintenance", "on", "payments", "--reason", "disks are 'changed' now")
                        .out())
                .contains("nothing to do");
        for (String verb : List.of("switchover", "failover")) {
            Ended refused = does(4, verb, "payments", "--yes");
            assertThat(refused.err())
                    .contains("payments is in maintenance since")
                    .contains("disks are 'changed' now")
                    .contains("--override=maintenance");
        }
        assertThat(does(0, "status").out()).contains("payments is in maintenance since");
        assertThat(does(0, "status", "-o", "json")
                        .json()
                        .path("maintenance")
                        .get(0)
                        .path("cluster")
                        .asText())
                .isEqualTo("payments");
        does(0, "switchover", "payments", "--dry-run", "--override=maintenance");
        does(0, "maintenance", "off", "payments");
        assertThat(does(0, "status").out()).doesNotContain("maintenance");
        assertThat(primary()).isEqualTo(from);
    }

    @Test
    void a_setting_that_needs_a_restart_is_rolled_through_without_a_loss() throws Exception {
        String from = primary();
        String to = other(from);
        for (List<String> change : List.of(List.of("90", from, "d1", to), List.of("120", "d1", to, from))) {
            trio.estate.rewrite(RealTrio.TOPOLOGY.replace(
                    "shared_buffers: 16MB,", "shared_buffers: 16MB, max_connections: " + change.get(0) + ","));
            try (PacedWriter writer = new PacedWriter(trio, "a1", "b1")) {
                trio.applied();
                assertThat(restarts()).containsExactlyElementsOf(change.subList(1, 4));
                holds(writer, from, 0);
            }
            for (String host : List.of("a1", "b1", "d1")) {
                assertThat(trio.ask(host, "SHOW max_connections")).containsExactly(change.get(0));
            }
        }
        trio.estate.rewrite(RealTrio.TOPOLOGY);
        trio.applied();
        assertThat(restarts()).as("the default of 100 is lower").containsExactly(from, "d1", to);
    }

    @Test
    void a_standby_that_was_down_while_a_setting_went_down_comes_back_with_it() throws Exception {
        RealTrio.signal("KILL", trio.processes("d1"));
        trio.estate.rewrite(
                RealTrio.TOPOLOGY.replace("shared_buffers: 16MB,", "shared_buffers: 16MB, max_connections: 90,"));
        trio.applied();
        assertThat(trio.ask("d1", "SHOW max_connections")).containsExactly("90");
        trio.estate.rewrite(RealTrio.TOPOLOGY);
        trio.applied();
        assertThat(trio.ask("d1", "SHOW max_connections")).containsExactly("100");
    }

    /** Who was restarted by the last run, in order. */
    private List<String> restarts() throws IOException {
        return trio.estate.ledger().stream()
                .filter(e -> e.path("kind").asText().equals("STEP_STARTED"))
                .map(e -> e.path("step").asText())
                .filter(s -> s.startsWith("Restart "))
                .map(s -> s.substring("Restart ".length()))
                .toList();
    }

    @Test
    void every_process_of_the_primary_is_killed() throws Exception {
        String lost = primary();
        failsOver(lost, () -> RealTrio.signal("KILL", trio.processes(lost)));
    }

    @Test
    void only_the_first_process_of_the_primary_is_killed() throws Exception {
        String lost = primary();
        failsOver(lost, () -> RealTrio.signal("KILL", Long.toString(trio.postmaster(lost))));
    }

    @Test
    void the_primary_is_frozen_though_its_port_accepts() throws Exception {
        String lost = primary();
        // with the sessions of the writer: one that goes on would commit without the standby when its wait is cancelled
        failsOver(lost, () -> RealTrio.signal("STOP", trio.processes(lost)));
    }

    @Test
    void a_primary_whose_wal_ends_with_a_whole_segment_keeps_nothing_and_rejoins() throws Exception {
        String lost = primary();
        trio.ask(lost, "SELECT pg_switch_wal()");
        Patience.until(
                "both standbys have received the whole segment",
                () -> trio.ask(lost, "SELECT bool_and(flush_lsn = pg_current_wal_lsn()) FROM pg_stat_replication")
                        .equals(List.of("t")));
        RealTrio.signal("KILL", trio.processes(lost));
        trio.failsOver(lost, "--override=failover-again");
        does(0, "rejoin", "payments/servers/" + lost, "--yes");
        trio.applied();
    }

    /** When the last run had fenced the old primary. */
    private Instant fenced() throws IOException {
        return trio.estate.ledger().stream()
                .filter(e -> e.path("kind").asText().equals("STEP_DONE")
                        && e.path("step").asText().startsWith("Close client endpoints and fence"))
                .map(e -> Instant.parse(e.path("at").asText()))
                .findFirst()
                .orElseThrow();
    }

    private interface Break {
        void happens() throws Exception;
    }

    /** Plan, status and the monitoring plugin say that commits wait for nobody, and what ends it. */
    private void servesAlone(String candidate, String lost) {
        Ended plan = does(2, "plan", "--detailed-exitcode");
        assertThat(plan.out()).contains("open difference").doesNotContain("as declared");
        assertThat(plan.err())
                .contains("0 of 1 synchronous standbys is in sync: " + candidate + " acknowledges commits without one")
                .contains("HINT: holdfast rejoin payments/servers/" + lost);
        assertThat(trio.estate
                        .run("status", "-o", "json")
                        .json()
                        .path("healthy")
                        .asBoolean(true))
                .isFalse();
        Ended plugin = trio.estate.run("status", "--nagios");
        assertThat(plugin.exit()).as(plugin.toString()).isBetween(1, 2);
        assertThat(plugin.out()).contains("0 of 1 standbys are in sync: writes are acknowledged without a standby");
    }

    private void failsOver(String lost, Break what) throws Exception {
        String candidate = other(lost);
        String processes = trio.processes(lost);
        try (PacedWriter writer = new PacedWriter(trio, "a1", "b1");
                EveryRoute routes = new EveryRoute(trio)) {
            routes.awaitTaken(Instant.EPOCH, lost, 3);
            long began = System.nanoTime();
            what.happens();
            trio.failsOver(lost, "--override=failover-again");
            RealTrio.signal("CONT", processes);
            writer.awaitMore(20);
            routes.awaitTaken(fenced(), candidate, 3);
            assertThat(routes.takenByOthers(fenced(), candidate))
                    .as("nobody but " + candidate + " takes a write after the fencing")
                    .isEmpty();
            log("failover: longest pause " + writer.longestPause(began) + " ms");
            holds(writer, candidate, 1);
        }
        assertThat(trio.processes(lost)).isEmpty();
        assertThat(Files.readString(trio.directory(lost).resolve("fence"))).contains("failover");
        servesAlone(candidate, lost);
        does(5, "apply", "--yes");
        assertThat(trio.processes(lost))
                .as("apply does not start a fenced primary")
                .isEmpty();
        assertThat(trio.estate.run("plan").err())
                .contains("open: payments/servers/" + lost + ": the member stays fenced");

        does(0, "rejoin", "payments/servers/" + lost, "--yes");
        inSync(candidate, lost);
        try (Stream<Path> kept = LiveFolder.walk(trio.directory(lost).resolve("kept"))) {
            assertThat(kept.map(p -> p.getFileName().toString())).contains("README", "log.txt");
        }
        trio.applied();
        assertThat(does(0, "rejoin", "payments/servers/" + lost, "--yes").out()).contains("nothing to do");
    }
}
