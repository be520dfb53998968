package dev.holdfast.cli.postgres;

import dev.holdfast.cli.Patience;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that write through the proxies: a write counts as acknowledged only when it returned without the warning that the
 * wait for the standby was cancelled; one that was under way when its connection was lost is unknown.
 */
final class PacedWriter implements AutoCloseable {

    private final RealTrio trio;
    private final int port;
    private final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
    private final AtomicLong next = new AtomicLong(1);
    private final ConcurrentLinkedQueue<long[]> acknowledged = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    PacedWriter(RealTrio trio, String... proxies) throws SQLException, IOException {
        this(trio, RealTrio.WRITES, proxies);
    }

    PacedWriter(RealTrio trio, int port, String... proxies) throws SQLException, IOException {
        this.trio = trio;
        this.port = port;
        try (Connection make = trio.admin(proxies[0], port)) {
            RealTrio.ask(make, "CREATE TABLE IF NOT EXISTS acked (id bigint PRIMARY KEY)");
            long highest = Long.parseLong(
                    RealTrio.ask(make, "SELECT coalesce(max(id), 0) FROM acked").get(0));
            next.set(highest + 1);
        }
        for (int i = 0; i < 4; i++) {
            String proxy = proxies[i % proxies.length];
            Thread thread = new Thread(() -> write(proxy), "writer-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
        awaitMore(50);
    }

    private void write(String proxy) {
        while (!stopped) {
            try (Connection connection = connect(proxy);
                    PreparedStatement insert = connection.prepareStatement("INSERT INTO acked VALUES (?)")) {
                while (!stopped) {
                    long id = next.getAndIncrement();
                    insert.setLong(1, id);
                    insert.executeUpdate();
                    if (!isCancelled(insert.getWarnings()) && !isCancelled(connection.getWarnings())) {
                        acknowledged.add(new long[] {id, System.nanoTime()});
                    }
                    insert.clearWarnings();
                    connection.clearWarnings();
                    Patience.pause(5);
                }
            } catch (SQLException lost) {
                errors.add(lost.getSQLState() + " " + lost.getMessage());
                // a proxy that refuses is not asked again without a rest
                Patience.pause(10);
            } catch (IOException ended) {
                return;
            }
        }
    }

    private Connection connect(String proxy) throws SQLException, IOException {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("password", trio.secret("admin"));
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("socketTimeout", "30");
        properties.setProperty("prepareThreshold", port == RealTrio.POOLED ? "0" : "5");
        return DriverManager.getConnection(
                "jdbc:postgresql://" + trio.address(proxy) + ":" + port + "/postgres", properties);
    }

    private static boolean isCancelled(SQLWarning warning) {
        return warning != null
                && warning.getMessage().matches("(?s).*cancell?ing (the )?wait for synchronous replication.*");
    }

    /** The errors that clients got instead of an acknowledgement. */
    List<String> errors() {
        return List.copyOf(errors);
    }

    long count() {
        return acknowledged.size();
    }

    void awaitMore(int howMany) {
        long desired = count() + howMany;
        Patience.until(howMany + " more writes are acknowledged", Duration.ofSeconds(60), () -> count() >= desired);
    }

    /** The longest time without an acknowledged write since a moment, in milliseconds. */
    long longestPause(long since) {
        long longest = 0;
        long last = since;
        long[] ends = acknowledged.stream().mapToLong(a -> a[1]).sorted().toArray();
        for (long end : ends) {
            if (end > since) {
                longest = Math.max(longest, end - last);
                last = end;
            }
        }
        return longest / 1_000_000;
    }

    void stop() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join(40_000);
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Acknowledged writes that a server does not have. */
    Set<Long> lost(String host) throws SQLException, IOException {
        Set<Long> lost = new HashSet<>();
        acknowledged.forEach(a -> lost.add(a[0]));
        trio.ask(host, "SELECT id::text FROM acked").forEach(id -> lost.remove(Long.parseLong(id)));
        return lost;
    }

    @Override
    public void close() {
        stop();
    }
}
