package dev.holdfast.cli.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * The HTTP endpoint {@code /metrics} of an estate, for Prometheus. A scrape returns the last observation at once and asks no
 * server. Before the first observation it returns 503.
 */
final class MetricsEndpoint implements AutoCloseable {

    private static final int THREADS = 4;
    private static final String TEXT = "text/plain; charset=utf-8";

    private final ListenAddress address;
    private final HttpServer server;
    private final ExecutorService threads;
    private final Supplier<Optional<MetricSnapshots>> metrics;

    private MetricsEndpoint(ListenAddress address, HttpServer server, Supplier<Optional<MetricSnapshots>> metrics) {
        this.address = address;
        this.server = server;
        this.metrics = metrics;
        // daemons: a client that does not read its answer does not keep the process
        this.threads = Executors.newFixedThreadPool(THREADS, work -> {
            Thread thread = new Thread(work, "metrics");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/", this::answer);
    }

    /**
     * Starts to listen.
     *
     * @param metrics the metrics of the last observation; empty before the first
     * @throws HoldfastException REFUSED when the address cannot be used
     */
    static MetricsEndpoint start(ListenAddress address, Supplier<Optional<MetricSnapshots>> metrics) {
        InetSocketAddress socket = address.socket();
        if (socket.isUnresolved()) {
            throw cannot(address, "the name " + address.host() + " has no address on this machine", null);
        }
        try {
            MetricsEndpoint endpoint = new MetricsEndpoint(address, HttpServer.create(socket, 0), metrics);
            endpoint.server.start();
            return endpoint;
        } catch (IOException taken) {
            throw cannot(address, String.valueOf(taken.getMessage()), taken);
        }
    }

    /** Returns the address of the metrics. */
    String url() {
        return "http://" + address + "/metrics";
    }

    private static HoldfastException cannot(ListenAddress address, String why, IOException cause) {
        return new HoldfastException(
                ExitCode.REFUSED,
                "--listen",
                "cannot listen on " + address + ": " + why,
                "ss -ltnp shows what listens there; give an address of this machine and a free port",
                cause);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            if (!exchange.getRequestURI().getPath().equals("/metrics")) {
                send(exchange, 404, TEXT, "The metrics are at /metrics.\n");
            } else if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                send(exchange, 405, TEXT, "Use GET.\n");
            } else {
                metrics(exchange);
            }
        }
    }

    private void metrics(HttpExchange exchange) throws IOException {
        Optional<MetricSnapshots> latest = metrics.get();
        if (latest.isEmpty()) {
            send(exchange, 503, TEXT, "The first observation is not complete yet.\n");
            return;
        }
        String accept = exchange.getRequestHeaders().getFirst("Accept");
        Exposition format = Exposition.accepted(accept == null ? "" : accept);
        send(exchange, 200, format.contentType(), format.text(latest.get()));
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
