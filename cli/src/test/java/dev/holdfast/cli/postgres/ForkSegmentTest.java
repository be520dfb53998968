package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.LiveFolder;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A primary that is alive after the promotion of another member archives the whole segment in which its timeline ends. A
 * standby that replays that segment has WAL which the new primary lacks.
 */
@Tag("real")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ForkSegmentTest {

    private static final Pattern ARCHIVE_GET = Pattern.compile(".* (\\S*pgbackrest .*archive-get %f \"%p\")");
    private static final String DETACHED = "ALTER SYSTEM SET primary_conninfo = ''";

    private RealTrio trio;

    @BeforeAll
    void a_trio_that_archives_is_created() throws IOException {
        trio = new RealTrio(RealTrio.TOPOLOGY.replace(
                "    settings:",
                "    backup: { full: weekly, incremental: daily, archive: continuous }\n" + "    settings:"));
        trio.applied();
        trio.settled();
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        trio.close();
    }

    private void reconfigure(String host, String... settings) throws Exception {
        for (String setting : settings) {
            trio.ask(host, setting);
        }
        trio.ask(host, "SELECT pg_reload_conf()");
    }

    private String ask(String host, String sql) throws Exception {
        return trio.ask(host, sql).get(0);
    }

    /**
     * Promotes b1 while a1 is alive and d1 is detached, then ends a1.
     *
     * @return the last row of a1, which no other member has: its segment is archived
     */
    private void diverge(String table) throws Exception {
        reconfigure("d1", DETACHED, "ALTER SYSTEM SET restore_command = ''");
        reconfigure("b1", DETACHED, "ALTER SYSTEM SET restore_command = ''", "ALTER SYSTEM SET archive_timeout = 0");
        reconfigure("a1", "ALTER SYSTEM SET synchronous_standby_names = ''");
        Patience.until(
                "no standby is attached",
                () -> ask("a1", "SELECT count(*) FROM pg_stat_replication").equals("0"));
        trio.ask("b1", "SELECT pg_promote(true, 60)");
        recordFailover();
        trio.ask(
                "b1",
                "SELECT pg_create_physical_replication_slot('d1') WHERE NOT EXISTS"
                        + " (SELECT FROM pg_replication_slots WHERE slot_name = 'd1')");
        trio.ask("a1", "CREATE TABLE " + table + " AS SELECT 1 AS a");
        String segment = ask("a1", "SELECT pg_walfile_name(pg_switch_wal())");
        Path repository = trio.estate.folder().resolve("backup/trio-test/payments");
        Patience.until("the archive has " + segment, () -> LiveFolder.archives(repository, segment));
        RealTrio.signal("KILL", trio.processes("a1"));
        Patience.until("a1 has ended", () -> trio.processes("a1").isBlank());
    }

    /** Records the role of b1, as a failover does while the host of a1 does not answer; without it, b1 is a stray primary. */
    private void recordFailover() throws Exception {
        for (String host : List.of("a1", "b1", "d1")) {
            Path history = trio.directory(host).resolve("history");
            List<String> lines = Files.readAllLines(history);
            long epoch = Long.parseLong(lines.get(lines.size() - 1).split("\t")[0]) + 1;
            String line = String.join(
                    "\t",
                    Long.toString(epoch),
                    Instant.now().toString(),
                    Integer.toString(trio.timeline("b1")),
                    "b1",
                    "failover",
                    "");
            Files.writeString(history, line + "\n", StandardOpenOption.APPEND);
        }
    }

    /** Returns the connection string of a standby of b1, as a value of ALTER SYSTEM. */
    private String conninfoOfB1() throws Exception {
        return ask(
                        "d1",
                        "SELECT setting FROM pg_file_settings WHERE name = 'primary_conninfo' AND setting <> '' LIMIT 1")
                .replace(trio.address("a1"), trio.address("b1"))
                .replace("'", "''");
    }

    /** Gives d1 the history of the new timeline, as the WAL receiver brings it at the end of the old one. */
    private void bringHistory() throws Exception {
        String history = String.format("%08X.history", trio.timeline("b1"));
        written(
                trio.directory("d1").resolve("data/pg_wal").resolve(history),
                Files.readAllBytes(trio.directory("b1").resolve("data/pg_wal").resolve(history)));
    }

    private List<String> log(String host) throws IOException {
        try (Stream<Path> logs = Files.list(trio.directory(host).resolve("log"))) {
            return Files.readAllLines(logs.filter(p -> p.toString().contains("postgresql-"))
                    .max(Comparator.comparingLong(p -> p.toFile().lastModified()))
                    .orElseThrow());
        }
    }

    private String endOfLog(String host) {
        try {
            List<String> lines = log(host);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException unread) {
            return unread.toString();
        }
    }

    private void isStreaming(String standby, String primary) throws Exception {
        Patience.until(
                () -> standby + " streams from " + primary + "; its log: " + endOfLog(standby),
                Duration.ofSeconds(120),
                Duration.ofMillis(200),
                () -> ask(
                                primary,
                                "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND application_name = '"
                                        + standby + "'")
                        .equals("1"));
        assertThat(ask(standby, "SELECT pg_is_in_recovery()")).isEqualTo("t");
    }

    @Test
    @Order(1)
    void a_standby_takes_the_segment_from_its_primary_and_not_from_the_archive() throws Exception {
        diverge("only_a1");
        bringHistory();
        String primary = conninfoOfB1();
        reconfigure(
                "d1", "ALTER SYSTEM RESET restore_command", "ALTER SYSTEM SET primary_conninfo = '" + primary + "'");
        isStreaming("d1", "b1");
        assertThat(ask("d1", "SELECT to_regclass('only_a1') IS NULL")).isEqualTo("t");
        trio.ask("d1", "ALTER SYSTEM RESET ALL");
        trio.estate.run("rejoin", "payments/servers/a1", "--yes");
        trio.applied();
        trio.does(0, "switchover", "payments", "--to", "a1", "--yes");
        trio.applied();
        trio.settled();
    }

    private boolean isEndInControlFile(String standby) throws Exception {
        return ask(standby, "SELECT min_recovery_end_lsn >= pg_last_wal_replay_lsn() FROM pg_control_recovery()")
                .equals("t");
    }

    /** The disk of a1 is lost, so that only d1 keeps the estate from its declared state. */
    @Test
    @Order(2)
    void a_standby_that_has_replayed_it_is_named_by_apply_and_rejoined() throws Exception {
        Matcher command = ARCHIVE_GET.matcher(ask("d1", "SHOW restore_command"));
        assertThat(command.find()).isTrue();
        reconfigure("d1", "ALTER SYSTEM SET bgwriter_lru_maxpages = 0", "ALTER SYSTEM SET checkpoint_timeout = '1h'");
        diverge("again_only_a1");
        String known = "new target timeline is " + trio.timeline("b1");
        bringHistory();
        Patience.until("d1 knows the new timeline", () -> log("d1").stream().anyMatch(l -> l.contains(known)));
        reconfigure("d1", "ALTER SYSTEM SET restore_command = '" + command.group(1) + "'");
        Patience.until(
                "d1 has replayed what only a1 had",
                () -> ask("d1", "SELECT to_regclass('again_only_a1') IS NOT NULL")
                        .equals("t"));
        reconfigure(
                "d1",
                "ALTER SYSTEM RESET restore_command",
                "ALTER SYSTEM SET primary_conninfo = '" + conninfoOfB1() + "'");
        for (int i = 0; i < 2; i++) { // the new primary is beyond the end of d1: positions alone show nothing
            trio.ask("b1", "SELECT txid_current()", "SELECT pg_switch_wal()");
        }
        Patience.until(
                () -> "d1 rejects the WAL of b1; its log: " + endOfLog("d1"),
                Duration.ofSeconds(120),
                Duration.ofMillis(200),
                () -> log("d1").stream().anyMatch(l -> l.contains("incorrect prev-link")));
        trio.ask("d1", "ALTER SYSTEM RESET ALL");
        trio.ask("b1", "ALTER SYSTEM RESET ALL");
        RoleChangeScene.remove(trio.directory("a1"));

        // without background writes, only a restart point writes the end to the control file
        assertThat(isEndInControlFile("d1")).isFalse();
        Ended applied = trio.estate.run("apply", "--yes");
        assertThat(applied.exit()).as(applied.toString()).isIn(4, 5);
        assertThat(applied.err()).contains("Write a restart point on d1");
        assertThat(isEndInControlFile("d1")).isTrue();
        assertThat(applied.err())
                .contains("of timeline " + (trio.timeline("b1") - 1) + ", but b1 has that timeline only up to")
                .contains("holdfast rejoin payments/servers/d1");
        Ended rejoined = trio.does(0, "rejoin", "payments/servers/d1", "--yes");
        assertThat(rejoined.err()).contains("Preserve what only d1 has");
        isStreaming("d1", "b1");
        assertThat(ask("d1", "SELECT to_regclass('again_only_a1') IS NULL")).isEqualTo("t");
        trio.applied();
    }

    /**
     * A promotion that was requested and did not take place can leave a history file without entries on a standby that continues
     * to run. PostgreSQL then takes the next timeline for one that does not descend from the standby's.
     */
    @Test
    @Order(0)
    void a_history_file_without_entries_keeps_no_running_standby_from_the_new_timeline() throws Exception {
        String primary = trio.primary();
        String candidate = primary.equals("a1") ? "b1" : "a1";
        String next = String.format("%08X.history", trio.timeline(primary) + 1);
        written(
                trio.directory("d1").resolve("data/pg_wal").resolve(next),
                "# taken in the repository\n".getBytes(StandardCharsets.US_ASCII));
        trio.does(0, "switchover", "payments", "--to", candidate, "--yes");
        assertThat(String.format("%08X.history", trio.timeline(candidate))).isEqualTo(next);
        isStreaming("d1", candidate);
        trio.does(0, "switchover", "payments", "--to", primary, "--yes");
    }

    /** Two members that are promoted in the same segment leave different files of one name; the repository refuses the second. */
    @Test
    @Order(3)
    void an_unfinished_segment_of_an_old_timeline_never_stops_the_archive() throws Exception {
        String primary = trio.primary();
        Path wal = trio.directory(primary).resolve("data/pg_wal");
        byte[] content = Files.readAllBytes(wal.resolve(ask(primary, "SELECT pg_walfile_name(pg_current_wal_lsn())")));
        for (int i = 0; i < 2; i++) {
            content[100_000]++;
            String name = "000000010000000000000001.partial";
            written(wal.resolve(name), content);
            Path done = wal.resolve("archive_status/" + name + ".done");
            Files.deleteIfExists(done);
            written(wal.resolve("archive_status/" + name + ".ready"), new byte[0]);
            trio.ask(primary, "SELECT txid_current()");
            String segment = ask(primary, "SELECT pg_walfile_name(pg_switch_wal())");
            Path repository = trio.estate.folder().resolve("backup/trio-test/payments");
            Patience.until("the archive has " + segment, () -> LiveFolder.archives(repository, segment));
        }
    }

    /** Writes a file of the server's user. */
    private static void written(Path file, byte[] content) throws IOException {
        Path hidden = file.resolveSibling(".written");
        Files.write(hidden, content);
        Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("rw-------"));
        Files.setOwner(hidden, Files.getOwner(file.getParent()));
        Files.move(hidden, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
