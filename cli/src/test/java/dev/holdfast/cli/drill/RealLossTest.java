package dev.holdfast.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** A recovery that is broken on purpose is found out: a drill that cannot fail shows nothing. */
class RealLossTest {

    private static final String PAIR = """
            apiVersion: holdfast.dev/v1
            name: pair
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
              b1: { address: 127.0.1.2, zone: b, region: r, reach: local }
            clusters:
              books:
                engine: postgresql
                objectives: { rpo: 0s, rto: 2m }
                durability: fast
                primary: a1
                standbys: { b1: async }
                settings: { shared_buffers: 32MB, max_wal_size: 256MB }
            """;

    /** The copy stands still before the primary dies, and dies itself, so that nothing on its way reaches it. */
    private static final String LOSS = """
            apiVersion: holdfast.dev/v1
            drill: loss
            story: The copy stands still, then the primary ends; the stale copy is promoted though it lacks writes.
            target: books
            workload: { rate: 50 }
            faults:
              - { fault: freeze, strikes: b1 }
              - { fault: kill, strikes: primary, at: 3s }
              - { fault: kill, strikes: b1, at: 5s, for: 1s }
            recovery: failover
            acceptDataLoss: true
            claims: [ nothing-invented, took-effect, loss-within-objective, ends-whole ]
            """;

    @Test
    void a_stale_copy_that_is_promoted_is_found_out_and_the_lost_writes_are_named() throws Exception {
        try (RealEstate estate = RealEstate.ofText(PAIR)) {
            Files.createDirectories(estate.folder().resolve("drills"));
            Files.writeString(estate.folder().resolve("drills/loss.yaml"), LOSS);
            Ended applied = estate.run("apply", "--yes");
            assertThat(applied.exit()).as(applied.toString()).isZero();
            estate.whenHealthy();
            Ended ended = estate.run("drill", "run", "loss", "--yes", "-o", "json");
            assertThat(ended.exit()).as(ended.toString()).isEqualTo(6);
            JsonNode report = ended.json();
            assertThat(report.path("streams"))
                    .anySatisfy(s -> assertThat(s.path("truth").path("lost")).isNotEmpty());
            assertThat(report.path("verdicts")).anySatisfy(v -> {
                assertThat(v.path("verdict").asText()).isEqualTo("BROKEN");
                assertThat(v.path("because").asText()).contains("numbers ");
            });
        }
    }
}
