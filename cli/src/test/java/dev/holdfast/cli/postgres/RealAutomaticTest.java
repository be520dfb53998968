package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate.Ended;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A trio that Patroni runs: deployment, drift, an automatic failover under load, a switchover, and what is refused. */
@Tag("real")
class RealAutomaticTest {

    static final String TOPOLOGY = RealTrio.TOPOLOGY
            .replace("trio-test", "automatic-test")
            .replace("    afterFailover: serve\n", """
                                failover: automatic
                                automatic: { ttl: 10s, loopWait: 1s, retryTimeout: 3s, dcs: { etcd: [ a1, b1, d1 ] } }
                            """.indent(-24).indent(4));

    private RealTrio trio;

    @BeforeEach
    void starts() throws Exception {
        trio = new RealTrio(TOPOLOGY);
    }

    @AfterEach
    void ends() throws Exception {
        trio.close();
    }

    private JsonNode status() {
        return trio.estate.run("status", "-o", "json").json();
    }

    private JsonNode node(String id) {
        return StreamSupport.stream(
                        status().path("clusters").get(0).path("nodes").spliterator(), false)
                .filter(n -> n.path("id").asText().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_killed_primary_is_replaced_without_a_person_and_without_loss() throws Exception {
        trio.applied();
        trio.settled();
        trio.estate.whenHealthy();
        assertThat(trio.primary()).isEqualTo("a1");
        try (PacedWriter writer = new PacedWriter(trio, "b1")) {
            trio.estate.servers("/a1/payments/servers/").forEach(ProcessHandle::destroyForcibly);
            Patience.until(
                    "b1 is primary",
                    Duration.ofSeconds(90),
                    () -> trio.ask("b1", "SELECT pg_is_in_recovery()").equals(List.of("f")));
            writer.awaitMore(100);
            writer.stop();
            assertThat(writer.lost("b1")).isEmpty();
        }
        assertThat(trio.does(0, "apply", "--yes").out()).contains("Start Patroni on a1");
        trio.estate.whenHealthy();
        try (PacedWriter writer = new PacedWriter(trio, "a1", "b1")) {
            Ended moved = trio.does(0, "switchover", "payments", "--yes");
            assertThat(moved.toString()).contains("Switch over from b1 to a1 with Patroni");
            writer.awaitMore(100);
            writer.stop();
            assertThat(writer.lost("a1")).isEmpty();
        }
        assertThat(trio.primary()).isEqualTo("a1");
        trio.estate.whenHealthy();
        trio.settled();
    }
}
