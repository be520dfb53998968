package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A real Prometheus with the generated rules scrapes {@code metrics --listen} of a real trio. Nothing fires while the trio is
 * healthy, and each fault fires its alerts and no other.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("real")
class RealAlertsTest {

    private static final String TOPOLOGY = RealTrio.TOPOLOGY.replace(
            "    settings:",
            "    backup: { full: weekly, archive: continuous, repository: /var/lib/holdfast/backup }\n    settings:");
    private static final Duration LIMIT = Duration.ofMinutes(5);
    /** Longer than every rule of this test waits before it fires. */
    private static final long QUIET_MILLIS = 35_000;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private RealTrio trio;
    private Thread endpoint;
    private final CompletableFuture<Ended> ended = new CompletableFuture<>();
    private Process prometheus;
    private String alerts;
    private String metrics;

    @BeforeAll
    void a_trio_is_monitored() throws IOException {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":")).anyMatch(d -> Files.isExecutable(Path.of(d, "prometheus"))),
                "prometheus is missing: scripts/setup --tests");
        trio = new RealTrio(TOPOLOGY);
        trio.applied();
        trio.does(0, "backup", "run", "payments", "--yes");
        String host = trio.address("a1");
        String target = host + ":" + freePort(host);
        metrics = "http://" + target + "/metrics";
        endpoint = new Thread(
                () -> ended.complete(trio.estate.run("metrics", "--listen", target, "--interval", "1s")), "endpoint");
        endpoint.start();
        Path folder = trio.estate.folder().resolve("monitoring");
        trio.does(0, "monitoring", "--out", folder.toString(), "--target", target, "--interval", "1s");
        String web = host + ":" + freePort(host);
        alerts = "http://" + web + "/api/v1/alerts";
        prometheus = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + folder.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=" + web,
                        "--log.level=warn")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
        Patience.until(
                "Prometheus has the metrics of the trio", LIMIT, () -> scrape("holdfast_cluster_healthy", "1.0"));
        Patience.until("no alert fires, also not that of missing metrics", LIMIT, () -> firing().isEmpty());
    }

    @AfterAll
    void nothing_is_left() throws Exception {
        if (prometheus != null) {
            prometheus.destroy();
            assertThat(prometheus.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        if (endpoint != null) {
            endpoint.interrupt();
            assertThat(ended.get(90, TimeUnit.SECONDS).exit()).isZero();
        }
        if (trio != null) {
            trio.close();
        }
    }

    private static int freePort(String host) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
            return socket.getLocalPort();
        }
    }

    private static String get(String address) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                    .timeout(Duration.ofSeconds(30))
                    .build();
            HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? response.body() : "";
        } catch (IOException notThere) {
            return "";
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    /** Whether the endpoint has a sample of a family with a value. */
    private boolean scrape(String family, String value) {
        return get(metrics).lines().anyMatch(l -> l.startsWith(family + "{") && l.endsWith("} " + value));
    }

    /** The alerts that fire, with the node where they name one; a failure when Prometheus does not answer. */
    private Set<String> firing() {
        try {
            JsonNode answer = new ObjectMapper().readTree(get(alerts));
            Set<String> firing = new TreeSet<>();
            if (!answer.path("status").asText().equals("success")) {
                return Set.of("Prometheus does not answer");
            }
            for (JsonNode alert : answer.path("data").path("alerts")) {
                if (alert.path("state").asText().equals("firing")) {
                    String node = alert.path("labels").path("node").asText();
                    firing.add(alert.path("labels").path("alertname").asText() + (node.isEmpty() ? "" : " " + node));
                }
            }
            return firing;
        } catch (IOException notJson) {
            throw new UncheckedIOException(notJson);
        }
    }

    /** Waits until exactly these alerts fire; on the way no other may fire. */
    private void fires(String... expected) {
        Set<String> all = Set.of(expected);
        Set<String> last = new TreeSet<>();
        Patience.until(() -> all + " fire; last: " + last, LIMIT, Duration.ofMillis(500), () -> {
            last.clear();
            last.addAll(firing());
            assertThat(all).as("only these may fire").containsAll(last);
            return last.equals(all);
        });
    }

    private void calmsDown() {
        trio.estate.whenHealthy();
        Set<String> last = new TreeSet<>();
        Patience.until(() -> "no alert fires; last: " + last, LIMIT, Duration.ofMillis(500), () -> {
            last.clear();
            last.addAll(firing());
            return last.isEmpty();
        });
    }

    @Test
    @Order(1)
    void nothing_fires_while_the_trio_is_healthy() {
        long end = System.nanoTime() + QUIET_MILLIS * 1_000_000;
        while (System.nanoTime() < end) {
            assertThat(firing()).isEmpty();
            Patience.pause(1000);
        }
        assertThat(get(metrics)).isNotEmpty();
    }

    @Test
    @Order(2)
    void a_killed_primary_fires_that_no_primary_answers_and_that_its_node_is_down() throws Exception {
        trio.kill(trio.postmaster("a1"));
        fires("HoldfastNoPrimary", "HoldfastNodeDown a1");
        trio.applied();
        calmsDown();
    }

    @Test
    @Order(3)
    void a_frozen_standby_fires_that_its_node_does_not_answer() throws Exception {
        String processes = trio.processes("d1");
        RealTrio.signal("STOP", processes);
        try {
            fires("HoldfastNodeUnreachable d1");
        } finally {
            RealTrio.signal("CONT", processes);
        }
        calmsDown();
    }

    @Test
    @Order(4)
    void an_archive_command_that_fails_fires_that_archiving_fails() throws Exception {
        trio.ask(
                "a1",
                "ALTER SYSTEM SET archive_command = 'false'",
                "SELECT pg_reload_conf()",
                "SELECT pg_switch_wal()");
        fires("HoldfastArchiveFailing");
        trio.applied();
        calmsDown();
    }
}
