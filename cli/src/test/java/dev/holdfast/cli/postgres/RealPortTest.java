package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** A server that runs is declared with another port: moved in one apply, or refused before anything is changed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("real")
class RealPortTest {

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: port-test
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
              b1: { address: 127.0.1.2, zone: b, region: r, reach: local }
            clusters:
              payments:
                engine: postgresql
                durability: available
                primary: { host: a1, port: %d }
                standbys: { b1: { mode: sync, port: %d } }
                settings: { shared_buffers: 16MB, max_wal_size: 256MB }
            """;

    private RealEstate estate;

    @BeforeAll
    void a_primary_and_a_standby() throws IOException {
        estate = RealEstate.ofText(TOPOLOGY.formatted(5432, 5432));
        Ended applied = estate.run("apply", "--yes");
        assertThat(applied.exit()).as(applied.toString()).isZero();
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        estate.close();
    }

    private void isRefused(int port, String server, String hint) throws IOException {
        for (String command : List.of("plan", "apply --yes")) {
            Ended refused = estate.run(command.split(" "));
            assertThat(refused.exit()).as(refused.toString()).isEqualTo(4);
            assertThat(refused.err())
                    .contains("payments/servers/" + server + ": the server runs on port 5432, desired " + port
                            + "; apply does not change the port of a server")
                    .contains(hint);
        }
        assertThat(estate.changes()).isZero();
    }

    private void applied(String text) throws IOException {
        estate.rewrite(text);
        Ended applied = estate.run("apply", "--yes");
        assertThat(applied.exit()).as(applied.toString()).isZero();
        Ended plan = estate.run("plan", "--detailed-exitcode");
        assertThat(plan.exit()).as(plan.toString()).isZero();
    }

    /** The healthy primary must not lose its role because the topology names another port. */
    @Test
    @Order(1)
    void another_port_of_the_primary_is_refused_at_plan_and_is_no_reason_for_a_failover() throws IOException {
        estate.rewrite(TOPOLOGY.formatted(5434, 5432));
        isRefused(5434, "a1", "declare port: 5432 again; holdfast switchover payments makes the server a standby");
        Ended failover = estate.run("failover", "payments", "--yes", "--override=primary-reached");
        assertThat(failover.exit()).as(failover.toString()).isEqualTo(4);
        assertThat(failover.err())
                .contains("its process runs with port 5432")
                .contains("declare port: 5432 of a1 again, then run holdfast plan: another port needs no failover");
        applied(TOPOLOGY.formatted(5432, 5432));
    }

    /** The hint leads out, and at its end nothing is to do. */
    @Test
    @Order(2)
    void another_port_of_a_standby_is_refused_at_plan_and_the_hint_moves_it() throws Exception {
        estate.rewrite(TOPOLOGY.formatted(5432, 5433));
        Path data = estate.folder().resolve("d/b1/payments/servers/data");
        isRefused(
                5433,
                "b1",
                "or stop the server (pg_ctl stop -D " + data + "), and holdfast apply starts it on port 5433");
        new ProcessBuilder("sh", "-c", "kill -INT $(head -n 1 " + data.resolve("postmaster.pid") + ")")
                .start()
                .waitFor();
        Patience.until("the server has stopped", () -> !Files.exists(data.resolve("postmaster.pid")));
        applied(TOPOLOGY.formatted(5432, 5433));
        assertThat(Files.readString(data.resolveSibling("conf/postgresql.conf")))
                .contains("5433");
    }
}
