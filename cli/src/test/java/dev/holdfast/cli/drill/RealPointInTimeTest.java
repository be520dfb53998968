package dev.holdfast.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.cli.LiveFolder;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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

/** The nightly restore drills, on a real sharded cluster and a real trio under load. */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RealPointInTimeTest {

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: nightly-test
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
              b1: { address: 127.0.1.2, zone: b, region: r, reach: local }
              c1: { address: 127.0.1.3, zone: c, region: s, reach: local }
            clusters:
              social:
                engine: mongodb
                objectives: { rpo: 5m, rto: 10m }
                configServers: [ a1 ]
                shards:
                  shard-a: [ a1, b1, { host: c1, priority: 0, hidden: true } ]
                  shard-b: [ b1 ]
                routers: [ a1 ]
                backup: { base: daily, oplogEvery: 5s, repository: /var/lib/holdfast/backup }
                settings:
                  storage.wiredTiger.engineConfig.cacheSizeGB: 0.25
                  storage.wiredTiger.engineConfig.configString: "log=(file_max=8MB,prealloc=false)"
              payments:
                engine: postgresql
                objectives: { rpo: 0s, rto: 5m }
                durability: protect
                primary: a1
                standbys: { b1: sync }
                backup: { full: weekly, archive: continuous, repository: /var/lib/holdfast/backup }
                settings: { shared_buffers: 16MB, max_wal_size: 256MB }
            """;

    private RealEstate estate;
    private Process archiver;

    @BeforeAll
    void every_cluster_has_a_base_copy() throws IOException {
        estate = RealEstate.ofText(TOPOLOGY);
        well("apply", "--yes");
        estate.whenHealthy();
        well("backup", "run", "--yes");
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        if (archiver != null) {
            archiver.destroyForcibly();
        }
        estate.close();
    }

    private Ended well(String... command) {
        Ended ended = estate.run(command);
        assertThat(ended.exit()).as(ended.toString()).isZero();
        return ended;
    }

    private Ended drill(String name) {
        estate.whenHealthy();
        return estate.run("drill", "run", name, "--yes", "--rate", "20", "-o", "json", "--timeout", "30m");
    }

    /** Held for all; or for none known, where the machine stood still, of what clients felt. */
    private void isBroughtBack(Ended ended, int streams) throws IOException {
        assertThat(ended.exit()).as(ended.toString()).isIn(0, 10);
        List<JsonNode> exact =
                verdicts(ended, "the last write before the recovery target is restored, and the next one is not");
        assertThat(exact).as(ended.toString()).hasSize(streams).allMatch(RealPointInTimeTest::isHeld);
        exact.forEach(v -> {
            assertThat(v.at("/evidence/rows").asInt()).as(v.toString()).isPositive();
            assertThat(v.at("/evidence/last_before").asInt()).as(v.toString()).isNotNegative();
            assertThat(v.at("/evidence/first_after").asInt()).as(v.toString()).isNotNegative();
        });
        assertThat(exact.stream()
                        .map(v -> v.at("/evidence/recovery_target").asText())
                        .distinct())
                .as("one moment for all")
                .hasSize(1);
        for (String claim : List.of(
                "the restore is completed, verified and discarded",
                "at the end all faults are reverted, the estate is healthy, and its plan is empty")) {
            assertThat(verdicts(ended, claim)).as(ended.toString()).isNotEmpty().allMatch(RealPointInTimeTest::isHeld);
        }
        assertThat(ended.json().path("verdicts").findValuesAsText("verdict")).doesNotContain("BROKEN");
        nothingIsLeftSideBySide();
        assertThat(newestRun().resolve("junit.xml")).exists();
        assertThat(newestRun().resolve("report.html")).exists();
        well("plan", "--detailed-exitcode");
    }

    private void nothingIsLeftSideBySide() throws IOException {
        assertThat(estate.servers("/restored/")).isEmpty();
        assertThat(estate.folder().resolve("d/restored")).doesNotExist();
        try (Stream<Path> all = LiveFolder.walk(estate.folder().resolve("d"), 4)) {
            assertThat(all.filter(p -> p.getFileName().toString().startsWith("restored")))
                    .isEmpty();
        }
    }

    private Path newestRun() throws IOException {
        try (Stream<Path> all = Files.list(estate.folder().resolve("home/nightly-test/runs"))) {
            return all.filter(p -> p.getFileName().toString().contains("drill"))
                    .sorted()
                    .reduce((one, later) -> later)
                    .orElseThrow();
        }
    }

    private static List<JsonNode> verdicts(Ended ended, String claim) {
        return Stream.of(ended.json().path("verdicts"))
                .flatMap(all -> java.util.stream.StreamSupport.stream(all.spliterator(), false))
                .filter(v -> v.path("claim").asText().equals(claim))
                .toList();
    }

    private static boolean isHeld(JsonNode verdict) {
        return verdict.path("verdict").asText().equals("HELD");
    }

    @Test
    @Order(1)
    void without_an_archiver_the_drill_is_refused_and_states_how_to_start_one() throws IOException {
        Ended refused = drill("mongo-pitr");
        assertThat(refused.exit()).as(refused.toString()).isEqualTo(4);
        assertThat(refused.err())
                .contains("gate archive: social/config: the oplog has never been archived")
                .contains("start the archiver: holdfast backup archive");
        assertThat(estate.changes()).isZero();
        nothingIsLeftSideBySide();
    }

    @Test
    @Order(2)
    void a_cluster_time_of_all_shards_is_brought_back_and_production_is_untouched() throws Exception {
        archiver = estate.start("backup", "archive");
        Patience.until(
                () -> "the archive is without a finding: " + estate.run("backup", "list", "social"),
                Duration.ofSeconds(120),
                Duration.ofMillis(500),
                () -> estate.run("backup", "list", "social").exit() == 0);
        isBroughtBack(drill("mongo-pitr"), 2);
    }

    @Test
    @Order(3)
    void both_engines_are_brought_back_to_the_same_instant() throws IOException {
        isBroughtBack(drill("estate-pitr"), 3);
    }

    @Test
    @Order(4)
    void destroy_ends_and_removes_what_side_by_side_restores_have_left() throws IOException {
        String moment =
                Instant.now().minusSeconds(20).truncatedTo(ChronoUnit.SECONDS).toString();
        well("restore", "nightly-test", "--to", moment, "--label", "left", "--yes", "--timeout", "30m");
        assertThat(estate.servers("/restored/left/")).hasSize(4);
        assertThat(estate.servers("/b1/payments/restored-left")).isNotEmpty();
        well("destroy", "--yes");
        assertThat(estate.servers("")).isEmpty();
        assertThat(estate.folder().resolve("d")).doesNotExist();
    }
}
