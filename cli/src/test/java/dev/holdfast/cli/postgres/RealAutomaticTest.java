package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate.Ended;
import dev.holdfast.cli.ReapingInit;
import java.nio.file.Files;
import java.nio.file.Path;
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
            .replace(
                    "afterFailover: serve",
                    "failover: automatic\n    automatic: { ttl: 10s, loopWait: 1s, retryTimeout: 3s,"
                            + " dcs: { etcd: [ a1, b1, d1 ] } }");

    private static final Duration LONG = Duration.ofMinutes(2);

    private RealTrio trio;

    @BeforeEach
    void starts() throws Exception {
        trio = new RealTrio(TOPOLOGY);
    }

    @AfterEach
    void ends() throws Exception {
        trio.close();
    }

    private JsonNode node(String id) {
        JsonNode nodes = trio.estate.run("status", "-o", "json").json().findPath("nodes");
        return StreamSupport.stream(nodes.spliterator(), false)
                .filter(n -> n.path("node").asText().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private boolean isPrimary(String host) throws Exception {
        try {
            return trio.ask(host, "SELECT pg_is_in_recovery()").equals(List.of("f"));
        } catch (java.sql.SQLException notYet) {
            return false;
        }
    }

    @Test
    void a_killed_primary_is_replaced_without_a_person_and_without_loss() throws Exception {
        ReapingInit.assumed();
        trio.applied();
        trio.settled();
        trio.estate.whenHealthy();
        assertThat(node("payments/servers/a1").findPath("leader_lock").asBoolean())
                .isTrue();
        assertThat(node("payments/servers/b1").findPath("patroni_role").asText())
                .isEqualTo("sync-standby");
        try (PacedWriter writer = new PacedWriter(trio, "b1")) {
            trio.estate.kill("/a1/payments/servers");
            Patience.until("b1 is primary", LONG, () -> isPrimary("b1"));
            writer.awaitMore(100);
            writer.stop();
            assertThat(writer.lost("b1")).isEmpty();
        }
        trio.does(0, "apply", "--yes");
        trio.estate.whenHealthy();
        try (PacedWriter writer = new PacedWriter(trio, "a1", "b1")) {
            Ended moved = trio.does(0, "switchover", "payments", "--yes");
            assertThat(moved.toString()).contains("Switch over from b1 to a1 with Patroni");
            writer.awaitMore(100);
            writer.stop();
            assertThat(writer.lost("a1")).isEmpty();
        }
        trio.estate.whenHealthy();
        trio.settled();
    }

    @Test
    void a_killed_apply_is_continued_and_drift_is_found_and_reverted() throws Exception {
        trio.estate.killedIn("Start etcd on b1", "apply", "--yes");
        trio.estate.killedIn("Require a login for etcd", "apply", "--yes"); // Patroni 4 does not start before it
        trio.estate.killedIn("Create a PostgreSQL", "apply", "--yes");
        trio.estate.killedIn("Clone a1 to b1", "apply", "--yes");
        trio.applied();
        trio.settled();
        trio.estate.whenHealthy();

        Path file = trio.directory("b1").resolve("conf/patroni.yml");
        Files.writeString(file, Files.readString(file).replace("\"nofailover\": false", "\"nofailover\": true"));
        trio.repairs("Update the Patroni configuration of b1");

        trio.estate.rewrite(trio.estate.text().replace("work_mem: 4MB", "work_mem: 5MB"));
        trio.repairs("Update the dynamic settings of payments");
        for (String host : List.of("a1", "b1", "d1")) {
            assertThat(trio.ask(host, "SHOW work_mem")).containsExactly("5MB");
        }

        Ended refused = trio.does(4, "drill", "run", "pg-standby-loss", "--yes");
        assertThat(refused.err())
                .contains("does not support a cluster with failover: automatic yet. Nothing was changed")
                .contains("CODE: automatic-failover")
                .contains("HINT: ");
        trio.estate.rewrite(trio.estate.text().replaceAll("(?m)^ *(failover|automatic): .*\\R", ""));
        assertThat(trio.estate.run("plan").toString())
                .contains("Patroni runs this member, and failover: manual is declared")
                .doesNotContain("Stop ");
        trio.does(4, "switchover", "payments", "--yes");
        trio.estate.rewrite(TOPOLOGY);
    }
}
