package dev.holdfast.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** The HTTP endpoint of metrics, and the loop that observes behind it. */
@Tag("unit")
class MetricsEndpointTest {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build();

    private static ListenAddress free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return new ListenAddress("127.0.0.1", socket.getLocalPort());
        }
    }

    private static HttpResponse<String> get(ListenAddress address, String path, String method)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + path))
                .timeout(Duration.ofSeconds(60))
                .header("Accept", "application/openmetrics-text; version=1.0.0")
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void a_scrape_gets_the_last_observation_while_the_next_one_hangs() throws IOException, InterruptedException {
        CountDownLatch hang = new CountDownLatch(1);
        AtomicReference<String> logged = new AtomicReference<>("");
        int[] looks = new int[1];
        ObservationLoop loop = new ObservationLoop(
                "swapskill",
                () -> {
                    switch (++looks[0]) {
                        case 1 -> {
                            return ObservedScene.whole();
                        }
                        case 2 -> throw new IllegalStateException("the disk is full");
                        default -> {
                            try {
                                hang.await();
                            } catch (InterruptedException stopped) {
                                Thread.currentThread().interrupt();
                            }
                            throw new IllegalStateException("interrupted");
                        }
                    }
                },
                logged::set);
        ListenAddress address = free();
        Thread observing = new Thread(() -> loop.run(Duration.ofMillis(10)));
        try (MetricsEndpoint endpoint = MetricsEndpoint.start(address, loop::metrics)) {
            assertThat(endpoint).isNotNull();
            assertThat(get(address, "/metrics", "GET").statusCode()).isEqualTo(503);
            observing.start();
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> looks[0] >= 3);
            HttpResponse<String> scrape = get(address, "/metrics", "GET");
            assertThat(scrape.statusCode()).isEqualTo(200);
            assertThat(scrape.headers().firstValue("Content-Type").orElse("")).contains("openmetrics-text");
            assertThat(scrape.body())
                    .contains("holdfast_observation_failures_total{estate=\"swapskill\"} 1.0")
                    .endsWith("# EOF\n");
            assertThat(logged.get()).isEqualTo("the observation failed: the disk is full");
        } finally {
            observing.interrupt();
            observing.join(60_000);
        }
        assertThat(observing.isAlive()).isFalse();
        assertThat(loop.metrics()).isPresent();
    }

    @Test
    void other_paths_and_methods_are_refused() throws IOException, InterruptedException {
        ListenAddress address = free();
        try (MetricsEndpoint endpoint = MetricsEndpoint.start(address, Optional::empty)) {
            assertThat(endpoint).isNotNull();
            assertThat(get(address, "/", "GET").statusCode()).isEqualTo(404);
            assertThat(get(address, "/metrics", "POST").statusCode()).isEqualTo(405);
            assertThat(get(address, "/metrics", "HEAD").body()).isEmpty();
        }
    }

    @Test
    void an_address_in_use_is_refused_with_a_hint() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            ListenAddress address = new ListenAddress("127.0.0.1", taken.getLocalPort());
            assertThatThrownBy(() -> MetricsEndpoint.start(address, Optional::empty))
                    .isInstanceOfSatisfying(HoldfastException.class, e -> {
                        assertThat(e.exit()).isEqualTo(ExitCode.REFUSED);
                        assertThat(e.getMessage()).contains("cannot listen on " + address);
                        assertThat(e.hint()).contains("ss -ltnp");
                    });
        }
    }

    @ParameterizedTest
    @CsvSource({"9847, 127.0.0.1:9847", ":9847, 127.0.0.1:9847", "0.0.0.0:80, 0.0.0.0:80", "[::1]:80, [::1]:80"})
    void an_address_without_a_host_is_the_loopback_address(String text, String address) {
        assertThat(new ListenAddress.Parser().convert(text)).hasToString(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", "host:", "host:0", "host:65536", "host:1:2", "a b:80", "-1"})
    void anything_else_is_no_address(String text) {
        assertThatThrownBy(() -> new ListenAddress.Parser().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("write HOST:PORT with a port from 1 to 65535");
    }
}
