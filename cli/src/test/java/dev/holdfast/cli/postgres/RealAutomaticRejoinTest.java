package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate.Ended;
import dev.holdfast.cli.ReapingInit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A trio that Patroni runs: a maintenance without a failover, and every way in which a member returns. */
@Tag("real")
class RealAutomaticRejoinTest {

    private static final Duration LONG = Duration.ofMinutes(3);

    private RealTrio trio;

    private boolean isPrimary(String host) throws Exception {
        try {
            return trio.ask(host, "SELECT pg_is_in_recovery()").equals(List.of("f"));
        } catch (SQLException notYet) {
            return false;
        }
    }

    @Test
    void a_pause_prevents_a_failover_and_members_return_with_their_own_rows_kept() throws Exception {
        ReapingInit.assumed();
        trio = new RealTrio(RealAutomaticTest.TOPOLOGY.replace("automatic-test", "automatic-rejoin"));
        try {
            trio.applied();
            trio.estate.whenHealthy();
            trio.ask("a1", "CREATE TABLE own (id int, note text)");
            pausedAndEnded();
            rewound();
            stray();
            copied();
            drilled();
        } finally {
            trio.close();
        }
    }

    private void pausedAndEnded() throws Exception {
        Ended begun = trio.does(0, "maintenance", "on", "payments", "--reason", "storage work", "--yes");
        assertThat(begun.toString()).contains("Pause Patroni of payments").contains("Record maintenance of payments");
        assertThat(trio.does(0, "maintenance", "on", "payments", "--reason", "storage work", "--yes")
                        .toString())
                .doesNotContain("Pause Patroni");
        assertThat(trio.estate.run("status").toString())
                .contains("payments is in maintenance since")
                .contains("Patroni is paused: no failover happens; holdfast maintenance off payments");
        assertThat(trio.estate.run("plan").toString()).contains("Patroni is paused, so no failover happens");
        assertThat(trio.does(4, "switchover", "payments", "--yes").err()).contains("CODE: maintenance");
        assertThat(trio.does(4, "rejoin", "payments/servers/b1", "--yes").err())
                .contains("Patroni is paused")
                .contains("HINT: holdfast maintenance off payments");
        trio.estate.kill("/a1/payments/servers");
        Patience.pause(20_000); // twice the ttl
        assertThat(isPrimary("b1")).isFalse();
        Ended ended = trio.does(0, "maintenance", "off", "payments", "--yes");
        assertThat(ended.toString()).contains("End the pause of Patroni of payments");
        Patience.until("b1 is primary", LONG, () -> isPrimary("b1"));
        assertThat(trio.estate.run("status").toString())
                .doesNotContain("maintenance")
                .doesNotContain("paused");
    }

    /** The processes of the former primary were killed, so that only its own Patroni could rewind it. */
    private void rewound() throws Exception {
        Ended returned = trio.does(0, "rejoin", "payments/servers/a1", "--yes");
        assertThat(returned.toString())
                .contains("Preserve what only a1 has")
                .contains("Rewind a1 with Patroni")
                .contains("kept: ");
        trio.estate.whenHealthy();
        assertThat(trio.does(0, "rejoin", "payments/servers/a1", "--yes").toString())
                .contains("a1 follows b1");
        assertThat(trio.does(0, "rejoin", "payments/servers/b1", "--yes").toString())
                .contains("b1 is primary and has the leader lock");
    }

    /** Without its Patroni, the primary runs on after another member has the lock. */
    private void stray() throws Exception {
        trio.estate.kill("/b1/payments/servers/conf");
        Patience.until("a1 is primary", LONG, () -> isPrimary("a1"));
        assertThat(isPrimary("b1")).isTrue();
        trio.ask("b1", "SET synchronous_commit = local", "INSERT INTO own VALUES (42, 'only on b1')");
        assertThat(trio.does(4, "apply", "--yes").err())
                .contains("a split brain")
                .contains("holdfast rejoin of the other primary preserves the rows");
        Ended returned = trio.does(0, "rejoin", "payments/servers/b1", "--yes");
        assertThat(returned.toString())
                .contains("Stop b1")
                .contains("Preserve what only b1 has")
                .contains("Rewind b1 with Patroni")
                .contains("kept: ");
        assertThat(kept("b1")).contains("only on b1");
        assertThat(trio.ask("a1", "SELECT count(*) FROM own")).containsExactly("0");
        trio.estate.whenHealthy();
    }

    private String kept(String host) throws IOException {
        try (Stream<Path> all = Files.walk(trio.directory(host).resolve("kept"))) {
            return all.filter(p -> p.toString().endsWith(".csv"))
                    .map(RealAutomaticRejoinTest::text)
                    .reduce("", String::concat);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A standby with a broken file does not start, and Patroni alone never copies it again. */
    private void copied() throws Exception {
        Path broken = trio.directory("b1").resolve("data/postgresql.auto.conf");
        Files.writeString(broken, "this is no setting\n", StandardOpenOption.APPEND);
        trio.kill(trio.postmaster("b1"));
        Ended[] last = new Ended[1];
        Patience.until(
                () -> "the plan of the rejoin: " + last[0],
                LONG,
                Duration.ofSeconds(1),
                () -> (last[0] = trio.estate.run("rejoin", "payments/servers/b1", "--dry-run"))
                        .toString()
                        .contains("copy the primary to b1 with Patroni"));
        Ended returned = trio.does(0, "rejoin", "payments/servers/b1", "--yes");
        assertThat(returned.toString()).contains("Clone a1 to b1 with Patroni");
        trio.estate.whenHealthy();
        trio.settled();
    }

    /** The drill loses nothing, Patroni replaces the primary within the RTO, and the lost member returns by a rejoin. */
    private void drilled() throws Exception {
        Ended ended = trio.estate.drill("pg-primary-kill");
        assertThat(ended.exit()).as(ended.toString()).isIn(0, 10);
        List<JsonNode> verdicts = new ArrayList<>();
        ended.json().path("verdicts").forEach(verdicts::add);
        assertThat(verdicts)
                .as(ended.toString())
                .noneMatch(v -> v.path("verdict").asText().equals("BROKEN"));
        assertThat(held(verdicts, "no acknowledged write is lost"))
                .as(ended.toString())
                .isTrue();
        assertThat(held(verdicts, "writes are acknowledged again within the RTO"))
                .as(ended.toString())
                .isTrue();
        assertThat(held(verdicts, "at the end all faults are reverted"))
                .as(ended.toString())
                .isTrue();
        assertThat(ended.json().findPath("predicted").toString()).contains("leader lock");
        assertThat(isPrimary("b1")).isTrue();
        trio.settled();
    }

    private static boolean held(List<JsonNode> verdicts, String claim) {
        return verdicts.stream()
                .anyMatch(v -> v.path("claim").asText().startsWith(claim)
                        && v.path("verdict").asText().equals("HELD"));
    }
}
