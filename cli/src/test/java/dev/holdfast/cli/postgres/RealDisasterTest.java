package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.LiveFolder;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** One real trio whose region is lost, whose copy is ahead, and whose standby was left behind: what may be promoted, and what not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("real")
class RealDisasterTest {

    private static final Pattern BOUND =
            Pattern.compile("at most lost: ([0-9]+) bytes of WAL with ([0-9]+) commits?, made within ([0-9.]+) s");

    /** Every test here breaks the same trio anew. */
    private static final String AGAIN = "--override=failover-again";

    private RealTrio trio;

    @BeforeAll
    void a_trio_is_created() throws IOException {
        trio = new RealTrio(RealTrio.TOPOLOGY);
        trio.applied();
    }

    @BeforeEach
    void as_declared() throws Exception {
        trio.settled();
        if (!trio.primary().equals("a1")) {
            does(0, "switchover", "payments", "--to", "a1", "--yes");
        }
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        trio.close();
    }

    private Ended does(int exit, String... words) {
        return trio.does(exit, words);
    }

    /** The process on the primary that sends the log to a standby. */
    private String sender(String primary, String standby) throws Exception {
        return trio.ask(primary, "SELECT pid FROM pg_stat_replication WHERE application_name = '" + standby + "'")
                .get(0);
    }

    private static void log(String what) {
        System.getLogger("roles").log(System.Logger.Level.INFO, what);
    }

    /** What a member's rewind kept of the rows that only it had: all of them, in one text. */
    private String rowsKept(String host) throws IOException {
        StringBuilder rows = new StringBuilder();
        try (Stream<Path> kept = LiveFolder.walk(trio.directory(host).resolve("kept"))) {
            for (Path csv : kept.filter(p -> p.toString().endsWith(".csv")).toList()) {
                rows.append(Files.readString(csv));
            }
        }
        return rows.toString();
    }

    private long newest(String host) throws Exception {
        return Long.parseLong(
                trio.ask(host, "SELECT coalesce(max(id), 0) FROM acked").get(0));
    }

    private void killRegion() throws Exception {
        RealTrio.signal("KILL", trio.processes("a1") + " " + trio.processes("b1"));
    }

    @Test
    void the_region_is_lost_its_copy_is_promoted_with_a_bound_and_the_region_comes_back() throws Exception {
        int timeline = trio.timeline("a1");
        Set<Long> lost;
        try (PacedWriter writer = new PacedWriter(trio, "a1", "b1")) {
            does(4, "failover", "payments", "--to", "d1", "--accept-data-loss", "--yes");
            assertThat(trio.primary()).as("while the other side is alive").isEqualTo("a1");

            RealTrio.signal("STOP", sender("a1", "d1"));
            writer.awaitMore(60);
            killRegion();

            Ended refused = does(7, "failover", "payments", "--to", "d1", "--yes", AGAIN);
            Matcher bound = BOUND.matcher(refused.err());
            assertThat(bound.find()).as(refused.err()).isTrue();
            assertThat(refused.err()).contains("--accept-data-loss").contains("commits waited for");
            assertThat(trio.ask("d1", "SELECT pg_is_in_recovery()")).containsExactly("t");
            assertThat(trio.directory("a1").resolve("fence")).doesNotExist();

            does(5, "failover", "payments", "--to", "d1", "--accept-data-loss", "--yes", AGAIN);
            writer.awaitMore(20);
            writer.stop();
            lost = writer.lost("d1");
            log("region lost: bound " + bound.group() + ", measured " + lost.size() + " writes");
            assertThat(lost).isNotEmpty().hasSizeLessThanOrEqualTo(Integer.parseInt(bound.group(2)));
            assertThat(trio.primary()).isEqualTo("d1");
            assertThat(trio.timeline("d1")).isEqualTo(timeline + 1);
        }
        theRegionComesBack(lost);
    }

    /**
     * The old primary and the stopped standby are rewound, with every lost row kept in files. Then home again, without loss.
     */
    private void theRegionComesBack(Set<Long> lost) throws Exception {
        does(0, "rejoin", "payments/servers/a1", "--yes");
        does(0, "rejoin", "payments/servers/b1", "--yes");
        List<String> kept = rowsKept("a1").lines().toList();
        assertThat(kept).containsAll(lost.stream().map(String::valueOf).toList());
        assertThat(rowsKept("b1").lines())
                .containsAll(lost.stream().map(String::valueOf).toList());
        trio.applied();
        trio.settled();
        int timeline = trio.timeline("d1");
        try (PacedWriter writer = new PacedWriter(trio, "a1", "b1")) {
            does(0, "switchover", "payments", "--to", "a1", "--yes");
            writer.awaitMore(20);
            writer.stop();
            assertThat(writer.lost("a1")).isEmpty();
        }
        assertThat(trio.timeline("a1")).isEqualTo(timeline + 1);
        assertThat(trio.ask("a1", "SELECT application_name || ' ' || sync_state FROM pg_stat_replication ORDER BY 1"))
                .containsExactly("b1 sync", "d1 async");
        trio.settled();
    }

    @Test
    void a_copy_that_is_ahead_of_the_synchronous_standby_is_rewound_and_its_rows_are_kept() throws Exception {
        try (PacedWriter writer = new PacedWriter(trio, "a1", "b1")) {
            RealTrio.signal("STOP", sender("a1", "b1"));
            Patience.until("d1 has a row that b1 lacks", () -> newest("d1") > newest("b1"));
            String ahead = String.valueOf(newest("d1"));
            RealTrio.signal("KILL", trio.processes("a1"));
            does(5, "failover", "payments", "--yes", AGAIN);
            writer.awaitMore(20);
            writer.stop();
            assertThat(writer.lost("b1")).isEmpty();
            assertThat(trio.primary()).isEqualTo("b1");
            assertThat(trio.ask("b1", "SELECT count(*) FROM acked WHERE id = " + ahead))
                    .as("the write that only d1 had")
                    .containsExactly("0");
            assertThat(rowsKept("d1").lines()).contains(ahead);
        }
        assertThat(trio.ask("b1", "SELECT application_name FROM pg_stat_replication WHERE state = 'streaming'"))
                .contains("d1");
        does(0, "rejoin", "payments/servers/a1", "--yes");
        trio.applied();
    }

    @Test
    void a_standby_that_commits_no_longer_waited_for_is_not_promoted_by_anybody() throws Exception {
        String frozen = trio.processes("b1");
        Path elsewhere = trio.estate.folder().resolve("elsewhere");
        try (PacedWriter writer = new PacedWriter(trio, "a1")) {
            RealTrio.signal("STOP", frozen);
            trio.ask("a1", "ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_reload_conf()");
            // more than the network between them holds back for one that sleeps: what it holds would reach it yet
            trio.ask(
                    "a1",
                    "DROP TABLE IF EXISTS bulk",
                    "CREATE TABLE bulk AS SELECT repeat('x', 1000) AS x FROM generate_series(1, 40000)");
            writer.awaitMore(30);
            writer.stop();
        }
        RealTrio.signal("KILL", trio.processes("a1"));
        RealTrio.signal("CONT", frozen);
        for (List<String> words : List.of(List.<String>of(), List.of("--to", "b1"))) {
            List<String> line = new java.util.ArrayList<>(List.of("failover", "payments", "--yes"));
            line.addAll(words);
            line.add(AGAIN);
            trio.estate.with("HOLDFAST_HOME", elsewhere(elsewhere));
            Ended refused = does(7, line.toArray(String[]::new));
            assertThat(refused.err()).contains("can lack acknowledged commits");
        }
        trio.estate.with("HOLDFAST_HOME", trio.estate.folder().resolve("home").toString());
        assertThat(trio.ask("b1", "SELECT pg_is_in_recovery()")).containsExactly("t");
        trio.applied();
        try (Connection writes = trio.admin("b1", RealTrio.WRITES)) {
            assertThat(RealTrio.ask(writes, "SHOW cluster_name")).containsExactly("a1");
        }
    }

    /** Another operator's machine: it has the passwords, and no record of any earlier run. */
    private String elsewhere(Path home) throws IOException {
        Path secrets = home.resolve("trio-test/secrets");
        Files.createDirectories(secrets);
        try (Stream<Path> known = Files.list(trio.estate.folder().resolve("home/trio-test/secrets"))) {
            for (Path secret : known.toList()) {
                Files.copy(
                        secret,
                        secrets.resolve(secret.getFileName()),
                        java.nio.file.StandardCopyOption.REPLACE_EXISTING,
                        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return home.toString();
    }
}
