package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
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

/** A real trio behind its proxies is brought back in place, also when the command is killed in the middle. */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RealInPlaceTest {

    private static final String TOPOLOGY = RealTrio.TOPOLOGY.replace(
            "    settings:",
            "    backup: { full: weekly, archive: continuous, repository: /var/lib/holdfast/backup }\n    settings:");
    private static final int ENTRANCE = 5000;
    private static final List<String> MEMBERS = List.of("a1", "b1", "d1");

    private RealTrio trio;
    /** How many numbers are there: 0 to one less. */
    private int count;

    @BeforeAll
    void a_trio_that_archives_has_a_base_copy() throws Exception {
        trio = new RealTrio(TOPOLOGY);
        trio.applied();
        trio.does(0, "backup", "run", "--yes");
        // the end of a base backup is in whole seconds, and all writes are after it
        Patience.pause(1500);
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        trio.close();
    }

    /** Writes so many numbers and tells the server's clock after the last of them. */
    private String write(int more) throws Exception {
        try (Connection connection = trio.admin(trio.primary(), RealTrio.SERVER)) {
            RealTrio.ask(connection, "CREATE TABLE IF NOT EXISTS numbers (id int PRIMARY KEY)");
            for (int i = 0; i < more; i++) {
                RealTrio.ask(connection, "INSERT INTO numbers VALUES (" + count++ + ")");
            }
            String now = RealTrio.ask(
                            connection,
                            "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
                    .get(0);
            // the next write is later than the printed time
            Patience.pause(50);
            return now;
        }
    }

    private static String[] order(String moment) {
        return new String[] {
            "restore",
            "payments",
            "--to",
            moment,
            "--into",
            "in-place",
            "--accept-data-loss",
            "--yes",
            "--timeout",
            "30m"
        };
    }

    /** The moment is there on every member, clients come in by the entrances, and nothing is left to do. */
    private void isBack(int desired, int timeline) throws Exception {
        trio.settled();
        assertThat(trio.timeline(trio.primary())).isGreaterThan(timeline);
        for (String host : MEMBERS) {
            assertThat(trio.ask(host, "SELECT count(*) || ' ' || max(id) FROM numbers"))
                    .as(host)
                    .containsExactly(desired + " " + (desired - 1));
        }
        count = desired;
        try (Connection client = trio.admin("a1", ENTRANCE)) {
            RealTrio.ask(client, "INSERT INTO numbers VALUES (" + count++ + ")");
        }
        JsonNode held = trio.does(0, "backup", "list", "-o", "json").json().at("/clusters/0");
        JsonNode newest = held.at("/backups/" + (held.path("backups").size() - 1));
        assertThat(newest.at("/facts/timeline").asInt())
                .as("a base backup of the new timeline: " + held)
                .isEqualTo(trio.timeline(trio.primary()));
        assertThat(held.path("findings")).as(held.toString()).isEmpty();
    }

    private List<Path> kept(String host) throws IOException {
        Path kept = trio.directory(host).resolve("kept");
        if (!Files.isDirectory(kept)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(kept)) {
            return all.filter(p -> p.getFileName().toString().startsWith("before-restore-"))
                    .toList();
        }
    }

    @Test
    @Order(1)
    void without_the_word_that_data_is_given_up_nothing_is_touched() throws Exception {
        String moment = write(3);
        Ended refused = trio.does(7, "restore", "payments", "--to", moment, "--into", "in-place", "--yes");
        assertThat(refused.err()).contains("--accept-data-loss");
        Ended future = trio.does(4, order("2099-01-01T00:00:00Z"));
        assertThat(future.err()).contains("is in the future");
        assertThat(trio.estate.changes()).isZero();
        trio.settled();
    }

    @Test
    @Order(2)
    void a_moment_is_brought_back_and_what_was_there_is_kept_aside() throws Exception {
        String moment = write(10);
        int desired = count;
        write(10);
        int timeline = trio.timeline(trio.primary());
        trio.does(0, order(moment));
        isBack(desired, timeline);
        for (String host : MEMBERS) {
            assertThat(kept(host)).as(host).hasSize(1);
            assertThat(kept(host).get(0).resolve("data/PG_VERSION")).exists();
        }
        int now = trio.timeline(trio.primary());
        Ended twice = trio.does(0, order(moment));
        assertThat(twice.out() + twice.err()).contains("and was verified").contains("--override=restore-again");
        assertThat(trio.timeline(trio.primary())).isEqualTo(now);
    }

    @Test
    @Order(3)
    void killed_while_the_base_copy_comes_apply_refuses_and_the_same_restore_ends_it() throws Exception {
        String moment = write(5);
        int desired = count;
        write(5);
        int timeline = trio.timeline(trio.primary());
        trio.estate.killedIn("Restore the base backup", order(moment));
        Ended apply = trio.estate.run("apply", "--yes");
        assertThat(apply.exit()).as(apply.toString()).isEqualTo(4);
        assertThat(apply.err()).contains("has not finished").contains("--into in-place");
        trio.does(0, order(moment));
        isBack(desired, timeline);
    }

    @ParameterizedTest
    @Order(4)
    @ValueSource(
            strings = {
                "Close the proxy",
                "Stop ",
                "Preserve the data",
                "Replay WAL",
                "Read every row",
                "Record the",
                "be started again",
                "Clone ",
                "base backup of"
            })
    void killed_in_any_step_the_same_restore_ends_it(String step) throws Exception {
        String moment = write(5);
        int desired = count;
        write(5);
        int timeline = trio.timeline(trio.primary());
        trio.estate.killedIn(step, order(moment));
        trio.does(0, order(moment));
        isBack(desired, timeline);
    }
}
