package dev.holdfast.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Drills on a real estate: each ends with verdicts, mended, healthy and with nothing left to do. */
@EnabledIfSystemProperty(
        named = "holdfast.long",
        matches = "true",
        disabledReason = "long: run with -Dholdfast.long=true")
class RealDrillsTest {

    private static RealEstate estate;

    @BeforeAll
    static void up() throws IOException {
        estate = RealEstate.of("swapskill");
        Ended applied = estate.run("apply", "--yes");
        assertThat(applied.exit()).as(applied.toString()).isZero();
        estate.whenHealthy();
    }

    @AfterAll
    static void down() throws IOException {
        estate.close();
    }

    /** At a pace that a busy machine carries, too. */
    private static Ended drill(String name, String... more) {
        estate.whenHealthy();
        return estate.run(
                Stream.concat(Stream.of("drill", "run", name, "--yes", "--rate", "20", "-o", "json"), Stream.of(more))
                        .toArray(String[]::new));
    }

    private static void endsWhole(Ended ended) {
        JsonNode report = ended.json();
        assertThat(ended.exit()).as(ended.toString()).isIn(0, 10);
        assertThat(report.path("verdicts").findValuesAsText("verdict"))
                .as(ended.toString())
                .doesNotContain("BROKEN");
        assertThat(report.path("verdicts")).anySatisfy(v -> {
            assertThat(v.path("claim").asText()).startsWith("the estate ends as it was declared");
            assertThat(v.path("verdict").asText()).isEqualTo("HELD");
        });
        report.path("streams")
                .forEach(s -> assertThat(s.path("truth").path("lost").size() == 0
                                || !s.path("promised").asBoolean())
                        .as(ended.toString())
                        .isTrue());
        Ended plan = estate.run("plan", "--detailed-exitcode");
        assertThat(plan.exit()).as(plan.toString()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mongo-stepdown", "pg-primary-kill", "pg-archive-failure"})
    void a_short_drill_ends_whole(String name) {
        endsWhole(drill(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "payday",
                "mongo-primary-kill",
                "mongo-primary-freeze",
                "mongo-primary-cut",
                "mongo-shard-loss",
                "mongo-router-loss",
                "mongo-config-loss",
                "mongo-majority-loss",
                "pg-primary-freeze",
                "pg-primary-cut",
                "pg-standby-loss",
                "pg-switchover",
                "pg-dr-promotion",
                "pg-pitr",
                "zone-loss",
                "rolling-restart"
            })
    void a_long_drill_ends_whole(String name) throws IOException {
        if (name.equals("payday")) {
            estate.run("drill", "show", name);
        }
        if (name.equals("pg-pitr")) {
            assertThat(estate.run("backup", "run", "payments").exit()).isZero();
        }
        endsWhole(drill(name));
    }

    @Test
    void a_drill_whose_clients_felt_nothing_knows_no_recovery_time() throws IOException {
        Files.createDirectories(estate.folder().resolve("drills"));
        Files.writeString(estate.folder().resolve("drills/quiet.yaml"), """
                apiVersion: holdfast.dev/v1
                drill: quiet
                story: The copy in the other region stops for a moment.
                target: payments
                faults: [ { fault: freeze, strikes: payments/servers/d1 } ]
                recovery: itself
                claims: [ nothing-lost, took-effect, served-again, ends-whole ]
                """);
        Ended ended = drill("quiet");
        assertThat(ended.json().path("rto_ms").isNull()
                        || ended.json().path("streams").findValuesAsText("longest_silence_ms").stream()
                                .anyMatch(ms -> Long.parseLong(ms) > 100))
                .as("nobody felt it, so nothing was measured: " + ended)
                .isTrue();
        endsWhole(ended);
    }

    @Test
    void a_host_mends_by_itself_when_the_command_is_killed_and_cleanup_finds_nothing() throws Exception {
        estate.whenHealthy();
        Process run = estate.start("drill", "run", "mongo-primary-freeze", "--yes", "--rate", "20");
        Path faults = estate.folder().resolve("d/.faults");
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (!isMarked("in effect") && run.isAlive() && System.nanoTime() < end) {
            Thread.sleep(100);
        }
        assertThat(isMarked("in effect")).isTrue();
        assertThat(faults).exists();
        run.destroyForcibly().waitFor();
        end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (Files.exists(faults)
                && Stream.of(faults.toFile().list()).findAny().isPresent()
                && System.nanoTime() < end) {
            Thread.sleep(200);
        }
        Ended cleanup = estate.run("drill", "cleanup");
        assertThat(cleanup.exit()).isZero();
        assertThat(cleanup.out()).contains("nothing is broken on purpose");
        assertThat(estate.whenHealthy().json().path("healthy").asBoolean()).isTrue();
    }

    private static boolean isMarked(String mark) throws IOException {
        return estate.ledger().stream()
                .anyMatch(e -> e.path("kind").asText().equals("MARKED")
                        && e.path("mark").asText().equals(mark));
    }
}
