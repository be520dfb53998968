package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.cli.LiveFolder;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
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

/** A real trio that archives. Side-by-side restores end between two known writes, before and after a switchover. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("real")
class RealBackupTest {

    private static final String TOPOLOGY = RealTrio.TOPOLOGY.replace(
            "    settings:",
            "    backup: { full: weekly, incremental: daily, archive: continuous, repository: /var/lib/holdfast/backup }\n"
                    + "    settings:");
    private static final Pattern LISTENS = Pattern.compile(" on 127\\.[0-9.]+:([0-9]+) has the data of ");
    private static final int WRITES = 30;

    /** A write by its number: a time of the server's clock and a place in the log that are after it and before the next. */
    private record Written(int id, String time, String lsn) {}

    private final List<Written> written = new ArrayList<>();
    private RealTrio trio;

    @BeforeAll
    void a_trio_that_archives_is_created() throws IOException {
        trio = new RealTrio(TOPOLOGY);
        trio.applied();
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        trio.close();
    }

    private Ended does(int exit, String... words) {
        return trio.does(exit, words);
    }

    private Path repository() throws IOException {
        try (Stream<Path> all = Files.list(trio.estate.folder().resolve("b/trio-test/payments"))) {
            return all.filter(p -> p.getFileName().toString().matches("[0-9]+"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Everything that is in the archive, by name. */
    private List<String> archived() throws IOException {
        try (Stream<Path> all = LiveFolder.walk(repository().resolve("archive"))) {
            return all.filter(Files::isRegularFile)
                    .map(p -> p.getFileName().toString())
                    .filter(n -> !n.contains(".tmp"))
                    .sorted()
                    .toList();
        }
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> all = LiveFolder.walk(repository().resolve("archive"))) {
            return all.filter(p -> p.getFileName().toString().matches("[0-9A-F]{24}-.*"))
                    .sorted()
                    .toList();
        }
    }

    private void write(int count) throws Exception {
        try (Connection connection = trio.admin(trio.primary(), RealTrio.SERVER)) {
            RealTrio.ask(connection, "CREATE TABLE IF NOT EXISTS numbers (id int PRIMARY KEY)");
            for (int i = 0; i < count; i++) {
                int id = written.size();
                RealTrio.ask(connection, "INSERT INTO numbers VALUES (" + id + ")");
                String[] at = RealTrio.ask(
                                connection,
                                "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
                                        + " || ' ' || pg_current_wal_insert_lsn()")
                        .get(0)
                        .split(" ");
                written.add(new Written(id, at[0], at[1]));
                // the next write is later than the printed time
                Patience.pause(20);
            }
        }
    }

    /** What was written until now is archived, with a commit after it. */
    private void archiveAll() throws Exception {
        String primary = trio.primary();
        String segment = trio.ask(primary, "SELECT txid_current()", "SELECT pg_walfile_name(pg_switch_wal())")
                .get(0);
        await("archives " + segment, () -> archived().stream().anyMatch(n -> n.startsWith(segment)));
    }

    private static void await(String what, Patience.Look<Exception> happens) throws Exception {
        Patience.until(() -> what, Duration.ofSeconds(120), Duration.ofMillis(100), happens);
    }

    private JsonNode listed() {
        return listed(0);
    }

    private JsonNode listed(int exit) {
        return does(exit, "backup", "list", "-o", "json").json().at("/clusters/0");
    }

    private Written between(int from, int to) {
        return written.get(ThreadLocalRandom.current().nextInt(from, to));
    }

    /** What must be the same after a side-by-side restore. */
    private String production() throws Exception {
        String primary = trio.primary();
        return primary + " " + trio.timeline(primary) + " "
                + trio.ask(primary, "SELECT slot_name FROM pg_replication_slots WHERE active ORDER BY 1") + " "
                + trio.ask(primary, "SELECT application_name || ' ' || sync_state FROM pg_stat_replication ORDER BY 1");
    }

    /** Restores a recovery target side by side, reads it, and discards it. Production and its archive do not change. */
    private void restored(String moment, int last) throws Exception {
        String before = production();
        List<String> archive = archived();
        int timeline = trio.timeline(trio.primary());
        Ended done = does(0, "restore", "payments", "--to", moment, "--yes");
        Matcher listens = LISTENS.matcher(done.out() + done.err());
        assertThat(listens.find()).as(done.toString()).isTrue();
        int port = Integer.parseInt(listens.group(1));
        try (Connection scratch = trio.admin("d1", port)) {
            assertThat(RealTrio.ask(scratch, "SELECT count(*) || ' ' || max(id) FROM numbers"))
                    .as("restored to " + moment)
                    .containsExactly((last + 1) + " " + last);
            assertThat(RealTrio.ask(scratch, "SHOW archive_mode")).containsExactly("off");
            assertThat(RealTrio.ask(scratch, "SHOW synchronous_standby_names")).containsExactly("");
            RealTrio.ask(scratch, "INSERT INTO numbers VALUES (-1)");
            RealTrio.ask(scratch, "SELECT pg_switch_wal()");
        }
        assertThat(production()).isEqualTo(before);
        assertThat(archived()).containsAll(archive);
        assertThat(archived())
                .as("only production archives, on its own timeline")
                .allMatch(n -> archive.contains(n) || n.startsWith(String.format("%08X", timeline)));
        does(0, "restore", "payments", "--discard", "--yes");
        assertThat(Files.exists(trio.estate.folder().resolve("d/d1/payments/restored-restored")))
                .isFalse();
        assertThat(trio.estate.servers("/d1/payments/restored-restored")).isEmpty();
    }

    private Ended refused(int exit, String moment) throws IOException {
        Ended ended = does(exit, "restore", "payments", "--to", moment, "--yes");
        assertThat(Files.exists(trio.estate.folder().resolve("d/d1/payments/restored-restored")))
                .isFalse();
        return ended;
    }

    @Test
    @Order(1)
    void segments_arrive_and_a_second_plan_is_empty() throws Exception {
        trio.settled();
        assertThat(segments()).isNotEmpty();
        archiveAll();
        for (String host : List.of("a1", "b1", "d1")) {
            assertThat(trio.ask(host, "SHOW archive_command").get(0))
                    .contains("pgbackrest --config=" + trio.directory(host));
        }
    }

    @Test
    @Order(2)
    void without_a_base_copy_nothing_can_be_brought_back() throws Exception {
        Ended none = refused(4, Instant.now().minusSeconds(1).toString());
        assertThat(none.err()).contains("no base backup exists").contains("holdfast backup run payments");
        Ended listed = does(6, "backup", "list");
        assertThat(listed.out()).contains("nothing can be restored: no base backup exists");
    }

    @Test
    @Order(3)
    void a_full_copy_is_made_and_listed_with_its_window() throws Exception {
        does(0, "backup", "run", "--yes");
        JsonNode held = listed();
        assertThat(held.at("/backups/0/kind").asText()).isEqualTo("full");
        assertThat(held.at("/not_archived_seconds").isNumber()).isTrue();
        Ended again = does(0, "backup", "run", "--yes");
        assertThat(again.out() + again.err()).contains("no base backup of payments is due");
        // the end of a base backup is in whole seconds, and all writes are after it
        Patience.pause(1500);
        write(WRITES);
        trio.ask("a1", "SELECT pg_create_restore_point('payday')");
        written.set(WRITES - 1, new Written(WRITES - 1, written.get(WRITES - 1).time(), "payday"));
        write(WRITES);
        assertThat(listed().path("not_archived_bytes").asLong()).isPositive();
        archiveAll();
        JsonNode window = listed().at("/windows/0");
        assertThat(Instant.parse(window.path("from").asText()))
                .isBefore(Instant.parse(written.get(0).time()));
        assertThat(Instant.parse(window.path("to").asText()))
                .isAfter(Instant.parse(written.get(written.size() - 1).time()));
    }

    @Test
    @Order(4)
    void a_time_between_two_writes_is_brought_back_side_by_side() throws Exception {
        Written n = between(1, WRITES - 1);
        restored(n.time(), n.id());
        trio.settled();
        assertThat(listed().path("verified_at").isTextual()).isTrue();
    }

    @Test
    @Order(5)
    @Tag("long")
    void a_place_in_the_log_and_a_named_point_are_brought_back() throws Exception {
        Written n = between(WRITES, written.size() - 1);
        restored(n.lsn(), n.id());
        restored("payday", WRITES - 1);
    }

    @Test
    @Order(6)
    void impossible_moments_are_refused_with_the_nearest_and_nothing_is_touched() throws Exception {
        String before = production();
        List<String> archive = archived();
        Ended future = refused(4, "2099-01-01T00:00:00Z");
        assertThat(future.err()).contains("is in the future").contains("nearest times that can be restored: 20");
        Ended early = refused(4, "2020-01-01T00:00:00Z");
        assertThat(early.err())
                .contains("before the end of the first base backup")
                .contains("nearest times that can be restored: 20");
        assertThat(refused(64, "2026-01-01T00:00:00").err()).contains("no time zone");
        assertThat(refused(4, "FFFF/0").err()).contains("reachable: 0/");
        assertThat(refused(4, "no-such-point").err())
                .contains("the archive has no restore point no-such-point")
                .contains("nearest times that can be restored: 20");
        assertThat(production()).isEqualTo(before);
        assertThat(archived()).containsAll(archive);
    }

    @Test
    @Order(7)
    @Tag("long")
    void a_moment_after_the_last_commit_is_reached_by_a_marker_commit() throws Exception {
        // well after the last commit
        Patience.pause(1500);
        String now = trio.ask(
                        "a1",
                        "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
                .get(0);
        restored(now, written.size() - 1);
    }

    @Test
    @Order(8)
    void an_archive_command_that_fails_is_reported_and_repaired_and_until_then_what_is_not_archived_is_refused()
            throws Exception {
        trio.ask("a1", "ALTER SYSTEM SET archive_command = 'false'", "SELECT pg_reload_conf()");
        write(1);
        trio.ask("a1", "SELECT pg_switch_wal()");
        await(
                "the archiver fails",
                () -> trio.ask("a1", "SELECT failed_count > 0 FROM pg_stat_archiver")
                        .equals(List.of("t")));
        Ended after = refused(4, written.get(written.size() - 1).time());
        assertThat(after.err())
                .contains("the target is after the last archived commit, and the archiver fails")
                .contains("nearest times that can be restored: 20");
        for (String ask : List.of("list", "verify")) {
            Ended result = does(6, "backup", ask);
            assertThat(result.err()).contains("the archiver fails at ");
            assertThat(result.out()).containsPattern("(?m)^  every time from \\S+ to \\S+ can be restored$");
        }
        Ended plan = trio.estate.run("plan", "--detailed-exitcode");
        assertThat(plan.exit()).as(plan.toString()).isEqualTo(2);
        assertThat(plan.out()).contains("archive_command");
        trio.applied();
        trio.settled();
        archiveAll();
    }

    @Test
    @Order(9)
    @Tag("long")
    void moments_before_and_after_a_handover_are_brought_back() throws Exception {
        write(5);
        int count = written.size();
        does(0, "switchover", "payments", "--yes");
        write(10);
        archiveAll();
        Written before = between(WRITES, count - 1);
        restored(before.time(), before.id());
        Written after = between(count, written.size() - 1);
        restored(after.time(), after.id());
        assertThat(listed().path("notes").toString()).contains("a member was promoted since the last base backup");
        does(0, "backup", "run", "--yes");
        assertThat(listed().path("notes").toString()).doesNotContain("a member was promoted");
        does(0, "backup", "verify");
    }

    @Test
    @Order(10)
    void a_moment_is_brought_back_into_another_estate_which_archives_for_itself() throws Exception {
        Written n = between(1, WRITES - 1);
        String before = production();
        try (RealEstate other = trio.estate.another("copy")) {
            does(
                    0,
                    "restore",
                    "payments",
                    "--to",
                    n.time(),
                    "--into",
                    other.topology().toString(),
                    "--yes");
            Ended applied = other.run("apply", "--yes");
            assertThat(applied.exit()).as(applied.toString()).isZero();
            other.settled();
            for (int host : List.of(1, 2)) {
                try (Connection copy = DriverManager.getConnection(
                        "jdbc:postgresql://" + other.address(host) + ":" + RealTrio.SERVER + "/postgres",
                        "postgres",
                        other.secret("payments.admin"))) {
                    assertThat(RealTrio.ask(copy, "SELECT count(*) || ' ' || max(id) FROM numbers"))
                            .containsExactly((n.id() + 1) + " " + n.id());
                }
            }
            Ended backup = other.run("backup", "run", "--yes");
            assertThat(backup.exit()).as(backup.toString()).isZero();
            assertThat(other.folder().resolve("b/copy/payments")).isNotEmptyDirectory();
        }
        assertThat(production()).isEqualTo(before);
    }

    @Test
    @Order(11)
    void a_flipped_byte_and_a_deleted_segment_are_named_and_the_window_shrinks() throws Exception {
        write(3);
        archiveAll();
        write(3);
        archiveAll();
        List<Path> all = segments();
        Path flipped = all.get(all.size() - 2);
        String name = flipped.getFileName().toString().substring(0, 24);
        Instant reached = to(does(0, "backup", "verify", "-o", "json"));
        flip(flipped);
        Ended damaged = does(6, "backup", "verify", "-o", "json");
        assertThat(damaged.err()).contains(name).contains("of an archived segment");
        assertThat(to(damaged)).isBefore(reached);
        flip(flipped);
        Files.delete(flipped);
        for (String ask : List.of("verify", "list")) {
            Ended missing = does(6, "backup", ask, "-o", "json");
            assertThat(missing.err()).contains(name).contains("missing in the archive");
            assertThat(to(missing)).as(ask).isBefore(reached);
        }
        Ended gap = refused(4, written.get(written.size() - 1).time());
        assertThat(gap.err()).contains("segments are missing in the archive").contains(name);
    }

    @Test
    @Order(12)
    void a_flipped_byte_in_a_base_copy_is_named_and_nothing_that_stands_on_it_can_be_reached() throws Exception {
        does(0, "backup", "run", "--yes", "--kind", "full");
        Patience.pause(
                1500); // a copy's end is known to the second: only what is written after that second is in its window
        write(3);
        archiveAll();
        JsonNode copies = listed(6).path("backups");
        String label = copies.get(copies.size() - 1).path("label").asText();
        Ended whole = does(6, "backup", "verify", "-o", "json");
        assertThat(starts(whole)).as(whole.toString()).hasSize(2);
        Instant from = from(whole);
        Path file = largest(repository().resolve("backup/payments/" + label + "/pg_data"));
        flip(file);
        Ended damaged = does(6, "backup", "verify", "-o", "json");
        assertThat(damaged.err()).contains(label + "/pg_data/").contains("in a base backup");
        assertThat(starts(damaged)).doesNotContain(from);
        flip(file);
        assertThat(from(does(6, "backup", "verify", "-o", "json"))).isEqualTo(from);
    }

    /** What is lost with the restore is nothing: the rows that were there before are all there after the undo. */
    @Test
    @Order(13)
    void damage_is_found_before_anything_is_stopped_and_a_restore_in_place_that_cannot_go_on_is_undone()
            throws Exception {
        JsonNode copies = listed(6).path("backups");
        String label = copies.get(copies.size() - 1).path("label").asText();
        write(3);
        archiveAll();
        String moment = written.get(written.size() - 2).time();
        write(2);
        String before = production();
        String rows = trio.ask(trio.primary(), "SELECT count(*) || ' ' || max(id) FROM numbers")
                .get(0);
        String[] order = {
            "restore", "payments", "--to", moment, "--into", "in-place", "--accept-data-loss", "--yes",
        };
        Path file = largest(repository().resolve("backup/payments/" + label + "/pg_data"));
        flip(file);
        try {
            Ended damaged = does(4, order);
            assertThat(damaged.err())
                    .contains("files of the repository are damaged (" + label + "/pg_data/")
                    .contains("Nothing was stopped");
            assertThat(trio.estate.changes()).isZero();
            assertThat(production()).isEqualTo(before);

            List<String> unread = new ArrayList<>(List.of(order));
            unread.add("--override=unread");
            Ended stuck = does(5, unread.toArray(String[]::new));
            assertThat(stuck.err()).contains("holdfast restore payments --undo");
            assertThat(trio.estate.servers("/payments/servers"))
                    .as("all members are stopped")
                    .isEmpty();
            Ended apply = does(4, "apply", "--yes");
            assertThat(apply.err()).contains("has not finished").contains("--undo");
        } finally {
            flip(file);
        }
        does(0, "restore", "payments", "--undo", "--yes");
        trio.settled();
        assertThat(trio.ask(trio.primary(), "SELECT count(*) || ' ' || max(id) FROM numbers"))
                .containsExactly(rows);
        assertThat(production()).isEqualTo(before);
        assertThat(does(0, "restore", "payments", "--undo", "--yes").err()).contains("there is nothing to undo");
    }

    /** As of a run that was killed: pgBackRest itself goes on, and holds this lock until it has ended. */
    @Test
    @Order(14)
    void a_base_copy_that_is_under_way_is_waited_for() throws Exception {
        Path lock = repository().resolveSibling("lock").resolve("payments-backup.lock");
        Files.setOwner(Files.createFile(lock), Files.getOwner(lock.getParent()));
        Process under = new ProcessBuilder("flock", lock.toString(), "sleep", "3").start();
        Patience.until("the lock is held", () -> !isFree(lock));
        does(0, "backup", "run", "--yes", "--kind", "full");
        assertThat(under.isAlive()).isFalse();
    }

    @Test
    @Order(15)
    void a_repository_that_cannot_be_read_is_not_taken_for_an_empty_one() throws Exception {
        Path folder = trio.estate.folder().resolve("b/trio-test");
        Path aside = Files.move(folder, folder.resolveSibling("aside"));
        Files.createFile(
                folder); // as on a mount whose server is gone, what is below can neither be found nor be missed
        try {
            Ended unread = does(10, "backup", "list");
            assertThat(unread.err()).contains("cannot be read").contains("Not a directory");
            assertThat(unread.out()).doesNotContain("nothing can be restored");
        } finally {
            Files.delete(folder);
            Files.move(aside, folder);
        }
        assertThat(listed(6).path("backups")).isNotEmpty();
    }

    @Test
    @Order(16)
    void a_damaged_list_of_base_backups_is_reported_and_its_second_file_stands_in() throws Exception {
        JsonNode before = listed(6).path("backups");
        Path list = repository().resolve("backup/payments/backup.info");
        Path second = list.resolveSibling("backup.info.copy");
        flip(list);
        assertThat(listed(6).path("backups")).isEqualTo(before);
        flip(second);
        Ended damaged = does(10, "backup", "list");
        assertThat(damaged.err()).contains("cannot be read: pgbackrest info: ").contains("backup.info");
        assertThat(damaged.out()).doesNotContain("nothing can be restored");
        flip(list);
        flip(second);
        assertThat(listed(6).path("backups")).isEqualTo(before);
    }

    private static boolean isFree(Path lock) throws Exception {
        return new ProcessBuilder("flock", "-n", lock.toString(), "true")
                        .start()
                        .waitFor()
                == 0;
    }

    private static Path largest(Path folder) throws IOException {
        try (Stream<Path> all = LiveFolder.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .max(java.util.Comparator.comparingLong(p -> p.toFile().length()))
                    .orElseThrow();
        }
    }

    /** Where the last window begins. */
    private static Instant from(Ended result) {
        List<Instant> starts = starts(result);
        return starts.get(starts.size() - 1);
    }

    private static List<Instant> starts(Ended result) {
        List<Instant> starts = new ArrayList<>();
        result.json()
                .at("/clusters/0/windows")
                .forEach(w -> starts.add(Instant.parse(w.path("from").asText())));
        return starts;
    }

    /** Where the last window ends. */
    private static Instant to(Ended result) {
        JsonNode windows = result.json().at("/clusters/0/windows");
        return Instant.parse(windows.get(windows.size() - 1).path("to").asText());
    }

    /**
     * A bit of sixteen bytes in a row, and back again: one alone may mean the same as before, as the distance within a run of
     * zeros does in a compressed segment.
     */
    private static void flip(Path file) throws IOException {
        try (RandomAccessFile data = new RandomAccessFile(file.toFile(), "rw")) {
            byte[] bytes = new byte[16];
            data.seek(data.length() / 2);
            data.readFully(bytes);
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] ^= 1;
            }
            data.seek(data.length() / 2);
            data.write(bytes);
        }
    }
}
