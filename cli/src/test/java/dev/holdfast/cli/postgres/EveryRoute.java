package dev.holdfast.cli.postgres;

import dev.holdfast.cli.Patience;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Somebody who writes ten times a second by every route there is, to the servers themselves and through the proxies, and
 * waits for no standby: the server that accepts a write is recorded, with the time at which the write was sent.
 */
final class EveryRoute implements AutoCloseable {

    /** @param by the name of the server that took it */
    record Taken(Instant sent, String route, String by) {}

    private final RealTrio trio;
    private final ConcurrentLinkedQueue<Taken> taken = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    EveryRoute(RealTrio trio) throws SQLException, IOException {
        this.trio = trio;
        trio.ask(trio.primary(), "CREATE TABLE IF NOT EXISTS routes (route text)");
        for (String host : List.of("a1", "b1", "d1")) {
            start(host, RealTrio.SERVER);
        }
        start("a1", RealTrio.WRITES);
        start("b1", RealTrio.WRITES);
    }

    private void start(String host, int port) {
        Thread thread = new Thread(() -> write(host, port), "route-" + host + "-" + port);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void write(String host, int port) {
        while (!stopped) {
            try (Connection connection = connect(host, port)) {
                RealTrio.ask(connection, "SET synchronous_commit = local");
                while (!stopped) {
                    Instant sent = Instant.now();
                    String by = RealTrio.ask(
                                    connection,
                                    "INSERT INTO routes VALUES ('" + host + ":" + port
                                            + "') RETURNING current_setting('cluster_name')")
                            .get(0);
                    taken.add(new Taken(sent, host + ":" + port, by));
                    Patience.pause(100);
                }
            } catch (SQLException refused) {
                // no faster than where writes are taken
                Patience.pause(100);
            } catch (IOException ended) {
                return;
            }
        }
    }

    private Connection connect(String host, int port) throws SQLException, IOException {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("password", trio.secret("admin"));
        properties.setProperty("connectTimeout", "1");
        properties.setProperty("socketTimeout", "2");
        return DriverManager.getConnection(
                "jdbc:postgresql://" + trio.address(host) + ":" + port + "/postgres", properties);
    }

    /** What anybody but this server took of what was sent after a moment. */
    List<Taken> takenByOthers(Instant since, String primary) {
        return taken.stream()
                .filter(t -> t.sent().isAfter(since) && !t.by().equals(primary))
                .toList();
    }

    /** Waits until a server has taken a write that was sent after a moment, by each of these many routes. */
    void awaitTaken(Instant since, String by, int routes) {
        Patience.until(
                () -> by + " takes a write by " + routes + " routes: " + taken,
                Duration.ofSeconds(60),
                Duration.ofMillis(100),
                () -> taken.stream()
                                .filter(t -> t.sent().isAfter(since) && t.by().equals(by))
                                .map(Taken::route)
                                .distinct()
                                .count()
                        >= routes);
    }

    @Override
    public void close() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join(5_000);
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
