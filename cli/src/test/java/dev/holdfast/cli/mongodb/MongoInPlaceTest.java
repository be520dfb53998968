package dev.holdfast.cli.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.cli.LiveFolder;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real sharded cluster is taken back in place under its own names, also when the command is killed in the middle. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("real")
class MongoInPlaceTest {

    private static final int MORE = 20;

    private ArchivedCluster cluster;

    @BeforeAll
    void a_cluster_that_is_archived_has_a_copy() throws Exception {
        cluster = new ArchivedCluster();
        cluster.write(MORE);
        cluster.well("backup", "run");
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        cluster.close();
    }

    private static String[] order(String moment, String... more) {
        List<String> line = List.of(
                "restore",
                "social",
                "--to",
                moment,
                "--into",
                "in-place",
                "--accept-data-loss",
                "--yes",
                "--timeout",
                "30m");
        return Stream.concat(line.stream(), Stream.of(more)).toArray(String[]::new);
    }

    private String router() {
        return cluster.estate.address(1) + ":27017";
    }

    /** Writes some, remembers where in their middle to go back to, and waits until the archive has all of it. */
    private int written() throws InterruptedException {
        cluster.write(MORE);
        int n = cluster.writes() - MORE / 2;
        Ended result = cluster.restored("restore", "social", "--to", cluster.moment(cluster.writes() - 1), "--dry-run");
        assertThat(result.exit()).as(result.toString()).isZero();
        return n;
    }

    /** It is there under its own names, nothing is left to do, it takes writes, and the archive goes on from a new copy. */
    private void isBack(int n) throws Exception {
        cluster.backTo(n);
        cluster.holds(router(), n);
        assertThat(cluster.planned()).contains("nothing to do");
        cluster.write(1);
        cluster.holds(router(), n + 1);
        cluster.well("backup", "verify");
        JsonNode held = cluster.well("backup", "list", "-o", "json").json().at("/clusters/0");
        assertThat(held.path("findings")).as(held.toString()).isEmpty();
        assertThat(held.path("verified_at").isTextual()).isTrue();
    }

    private long kept() throws IOException {
        try (Stream<Path> all = LiveFolder.walk(cluster.estate.folder().resolve("d"), 6)) {
            return all.filter(p -> p.getFileName().toString().startsWith("before-restore-"))
                    .filter(p -> Files.exists(p.resolve("WiredTiger")))
                    .count();
        }
    }

    @Test
    @Order(1)
    void without_the_word_that_data_is_given_up_nothing_is_touched() throws Exception {
        Ended refused =
                cluster.restored("restore", "social", "--to", cluster.moment(MORE - 1), "--into", "in-place", "--yes");
        assertThat(refused.exit()).as(refused.toString()).isEqualTo(7);
        assertThat(refused.err()).contains("--accept-data-loss");
        Ended future = cluster.until("the repository has no recovery window yet", order("2099-01-01T00:00:00Z"));
        assertThat(future.exit()).as(future.toString()).isEqualTo(4);
        assertThat(future.err()).contains("is in the future").contains("nearest: --to ");
        cluster.well("plan", "--detailed-exitcode");
        assertThat(kept()).isZero();
    }

    @Test
    @Order(2)
    void a_moment_is_brought_back_into_another_estate_and_this_one_goes_on() throws Exception {
        int n = written();
        try (RealEstate other = cluster.estate.another("copy")) {
            cluster.well(
                    "restore",
                    "social",
                    "--to",
                    cluster.moment(n),
                    "--into",
                    other.topology().toString(),
                    "--yes");
            Ended applied = other.run("apply", "--yes");
            assertThat(applied.exit()).as(applied.toString()).isZero();
            other.settled();
            ArchivedCluster.holds(Client.admin(other, "social", other.address(1) + ":27017"), n);
        }
        cluster.holds(router(), cluster.writes() - 1);
        cluster.well("plan", "--detailed-exitcode");
    }

    @Test
    @Order(3)
    void a_moment_is_brought_back_and_what_was_there_is_kept_aside() throws Exception {
        int n = written();
        String moment = cluster.moment(n);
        Ended done = cluster.estate.run(order(moment));
        assertThat(done.exit()).as(done.toString()).isZero();
        isBack(n);
        assertThat(kept()).as("of every member").isEqualTo(5);
        Ended twice = cluster.estate.run(order(moment));
        assertThat(twice.exit()).as(twice.toString()).isZero();
        assertThat(twice.err()).contains("and was verified").contains("--override=restore-again");
        cluster.holds(router(), n + 1);
    }

    @Test
    @Tag("long")
    @Order(4)
    void killed_while_the_archive_is_given_to_it_apply_refuses_and_the_same_restore_ends_it() throws Exception {
        int n = written();
        String moment = cluster.moment(n);
        cluster.estate.killedIn("Load the archive", order(moment));
        Ended apply = cluster.estate.run("apply", "--yes");
        assertThat(apply.exit()).as(apply.toString()).isEqualTo(4);
        assertThat(apply.err())
                .contains("was begun on this server and has not ended")
                .contains("run the same holdfast restore");
        Ended done = cluster.estate.run(order(moment));
        assertThat(done.exit()).as(done.toString()).isZero();
        isBack(n);
    }

    @Test
    @Order(5)
    void damage_is_found_before_anything_is_stopped_and_a_restore_that_cannot_go_on_is_undone() throws Exception {
        int n = written();
        int all = cluster.writes() - 1;
        long kept = kept();
        List<Path> copies = copies();
        for (Path copy : copies) {
            RestoreTest.flip(copy);
        }
        try {
            Ended damaged = cluster.estate.run(order(cluster.moment(n)));
            assertThat(damaged.exit()).as(damaged.toString()).isEqualTo(4);
            assertThat(damaged.err())
                    .contains("files of the repository are damaged (shard-a/")
                    .contains("differs from its checksum")
                    .contains("Nothing was stopped");
            assertThat(cluster.estate.changes()).isZero();
            cluster.holds(router(), all);

            Ended stuck = cluster.estate.run(order(cluster.moment(n), "--override=unread"));
            assertThat(stuck.exit()).as(stuck.toString()).isEqualTo(5);
            assertThat(stuck.err()).contains("holdfast restore social --undo");
            Ended apply = cluster.estate.run("apply", "--yes");
            assertThat(apply.exit()).as(apply.toString()).isEqualTo(4);
            assertThat(apply.err()).contains("restore social --undo");
        } finally {
            for (Path copy : copies) {
                RestoreTest.flip(copy);
            }
        }
        cluster.well("restore", "social", "--undo", "--yes");
        assertThat(cluster.planned()).contains("nothing to do");
        cluster.holds(router(), all);
        assertThat(kept()).as("what was kept aside is in its place again").isEqualTo(kept);
        assertThat(cluster.well("restore", "social", "--undo", "--yes").err()).contains("there is nothing to undo");
    }

    /** The data of every copy of shard-a. */
    private List<Path> copies() throws IOException {
        Path base = cluster.estate.folder().resolve("b/mongodb/restore-test/social/shard-a/base");
        try (Stream<Path> all = LiveFolder.walk(base)) {
            return all.filter(p -> p.getFileName().toString().startsWith("data.tar"))
                    .toList();
        }
    }

    @ParameterizedTest
    @Order(6)
    @ValueSource(
            strings = {
                "Stop mongos",
                "set its data aside",
                "Unpack backup",
                "Kill the standalone server",
                "for the replay",
                "standalone for the rename",
                "Copy the restored data",
                "Start mongod",
                "elects a primary",
                "Start mongos",
                "Write a test document with w: majority",
                "Record the verification"
            })
    @Tag("long")
    void killed_in_any_step_the_same_restore_ends_it(String step) throws Exception {
        int n = written();
        String moment = cluster.moment(n);
        cluster.estate.killedIn(step, order(moment));
        Ended done = cluster.estate.run(order(moment));
        assertThat(done.exit()).as(done.toString()).isZero();
        isBack(n);
    }
}
