package dev.holdfast.cli.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.mongodb.WriteConcern;
import dev.holdfast.cli.LiveFolder;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** A real sharded cluster is archived and copied under load, and brought back to between two writes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("real")
class RestoreTest {

    private static final int WRITES = 120;

    private ArchivedCluster cluster;

    @BeforeAll
    void a_cluster_is_copied_and_archived_under_load() throws Exception {
        cluster = new ArchivedCluster();
        cluster.write(WRITES / 3);
        cluster.well("backup", "run");
        cluster.write(WRITES / 3);
        try (Client client = cluster.router()) {
            client.driver().getDatabase("shop").getCollection("number").createIndex(new Document("n", -1));
        }
        cluster.write(WRITES / 3);
        try (Client client = cluster.router()) {
            client.driver().getDatabase("shop").getCollection("account").drop();
        }
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        cluster.close();
    }

    private Ended run(String... words) {
        return cluster.estate.run(words);
    }

    private Ended well(String... words) {
        return cluster.well(words);
    }

    @Test
    @Order(1)
    void it_is_restored_to_a_target_between_two_writes_and_transfers_keep_their_sum() throws Exception {
        int n = ThreadLocalRandom.current().nextInt(WRITES / 3 + 1, WRITES - 1);
        Ended done = cluster.restored("restore", "social", "--to", cluster.moment(n), "--yes", "--timeout", "30m");
        assertThat(done.exit()).as(done.toString()).isZero();
        cluster.holds(done.err().replaceAll("(?s).*Start mongos \\S+ on (\\S+:\\d+).*", "$1"), n);
        assertThat(well("plan", "--detailed-exitcode").out()).contains("nothing to do");
        assertThat(well("backup", "list", "-o", "json")
                        .json()
                        .at("/clusters/0/verified_at")
                        .isTextual())
                .isTrue();
    }

    @Test
    @Order(2)
    void the_same_label_is_refused_for_another_moment_until_it_is_discarded() {
        Ended other = run("restore", "social", "--to", cluster.moment(WRITES - 1), "--yes");
        assertThat(other.exit()).isEqualTo(4);
        assertThat(other.err()).contains("has a restore to").contains("--discard");
        well("restore", "social", "--discard", "--yes");
        assertThat(cluster.estate.servers("/restored/")).isEmpty();
    }

    @Test
    @Order(3)
    void a_drop_is_found_in_the_archive_with_what_would_be_lost() throws Exception {
        Ended result = cluster.restored("restore", "social", "--before-op", "drop shop.account", "--dry-run");
        assertThat(result.exit()).as(result.toString()).isZero();
        assertThat(result.out()).contains("drop shop.account was found at").contains("not restored:");
        Ended none = run("restore", "social", "--before-op", "drop shop.nothing", "--dry-run");
        assertThat(none.exit()).isEqualTo(4);
        assertThat(none.err()).contains("the archive contains no operation drop shop.nothing");
    }

    @Test
    @Order(4)
    void impossible_moments_are_refused_with_the_nearest_before_anything_is_touched() throws IOException {
        Ended future = run("restore", "social", "--to", "2099-01-01T00:00:00Z", "--yes");
        assertThat(future.exit()).isEqualTo(4);
        assertThat(future.err()).contains("is in the future").contains("nearest: --to ");
        Ended early = run("restore", "social", "--to", "2020-01-01T00:00:00Z", "--yes");
        assertThat(early.exit()).isEqualTo(4);
        assertThat(early.err()).contains("before the first recovery window").contains("nearest: --to ");
        assertThat(run("restore", "social", "--to", "2026-01-01T00:00:00", "--yes")
                        .exit())
                .isEqualTo(64);
        assertThat(run("restore", "social", "--to", "now", "--yes").exit()).isEqualTo(64);
        Ended timeline = run("restore", "social", "--to", cluster.moment(WRITES - 1), "--timeline", "1", "--yes");
        assertThat(timeline.exit()).as(timeline.toString()).isEqualTo(4);
        assertThat(timeline.err()).contains("no timelines and no system identifiers");
        Ended latest = run("restore", "social", "--to", "latest", "--dry-run");
        assertThat(latest.exit()).as(latest.toString()).isZero();
        assertThat(latest.out()).contains("the oplog archive has no gap between the base backups and ");
        assertThat(cluster.estate.changes()).isZero();
    }

    @Test
    @Order(4)
    void a_machine_without_the_secrets_refuses_a_side_by_side_restore_at_once() throws Exception {
        Path secrets = cluster.estate.folder().resolve("home/restore-test/secrets");
        Path kept = Files.move(secrets, secrets.resolveSibling("secrets-away"));
        try {
            Ended refused = run("restore", "social", "--to", "latest", "--yes");
            assertThat(refused.exit()).as(refused.toString()).isEqualTo(4);
            assertThat(refused.err())
                    .contains("secret social/keyfile: there is no such secret on this machine")
                    .contains("a side-by-side restore of social needs that secret to log in. Nothing was changed")
                    .contains(
                            "HINT: run on the machine where the estate was applied, or copy its secrets to " + secrets);
            assertThat(secrets).doesNotExist();
        } finally {
            Files.move(kept, secrets);
        }
    }

    @Test
    @Order(4)
    void too_little_space_for_the_copies_is_refused_before_anything_is_touched() throws IOException {
        Path manifest = find(shard().resolve("base"), "manifest");
        String was = Files.readString(manifest);
        Files.writeString(manifest, was.replaceFirst("(?m)^size\t\\d+$", "size\t999999999999"));
        try {
            for (String into : List.of("side-by-side", "in-place")) {
                // in place every piece would be read first, and this one is found to be changed
                Ended refused = run(
                        "restore",
                        "social",
                        "--to",
                        cluster.moment(WRITES - 1),
                        "--into",
                        into,
                        "--accept-data-loss",
                        "--override=unread",
                        "--yes");
                assertThat(refused.exit()).as(refused.toString()).isEqualTo(4);
                assertThat(refused.err())
                        .containsPattern(
                                "the unpacked backups need \\d{12,} KiB below /\\S* of host \\w+, and \\d+ KiB are"
                                        + " free")
                        .contains("nothing was changed");
                assertThat(cluster.estate.changes()).isZero();
            }
        } finally {
            Files.writeString(manifest, was);
        }
        well("backup", "verify");
    }

    @Test
    @Order(5)
    void an_archiver_that_is_killed_goes_on_without_a_gap() throws Exception {
        cluster.killArchiver();
        cluster.startArchiver();
        // the archiver takes up its work
        Patience.pause(3000);
        Ended result = cluster.restored("restore", "social", "--to", cluster.moment(WRITES - 1), "--dry-run");
        assertThat(result.exit()).as(result.toString()).isZero();
        Ended verified = run("backup", "verify");
        assertThat(verified.exit()).as(verified.toString()).isZero();
    }

    @Test
    @Order(6)
    void a_flipped_byte_in_a_copy_is_named_and_nothing_before_the_next_copy_can_be_reached() throws Exception {
        Path data = find(shard().resolve("base"), "data.tar");
        Instant reached = to(well("backup", "verify", "-o", "json")).orElseThrow();
        flip(data);
        Ended damaged = run("backup", "verify", "-o", "json");
        assertThat(damaged.exit()).as(damaged.toString()).isEqualTo(6);
        assertThat(damaged.err())
                .contains("/shard-a/base/")
                .contains("data.tar")
                .contains("differs from its checksum");
        assertThat(to(damaged)).as("it was the only copy").isEmpty();
        flip(data);
        assertThat(to(well("backup", "verify", "-o", "json")).orElseThrow()).isAfterOrEqualTo(reached);
    }

    @Test
    @Order(7)
    void a_flipped_byte_and_a_missing_slice_of_the_archive_are_named_and_the_window_ends_before_them()
            throws Exception {
        Path slice = newestSlice();
        Instant reached = to(well("backup", "verify", "-o", "json")).orElseThrow();
        flip(slice);
        Ended damaged = run("backup", "verify", "-o", "json");
        assertThat(damaged.exit()).as(damaged.toString()).isEqualTo(6);
        assertThat(damaged.err())
                .contains(slice.getFileName().toString())
                .contains("the content differs from the checksum");
        assertThat(to(damaged).orElseThrow()).isBefore(reached);
        flip(slice);
        assertThat(run("backup", "verify").exit()).isZero();
        Files.delete(slice);
        for (String ask : List.of("verify", "list")) {
            Ended missing = run("backup", ask, "-o", "json");
            assertThat(missing.exit()).as(missing.toString()).isEqualTo(6);
            assertThat(missing.err()).contains("social/shard-a: the archive has a gap from ");
            assertThat(to(missing).orElseThrow()).as(ask).isBefore(reached);
        }
        Ended gap = run("restore", "social", "--to", reached.toString(), "--yes");
        assertThat(gap.exit()).as(gap.toString()).isEqualTo(4);
        assertThat(gap.err()).contains("gap of the archive").contains("nearest: --to ");
        assertThat(cluster.estate.servers("/restored/")).isEmpty();
    }

    @Test
    @Order(8)
    void a_copy_whose_command_was_killed_leaves_no_member_locked_and_nothing_that_is_taken_for_a_copy()
            throws Exception {
        List<String> before = copies();
        cluster.estate.killedIn("Back up ", "backup", "run", "social", "--kind", "full");
        Ended[] status = new Ended[1];
        Patience.until(
                () -> "the balancer, which the next backup run or apply turns on, is all that differs: " + status[0],
                Duration.ofSeconds(90),
                Duration.ofMillis(200),
                () -> {
                    status[0] = cluster.estate.run("status", "-o", "json");
                    List<String> problems = new ArrayList<>();
                    status[0].json().at("/clusters/0/problems").forEach(p -> problems.add(p.asText()));
                    return problems.stream().allMatch(p -> p.contains("balancer"));
                });
        try (Client client = cluster.router()) {
            client.driver()
                    .getDatabase("shop")
                    .getCollection("after_the_kill")
                    .withWriteConcern(WriteConcern.MAJORITY)
                    .insertOne(new Document("_id", 1));
        }
        assertThat(copies()).isEqualTo(before);
        well("backup", "run", "social", "--kind", "full");
        assertThat(copies()).hasSize(before.size() + 1).containsAll(before);
        try (Stream<Path> all = LiveFolder.walk(shard().getParent())) {
            assertThat(all.map(Path::toString)).noneMatch(p -> p.endsWith(".part"));
        }
        assertThat(well("plan", "--detailed-exitcode").out()).contains("nothing to do");
    }

    @Test
    @Order(9)
    void backups_older_than_the_retention_are_removed_except_the_last_complete_one() throws Exception {
        List<String> before = copies();
        String old = cluster.moment(WRITES - 1);
        cluster.estate.rewrite(cluster.estate.text().replace("oplogEvery: 5s", "oplogEvery: 5s, keep: 1s"));
        well("backup", "run", "social", "--kind", "full");
        // ages are in whole seconds, and what is older than one is removed
        Patience.pause(2000);
        well("backup", "run", "social", "--kind", "full");
        assertThat(copies()).isNotEmpty().doesNotContainAnyElementsOf(before);
        // a copy is of use once what was written while it was made is archived, too
        cluster.until(
                "the repository has no recovery window yet",
                "restore",
                "social",
                "--to",
                "2099-01-01T00:00:00Z",
                "--dry-run");
        Patience.until(
                "a moment can be brought back",
                () -> to(run("backup", "verify", "-o", "json")).isPresent());
        Ended verified = well("backup", "verify", "-o", "json");
        assertThat(to(verified)).isPresent();
        Ended gone = run("restore", "social", "--to", old, "--yes");
        assertThat(gone.exit()).as(gone.toString()).isEqualTo(4);
        assertThat(gone.err()).contains("before the first recovery window").contains("nearest: --to ");
        Ended there = cluster.restored(
                "restore", "social", "--to", to(verified).orElseThrow().toString(), "--dry-run");
        assertThat(there.exit()).as(there.toString()).isZero();
    }

    /** The labels of the base backups in the output. */
    private List<String> copies() {
        return run("backup", "list", "-o", "json")
                .json()
                .at("/clusters/0/backups")
                .findValuesAsText("label");
    }

    private Path shard() {
        return cluster.estate.folder().resolve("b/mongodb/restore-test/social/shard-a");
    }

    /** The end of the last recovery window in the output; empty when there is none. */
    private static Optional<Instant> to(Ended result) {
        JsonNode windows = result.json().at("/clusters/0/windows");
        return windows.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Instant.parse(windows.get(windows.size() - 1).path("to").asText()));
    }

    private static Path find(Path folder, String part) throws IOException {
        try (Stream<Path> all = LiveFolder.walk(folder)) {
            return all.filter(p -> p.getFileName().toString().contains(part))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** The last one that is closed: it begins behind the copy. */
    private Path newestSlice() throws IOException {
        try (Stream<Path> all = Files.list(shard().resolve("oplog"))) {
            return all.filter(p -> p.toString().endsWith(".bson.gz"))
                    .sorted()
                    .reduce((one, later) -> later)
                    .orElseThrow();
        }
    }

    static void flip(Path file) throws IOException {
        try (RandomAccessFile data = new RandomAccessFile(file.toFile(), "rw")) {
            data.seek(data.length() / 2);
            int was = data.read();
            data.seek(data.length() / 2);
            data.write(was ^ 1);
        }
    }
}
