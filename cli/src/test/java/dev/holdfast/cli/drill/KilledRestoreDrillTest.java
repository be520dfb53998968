package dev.holdfast.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.cli.LiveFolder;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A restore drill whose command is ended in the middle: after Ctrl-C no scratch server is left; after a kill it can be removed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("real")
class KilledRestoreDrillTest {

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: broken-off
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
            clusters:
              payments:
                engine: postgresql
                durability: fast
                primary: a1
                backup: { full: weekly, archive: continuous, repository: /var/lib/holdfast/backup }
                settings: { shared_buffers: 16MB, max_wal_size: 256MB }
            """;

    private static final String IN_THE_MIDDLE = "Read every row";

    private RealEstate estate;

    @BeforeAll
    void there_is_a_copy() throws IOException {
        estate = RealEstate.ofText(TOPOLOGY);
        assertThat(estate.run("apply", "--yes").exit()).isZero();
        assertThat(estate.run("backup", "run", "--yes").exit()).isZero();
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        estate.close();
    }

    private static String[] drill() {
        return new String[] {"drill", "run", "pg-pitr", "--yes", "--rate", "20"};
    }

    private List<Path> scratchFolders() throws IOException {
        try (Stream<Path> all = LiveFolder.walk(estate.folder().resolve("d"), 3)) {
            return all.filter(p -> p.getFileName().toString().startsWith("restored-drill-"))
                    .toList();
        }
    }

    @Test
    void ctrl_c_in_the_middle_of_the_restore_ends_with_130_and_leaves_nothing_side_by_side() throws Exception {
        Process cli = estate.start(drill());
        Patience.until(
                "the restore has a directory",
                () -> !cli.isAlive() || !scratchFolders().isEmpty());
        new ProcessBuilder("kill", "-INT", Long.toString(cli.pid())).start().waitFor();
        assertThat(cli.waitFor(170, TimeUnit.SECONDS)).isTrue();
        assertThat(cli.exitValue()).isEqualTo(130);
        List<JsonNode> ledger = estate.ledger();
        assertThat(ledger.stream().map(e -> e.path("mark").asText()))
                .contains("ended early")
                .doesNotContain("restored");
        assertThat(scratchFolders()).isEmpty();
        assertThat(estate.servers("/a1/payments/restored-drill-")).isEmpty();
    }

    @Test
    void what_a_killed_one_left_is_reported_refuses_the_next_and_is_removed_by_cleanup() throws Exception {
        estate.killedIn(IN_THE_MIDDLE, drill());
        assertThat(scratchFolders()).hasSize(1);
        String label = scratchFolders().get(0).getFileName().toString().substring("restored-".length());

        Ended listed = estate.run("backup", "list");
        assertThat(listed.out()).contains("a side-by-side restore is not discarded yet, label " + label);
        Ended discarded = estate.run("restore", "payments", "--discard", "--yes");
        assertThat(discarded.exit()).isZero();
        assertThat(discarded.err())
                .contains("there is no side-by-side restore with the label restored; existing labels: " + label);
        Ended refused = estate.run(drill());
        assertThat(refused.exit()).as(refused.toString()).isEqualTo(4);
        assertThat(refused.err())
                .contains("gate reverted: an earlier drill has left payments restored side by side with the label "
                        + label)
                .contains("holdfast drill cleanup");
        assertThat(scratchFolders()).hasSize(1);

        Ended cleaned = estate.run("drill", "cleanup");
        assertThat(cleaned.exit()).as(cleaned.toString()).isZero();
        assertThat(cleaned.out()).contains("removed: payments restored side by side with the label " + label);
        List<JsonNode> ledger = estate.ledger();
        assertThat(ledger.get(0).path("command").asText()).isEqualTo("drill cleanup");
        assertThat(ledger.stream().map(e -> e.path("kind").asText()))
                .contains("ASKED", "STEP_DONE")
                .endsWith("RUN_ENDED");
        assertThat(cleaned.out()).contains("Ledger: ");
        assertThat(scratchFolders()).isEmpty();
        assertThat(estate.servers("/a1/payments/restored-drill-")).isEmpty();
        assertThat(estate.run("drill", "cleanup").out()).contains("no fault of a drill is active");
    }
}
