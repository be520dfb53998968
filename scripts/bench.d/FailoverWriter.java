import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.bson.Document;

/**
 * The client during a change of the primary: four threads write numbered rows, each again at once after a refusal. Together
 * they write 200 rows per second, or as many as HOLDFAST_BENCH_RATE says. The client endpoint is the first argument
 * (jdbc:postgresql:... or mongodb:...), then user and password.
 *
 * <p>Commands on standard input: {@code mark} starts to measure (answer: ok). {@code gap} prints the longest time without an
 * acknowledged write since then, in ms, and its begin and end, in ms of the clock. {@code end} reads all rows back and prints how
 * many writes were acknowledged, and how many of those are lost. {@code check} reads all rows back too, continues, and prints the
 * writes acknowledged since the last check, the lost ones that no earlier check has counted, and the first and last acknowledgement
 * of these, in ms of the clock (0 without a loss); {@code unread} when the rows cannot be read.
 */
public class FailoverWriter {

    private static final int THREADS = 4;
    private static final long EVERY_MS =
            1000L * THREADS / Integer.parseInt(System.getenv().getOrDefault("HOLDFAST_BENCH_RATE", "200"));

    /** One session; any error ends it. */
    private interface Session extends AutoCloseable {
        /** Returns true when the row is acknowledged by all required members. */
        boolean write(int id) throws Exception;

        void read(BitSet there) throws Exception;
    }

    private interface Entrance {
        Session open() throws Exception;
    }

    private static final BitSet acknowledged = new BitSet();
    /** The time at which each row was acknowledged, in ms of the clock. */
    private static long[] at = new long[1 << 16];

    private static long last = now();
    private static long from;
    private static long to;
    private static volatile boolean ended;

    public static void main(String[] args) throws Exception {
        Entrance entrance = args[0].startsWith("jdbc:") ? () -> postgres(args) : mongo(args);
        Thread[] writers = new Thread[THREADS];
        for (int i = 0; i < THREADS; i++) {
            int lane = i;
            writers[i] = new Thread(() -> write(entrance, lane));
            writers[i].setDaemon(true);
            writers[i].start();
        }
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String word = in.readLine(); word != null && !word.equals("end"); word = in.readLine()) {
            System.out.println(
                    switch (word) {
                        case "mark" -> mark();
                        case "check" -> check(entrance);
                        default -> gap();
                    });
        }
        ended = true;
        for (Thread writer : writers) {
            writer.join(10_000);
        }
        BitSet there = new BitSet();
        try (Session session = entrance.open()) {
            session.read(there);
        }
        BitSet lost = (BitSet) acknowledged.clone();
        lost.andNot(there);
        System.out.println(acknowledged.cardinality() + " " + lost.cardinality());
        System.exit(0);
    }

    private static int checked;

    /** Rows that are acknowledged while the rows are read are left to the next check. */
    private static String check(Entrance entrance) {
        BitSet missing = snapshot();
        int written = missing.cardinality();
        BitSet there = new BitSet();
        try (Session session = entrance.open()) {
            session.read(there);
        } catch (Exception refused) {
            return "unread";
        }
        missing.andNot(there);
        String moments = forget(missing);
        int since = written - checked;
        checked = written - missing.cardinality();
        return since + " " + missing.cardinality() + " " + moments;
    }

    private static synchronized BitSet snapshot() {
        return (BitSet) acknowledged.clone();
    }

    /** When the first and the last of them were acknowledged; 0 without any. */
    private static synchronized String forget(BitSet ids) {
        acknowledged.andNot(ids);
        return ids.stream().mapToLong(id -> at[id]).min().orElse(0) + " "
                + ids.stream().mapToLong(id -> at[id]).max().orElse(0);
    }

    private static synchronized String mark() {
        last = now();
        from = last;
        to = last;
        return "ok";
    }

    /** One that has not ended yet counts, too. */
    private static synchronized String gap() {
        return now() - last > to - from ? now() - last + " " + last + " 0" : to - from + " " + from + " " + to;
    }

    private static synchronized void acknowledged(int id) {
        acknowledged.set(id);
        long now = now();
        if (id >= at.length) {
            at = Arrays.copyOf(at, Math.max(id + 1, 2 * at.length));
        }
        at[id] = now;
        if (now - last > to - from) {
            from = last;
            to = now;
        }
        last = now;
    }

    private static long now() {
        return System.currentTimeMillis();
    }

    private static void write(Entrance entrance, int lane) {
        int n = 0;
        while (!ended) {
            try (Session session = entrance.open()) {
                while (!ended) {
                    int id = n++ * THREADS + lane;
                    if (session.write(id)) {
                        acknowledged(id);
                    }
                    Thread.sleep(EVERY_MS);
                }
            } catch (Exception refused) {
                pause(50); // as a pool of connections does
            }
        }
    }

    private static void pause(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private static Session postgres(String[] args) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("user", args[1]);
        properties.setProperty("password", args[2]);
        properties.setProperty("connectTimeout", "1");
        properties.setProperty("loginTimeout", "2");
        properties.setProperty("socketTimeout", "2");
        Connection connection = DriverManager.getConnection(args[0], properties);
        Statement statement = connection.createStatement();
        return new Session() {
            @Override
            public boolean write(int id) throws Exception {
                statement.execute("INSERT INTO bench_writes VALUES (" + id + ")");
                boolean isOnlyHere = statement.getWarnings() != null; // its wait for a standby was cut short
                statement.clearWarnings();
                return !isOnlyHere;
            }

            @Override
            public void read(BitSet there) throws Exception {
                try (ResultSet rows = statement.executeQuery("SELECT id FROM bench_writes")) {
                    while (rows.next()) {
                        there.set(rows.getInt(1));
                    }
                }
            }

            @Override
            public void close() throws Exception {
                connection.close();
            }
        };
    }

    /** One client for all, as applications have it. */
    private static Entrance mongo(String[] args) {
        MongoClient client = MongoClients.create(MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(args[0]))
                .applyToClusterSettings(c -> c.serverSelectionTimeout(2, TimeUnit.SECONDS))
                .applyToSocketSettings(s -> s.readTimeout(2, TimeUnit.SECONDS).connectTimeout(1, TimeUnit.SECONDS))
                .writeConcern(WriteConcern.MAJORITY)
                .build());
        MongoCollection<Document> rows = client.getDatabase("bench").getCollection("writes");
        return () -> new Session() {
            @Override
            public boolean write(int id) {
                return rows.insertOne(new Document("_id", id)).wasAcknowledged();
            }

            @Override
            public void read(BitSet there) {
                rows.find().forEach(d -> there.set(d.getInteger("_id")));
            }

            @Override
            public void close() {
                // all threads share the client
            }
        };
    }
}
