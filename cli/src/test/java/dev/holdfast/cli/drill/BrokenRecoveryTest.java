package dev.holdfast.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A recovery that loses acknowledged writes on real servers: the drill finds out, names them, and still ends whole. */
@Tag("long")
class BrokenRecoveryTest {

    private static final int AN_OBJECTIVE_WAS_MISSED = 6;

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: frozen
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
              b1: { address: 127.0.1.2, zone: b, region: r, reach: local }
            clusters:
              payments:
                engine: postgresql
                objectives: { rpo: 1s, rto: 5m }
                durability: fast
                primary: a1
                standbys: { b1: async }
                proxy: [ a1, b1 ]
                settings: { shared_buffers: 16MB, max_wal_size: 1GB }
            """;

    /** The frozen standby's sockets go on taking in log, so there must be more of it than they hold. */
    private static final String DRILL = """
            apiVersion: holdfast.dev/v1
            drill: frozen-standby
            description: The standby stands still, then the primary's processes end; the standby wakes up and is promoted as it is.
            target: payments/servers
            gates: { lag: 1m }
            workload:
              rate: 20
              writes:
                - { cluster: payments, sql: "SELECT pg_logical_emit_message(true, 'filler', repeat('x', 1000000))" }
            faults:
              - { fault: pause, target: standby, for: 10s }
              - { fault: kill, target: primary, at: 8s }
            recovery: failover
            acceptDataLoss: true
            claims: [ no-acknowledged-write-lost, no-unexpected-writes, fault-took-effect, recovered-within-rto, loss-within-rpo, estate-healthy ]
            """;

    @Test
    void acknowledged_writes_that_a_frozen_standby_never_got_are_named_and_the_objective_is_missed()
            throws IOException {
        try (RealEstate estate = RealEstate.ofText(TOPOLOGY)) {
            Path drills = Files.createDirectories(estate.folder().resolve("drills"));
            Files.writeString(drills.resolve("frozen-standby.yaml"), DRILL);
            Ended applied = estate.run("apply", "--yes");
            assertThat(applied.exit()).as(applied.toString()).isZero();
            estate.whenHealthy();

            Ended ended = estate.run("drill", "run", "frozen-standby", "--yes", "-o", "json");

            assertThat(ended.exit()).as(ended.toString()).isEqualTo(AN_OBJECTIVE_WAS_MISSED);
            List<String> lost = lost(ended.json());
            assertThat(lost).as(ended.toString()).hasSizeGreaterThan(5);
            assertThat(descriptions(ended.json(), "the loss is within the RPO", "BROKEN"))
                    .as(ended.toString())
                    .anySatisfy(why -> assertThat(why).contains("declared RPO 1 s", lost.get(0)));
            assertThat(descriptions(
                            ended.json(),
                            "at the end all faults are reverted, the estate is healthy, and its plan is empty",
                            "HELD"))
                    .as(ended.toString())
                    .hasSize(1);
            estate.settled();
        }
    }

    /** The first stream's, which the filler goes with. */
    private static List<String> lost(JsonNode report) {
        List<String> ids = new ArrayList<>();
        report.path("streams").path(0).path("reconciliation").path("lost").forEach(id -> ids.add(id.asText()));
        return ids;
    }

    private static List<String> descriptions(JsonNode report, String claim, String word) {
        List<String> all = new ArrayList<>();
        report.path("verdicts").forEach(v -> {
            if (v.path("claim").asText().equals(claim)
                    && v.path("verdict").asText().equals(word)) {
                all.add(v.path("because").asText());
            }
        });
        return all;
    }
}
