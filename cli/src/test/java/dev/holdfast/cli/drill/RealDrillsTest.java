package dev.holdfast.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Drills on a real estate: each ends with verdicts, mended, healthy and with nothing left to do. */
@Tag("real")
class RealDrillsTest {

    private static final String WEATHER = """
            apiVersion: holdfast.dev/v1
            drill: weather
            description: A standby restarts while the line to the other region is slow, then cut from the primary.
            target: payments
            gates: { lag: 1m }
            faults:
              - { fault: delay-packets, target: d1, for: 8s }
              - { fault: partition-link, target: d1, from: primary, at: 2s, for: 8s }
              - { fault: restart, target: payments/servers/b2, at: 4s }
            recovery: itself
            claims: [ no-acknowledged-write-lost, no-unexpected-writes, fault-took-effect, service-restored, estate-healthy ]
            """;

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

    private static void endsWhole(Ended ended) {
        JsonNode report = ended.json();
        assertThat(ended.exit()).as(ended.toString()).isIn(0, 10);
        assertThat(report.path("verdicts").findValuesAsText("verdict"))
                .as(ended.toString())
                .doesNotContain("BROKEN");
        assertThat(report.path("verdicts")).anySatisfy(v -> {
            assertThat(v.path("claim").asText()).startsWith("at the end all faults are reverted");
            assertThat(v.path("verdict").asText()).isEqualTo("HELD");
        });
        report.path("streams")
                .forEach(s -> assertThat(s.path("reconciliation").path("lost").size() == 0
                                || !s.path("promised").asBoolean())
                        .as(ended.toString())
                        .isTrue());
        estate.settled();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mongo-stepdown", "mongo-router-loss", "pg-primary-kill"})
    void a_short_drill_ends_whole(String name) {
        endsWhole(estate.drill(name));
    }

    @ParameterizedTest
    @Tag("long")
    @ValueSource(
            strings = {
                "payday",
                "mongo-primary-kill",
                "mongo-primary-freeze",
                "mongo-primary-cut",
                "mongo-shard-loss",
                "mongo-config-loss",
                "mongo-majority-loss",
                "pg-primary-freeze",
                "pg-primary-cut",
                "pg-standby-loss",
                "pg-switchover",
                "pg-archive-failure",
                "pg-dr-promotion",
                "pg-pitr",
                "zone-loss",
                "rolling-restart"
            })
    void a_long_drill_ends_whole(String name) throws IOException {
        if (name.equals("pg-pitr")) {
            assertThat(estate.run("backup", "run", "payments").exit()).isZero();
        }
        if (name.equals("zone-loss")) {
            // the zone of the only synchronous standby is another story: under protect writes wait until it is back
            estate.run("switchover", "payments", "--to", "a2", "--yes");
        }
        endsWhole(estate.drill(name));
    }

    private static void drillFile(RealEstate of, String text) throws IOException {
        Path folder = Files.createDirectories(of.folder().resolve("drills"));
        Matcher name = Pattern.compile("(?m)^drill: (.*)$").matcher(text);
        assertThat(name.find()).isTrue();
        Files.writeString(folder.resolve(name.group(1) + ".yaml"), text);
    }

    @Test
    @Tag("long")
    void lines_that_are_slow_and_cut_while_a_standby_restarts_lose_nothing() throws IOException {
        drillFile(estate, WEATHER);
        endsWhole(estate.drill("weather"));
    }

    @Test
    void a_drill_whose_clients_felt_nothing_knows_no_recovery_time() throws IOException {
        drillFile(estate, """
                apiVersion: holdfast.dev/v1
                drill: quiet
                description: The copy in the other region stops for a moment.
                target: payments
                faults: [ { fault: pause, target: payments/servers/d1 } ]
                recovery: itself
                claims: [ no-acknowledged-write-lost, fault-took-effect, service-restored, estate-healthy ]
                """);
        Ended ended = estate.drill("quiet");
        assertThat(ended.json().path("rto_ms").isNull()
                        || ended.json().path("streams").findValuesAsText("longest_silence_ms").stream()
                                .anyMatch(ms -> Long.parseLong(ms) > 2000))
                .as("nobody felt it, so nothing was measured: " + ended)
                .isTrue();
        endsWhole(ended);
    }

    @Test
    @Tag("long")
    void a_host_reverts_by_itself_when_the_command_is_killed_and_cleanup_finds_nothing() throws Exception {
        estate.whenHealthy();
        Process run = estate.start("drill", "run", "mongo-primary-freeze", "--yes", "--rate", "5");
        Path faults = estate.folder().resolve("d/.faults");
        Patience.until("the fault is in effect", () -> isInEffect("mongo-primary-freeze") || !run.isAlive());
        assertThat(isInEffect("mongo-primary-freeze"))
                .as(Files.readString(estate.folder().resolve("process.out")))
                .isTrue();
        assertThat(faults).isNotEmptyDirectory();
        run.destroyForcibly().waitFor();
        Patience.until("the host has mended the fault by itself", () -> isEmpty(faults));
        Ended cleanup = estate.run("drill", "cleanup");
        assertThat(cleanup.exit()).as(cleanup.toString()).isZero();
        assertThat(cleanup.out()).contains("no fault of a drill is active");
        Ended applied = estate.run("apply", "--yes");
        assertThat(applied.exit()).as(applied.toString()).isZero();
        estate.whenHealthy();
        estate.settled();
    }

    private static boolean isEmpty(Path folder) {
        String[] names = folder.toFile().list();
        return names == null || names.length == 0;
    }

    /** In the newest ledger, which may still be the one of the drill before. */
    private static boolean isInEffect(String drill) {
        try {
            List<JsonNode> entries = estate.ledger();
            return entries.stream().anyMatch(e -> e.path("drill").asText().equals(drill))
                    && entries.stream().anyMatch(e -> e.path("mark").asText().equals("in effect"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
