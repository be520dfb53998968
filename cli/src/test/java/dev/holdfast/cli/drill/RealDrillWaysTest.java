package dev.holdfast.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How a drill can be run besides once and alone: several times, and with a person who agrees to each act. */
@Tag("real")
class RealDrillWaysTest {

    private static RealEstate estate;

    @BeforeAll
    static void up() throws IOException {
        estate = RealEstate.of("replica-set");
        Ended applied = estate.run("apply", "--yes");
        assertThat(applied.exit()).as(applied.toString()).isZero();
    }

    @AfterAll
    static void down() throws IOException {
        estate.close();
    }

    @Test
    @Tag("long")
    void repeated_runs_inject_faults_at_different_times_and_are_compared() throws Exception {
        Ended ended = estate.drill("mongo-primary-kill", "--repeat", "2", "--seed", "7");
        assertThat(ended.exit()).as(ended.toString()).isIn(0, 10);
        List<JsonNode> description = new ArrayList<>();
        new ObjectMapper()
                .readerFor(JsonNode.class)
                .<JsonNode>readValues(ended.out())
                .forEachRemaining(description::add);
        assertThat(description)
                .extracting(t -> t.path("kind").asText())
                .containsExactly("drill", "drill", "drill repeat");
        JsonNode summary = description.get(2);
        assertThat(summary.path("runs").asInt()).isEqualTo(2);
        assertThat(summary.path("rto_known").asInt()).isEqualTo(2);
        assertThat(summary.path("acknowledged_and_lost").asInt(-1)).isZero();
        assertThat(summary.path("rto_p50_ms").asLong())
                .isPositive()
                .isLessThanOrEqualTo(summary.path("rto_max_ms").asLong());
    }

    @Test
    void with_step_a_person_is_asked_before_each_act_and_nothing_is_broken_without_a_yes() throws Exception {
        estate.whenHealthy();
        Ended refused = estate.actions("n\n", "drill", "run", "mongo-stepdown", "--yes", "--rate", "20", "--step");
        assertThat(refused.exit()).as(refused.toString()).isNotZero();
        assertThat(refused.out()).contains("Continue? [y/N]").contains("not confirmed");
        assertThat(estate.ledger()).noneMatch(e -> e.path("mark").asText().equals("fault"));
        Ended agreed =
                estate.actions("y\n".repeat(40), "drill", "run", "mongo-stepdown", "--yes", "--rate", "20", "--step");
        assertThat(agreed.exit()).as(agreed.toString()).isIn(0, 10);
        assertThat(agreed.out()).contains("Continue? [y/N]");
        assertThat(estate.ledger()).anyMatch(e -> e.path("mark").asText().equals("healthy"));
    }

    @Test
    void a_stopped_standby_and_a_killed_proxy_return_by_their_reverts() throws Exception {
        try (RealEstate trio = RealEstate.of("postgres-only")) {
            Ended applied = trio.run("apply", "--yes");
            assertThat(applied.exit()).as(applied.toString()).isZero();
            Path folder = Files.createDirectories(trio.folder().resolve("drills"));
            Files.writeString(folder.resolve("parts.yaml"), """
                    apiVersion: holdfast.dev/v1
                    drill: parts
                    description: A standby is stopped as an operator would, and a proxy ends without warning.
                    target: books
                    faults:
                      - { fault: stop, target: books/servers/p3 }
                      - { fault: kill, target: books/proxies/p2, at: 2s }
                    recovery: itself
                    claims: [ no-acknowledged-write-lost, no-unexpected-writes, fault-took-effect, estate-healthy ]
                    """);
            Ended ended = trio.drill("parts");
            assertThat(ended.exit()).as(ended.toString()).isIn(0, 10);
            assertThat(ended.json().path("verdicts"))
                    .as(ended.toString())
                    .allSatisfy(v -> assertThat(v.path("verdict").asText()).isNotIn("BROKEN"))
                    .filteredOn(v -> v.path("claim").asText().contains("took effect")
                            || v.path("claim").asText().contains("at the end all faults are reverted"))
                    .hasSizeGreaterThanOrEqualTo(2)
                    .allSatisfy(v -> assertThat(v.path("verdict").asText()).isEqualTo("HELD"));
            trio.settled();
        }
    }
}
