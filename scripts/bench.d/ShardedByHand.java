import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCredential;
import com.mongodb.ServerAddress;
import com.mongodb.WriteConcern;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.types.Binary;

/**
 * A manual restore of a sharded cluster to a cluster time from base backups and oplog slices, with which scripts/bench restore
 * compares Holdfast. One server per replica set and one router, as in a side-by-side restore.
 *
 * <ol>
 *   <li>In parallel for each replica set: unpack the backup; load the oplog up to the target into a standalone server, and kill it;
 *       start it to replay its oplog, and stop it; start it once more to rename the set, and stop it.
 *   <li>All servers are started as members of their sets, and a router.
 *   <li>A write to a majority through the router is acknowledged.
 * </ol>
 *
 * <p>{@code fill ADDRESS PORT PASSWORD DOCUMENTS REPOSITORY}: shards a collection and fills it; {@code change} with the same:
 * writes more, prints the time (SECONDS:INCREMENT), writes more again, and waits until that time is archived.
 * {@code restore REPOSITORY INTO SERVERS ADDRESS PORT MOMENT PASSWORD}: prints the number of documents.
 */
public class ShardedByHand {

    private static final String FOLDER_OF_SLICES = "oplog";
    private static final int BATCH = 200;
    private static final int PAYLOAD = 5_000;
    private static final int CHANGES = 600;

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "fill" -> fill(args);
            case "change" -> change(args);
            default -> new ShardedByHand(args).restore();
        }
        System.exit(0);
    }

    // ---- what to restore

    private static void fill(String[] args) {
        try (MongoClient router = client(args[1], Integer.parseInt(args[2]), args[3])) {
            router.getDatabase("admin")
                    .runCommand(new Document("shardCollection", "bench.documents").append("key", new Document("_id", "hashed")));
            write(router, null, 0, Integer.parseInt(args[4]));
        }
    }

    private static void change(String[] args) throws Exception {
        int from = Integer.parseInt(args[4]);
        try (MongoClient router = client(args[1], Integer.parseInt(args[2]), args[3]);
                ClientSession session = router.startSession()) {
            write(router, session, from, from + CHANGES);
            BsonTimestamp moment = session.getOperationTime();
            write(router, session, from + CHANGES, from + 2 * CHANGES);
            long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
            while (!areArchived(Path.of(args[5]), moment) && System.nanoTime() < end) {
                Thread.sleep(500);
            }
            System.out.println(moment.getTime() + ":" + moment.getInc());
        }
    }

    private static void write(MongoClient router, ClientSession session, int from, int to) {
        Random random = new Random(from);
        MongoCollection<Document> documents = router.getDatabase("bench").getCollection("documents");
        for (int i = from; i < to; i += BATCH) {
            List<Document> batch = new ArrayList<>();
            for (int j = i; j < Math.min(i + BATCH, to); j++) {
                batch.add(new Document("_id", j).append("payload", payload(random)));
            }
            if (session == null) {
                documents.insertMany(batch);
            } else {
                documents.insertMany(session, batch);
            }
        }
    }

    private static Binary payload(Random random) {
        byte[] bytes = new byte[PAYLOAD];
        random.nextBytes(bytes);
        return new Binary(bytes);
    }

    private static boolean areArchived(Path repository, BsonTimestamp moment) throws IOException {
        for (Path set : sets(repository)) {
            List<Slice> slices = slices(set);
            if (slices.isEmpty() || slices.get(slices.size() - 1).to().compareTo(moment) <= 0) {
                return false;
            }
        }
        return true;
    }

    // ---- the restore

    private final List<Path> sets;
    private final Path into;
    private final String servers;
    private final String address;
    private final int port;
    private final BsonTimestamp moment;
    private final String password;
    private final Map<Integer, Process> running = new ConcurrentHashMap<>();

    private ShardedByHand(String[] args) throws IOException {
        sets = sets(Path.of(args[1]));
        into = Path.of(args[2]);
        servers = args[3];
        address = args[4];
        port = Integer.parseInt(args[5]);
        String[] parts = args[6].split(":");
        moment = new BsonTimestamp(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
        password = args[7];
    }

    private void restore() throws Exception {
        try {
            System.out.println(bringBack());
        } finally {
            for (Process process : running.values()) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    private long bringBack() throws Exception {
        Path keyFile = Files.writeString(into.resolve("keyfile"), "b25seV9mb3JfdGhpc19iZW5jaA==");
        keyFile.toFile().setReadable(false, false);
        keyFile.toFile().setReadable(true, true);
        ExecutorService threads = Executors.newFixedThreadPool(sets.size(), r -> {
            Thread thread = new Thread(r);
            thread.setDaemon(true);
            return thread;
        });
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < sets.size(); i++) {
            int set = i;
            all.add(threads.submit(() -> {
                bringBack(set);
                return null;
            }));
        }
        for (Future<?> one : all) {
            one.get();
        }
        for (int i = 0; i < sets.size(); i++) {
            String role = isConfig(i) ? "--configsvr" : "--shardsvr";
            serve(i, "--replSet", name(i), role, "--keyFile", keyFile.toString());
        }
        for (int i = 0; i < sets.size(); i++) {
            await(port + i);
        }
        int router = port + sets.size();
        start(
                router,
                servers + "/mongos",
                "--configdb",
                connection(config()),
                "--keyFile",
                keyFile.toString(),
                "--logpath",
                into.resolve("mongos.log").toString());
        await(router);
        try (MongoClient client = client(address, router, password)) {
            client.getDatabase("proof")
                    .getCollection("proof")
                    .withWriteConcern(WriteConcern.MAJORITY)
                    .insertOne(new Document("_id", 1));
            return client.getDatabase("bench").getCollection("documents").countDocuments();
        }
    }

    private void bringBack(int set) throws Exception {
        Path base = newest(sets.get(set).resolve("base"));
        Path data = Files.createDirectories(into.resolve(name(set)));
        String archive = Files.exists(base.resolve("data.tar.zst")) ? "data.tar.zst" : "data.tar.gz";
        run("tar", "--auto-compress", "-xf", base.resolve(archive).toString(), "-C", data.toString());
        Files.deleteIfExists(data.resolve("mongod.lock"));

        serve(set, alone("--syncdelay", "0"));
        await(port + set);
        BsonTimestamp last;
        try (MongoClient client = client(address, port + set, null)) {
            MongoDatabase local = client.getDatabase("local");
            // a backup of a primary has a note that its last writes can have holes; the archive has none
            local.getCollection("replset.oplogTruncateAfterPoint").deleteMany(new Document());
            last = pour(local, set, top(base));
        }
        Thread.sleep(1_500);
        end(port + set, true);

        serve(
                set,
                alone(
                        "--syncdelay",
                        "0",
                        "--setParameter",
                        "recoverFromOplogAsStandalone=true",
                        "--setParameter",
                        "takeUnstableCheckpointOnShutdown=true"));
        await(port + set);
        try (MongoClient client = client(address, port + set, null)) {
            Document newest = client.getDatabase("local")
                    .getCollection("oplog.rs")
                    .find()
                    .sort(new Document("$natural", -1))
                    .first();
            if (!last.equals(newest.get("ts"))) {
                throw new IOException(name(set) + " has " + newest.get("ts") + " last, not " + last);
            }
        }
        end(port + set, false);

        serve(set, alone());
        await(port + set);
        try (MongoClient client = client(address, port + set, null)) {
            rename(client, set);
        }
        end(port + set, false);
    }

    /** Inserts what was archived after the backup, up to the target. */
    private BsonTimestamp pour(MongoDatabase local, int set, BsonTimestamp top) throws IOException {
        BsonTimestamp last = top;
        List<RawBsonDocument> batch = new ArrayList<>();
        MongoCollection<RawBsonDocument> oplog =
                local.getCollection("oplog.rs", RawBsonDocument.class).withWriteConcern(WriteConcern.JOURNALED);
        for (Slice slice : slices(sets.get(set))) {
            if (slice.to().compareTo(top) <= 0 || slice.from().compareTo(moment) > 0) {
                continue;
            }
            try (DataInputStream in = new DataInputStream(
                    new BufferedInputStream(new GZIPInputStream(Files.newInputStream(slice.file()), 1 << 16)))) {
                for (RawBsonDocument entry = next(in); entry != null; entry = next(in)) {
                    BsonTimestamp ts = entry.getTimestamp("ts");
                    if (ts.compareTo(last) > 0 && ts.compareTo(moment) <= 0) {
                        batch.add(entry);
                        last = ts;
                    }
                    if (batch.size() == BATCH) {
                        oplog.insertMany(batch);
                        batch.clear();
                    }
                }
            }
        }
        if (!batch.isEmpty()) {
            oplog.insertMany(batch);
        }
        return last;
    }

    private static RawBsonDocument next(InputStream in) throws IOException {
        byte[] head = in.readNBytes(4);
        if (head.length == 0) {
            return null;
        }
        int length = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt();
        byte[] whole = Arrays.copyOf(head, length);
        if (in.readNBytes(whole, 4, length - 4) < length - 4) {
            throw new EOFException();
        }
        return new RawBsonDocument(whole);
    }

    private void rename(MongoClient client, int set) {
        MongoCollection<Document> stored = client.getDatabase("local").getCollection("system.replset");
        Document was = stored.find().first();
        was.put("version", was.getInteger("version") + 1000);
        was.put("members", List.of(new Document("_id", 0).append("host", endpoint(set))));
        stored.replaceOne(new Document("_id", was.get("_id")), was);
        if (isConfig(set)) {
            MongoDatabase config = client.getDatabase("config");
            for (int i = 0; i < sets.size(); i++) {
                config.getCollection("shards")
                        .updateOne(
                                new Document("_id", name(i)), new Document("$set", new Document("host", connection(i))));
            }
            config.getCollection("mongos").deleteMany(new Document());
        } else {
            MongoCollection<Document> version = client.getDatabase("admin").getCollection("system.version");
            version.updateOne(
                    new Document("_id", "shardIdentity"),
                    new Document("$set", new Document("configsvrConnectionString", connection(config()))));
            version.deleteOne(new Document("_id", "minOpTimeRecovery"));
        }
    }

    // ---- servers

    private static String[] alone(String... more) {
        return Stream.concat(
                        Stream.of(
                                "--setParameter",
                                "disableLogicalSessionCacheRefresh=true",
                                "--setParameter",
                                "ttlMonitorEnabled=false",
                                "--setParameter",
                                "skipShardingConfigurationChecks=true"),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    private void serve(int set, String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                servers + "/mongod",
                "--dbpath",
                into.resolve(name(set)).toString(),
                "--logpath",
                into.resolve(name(set) + ".log").toString(),
                "--logappend",
                "--wiredTigerCacheSizeGB",
                "0.25",
                "--wiredTigerEngineConfigString",
                "log=(file_max=8MB,prealloc=false)",
                "--setParameter",
                "diagnosticDataCollectionEnabled=false"));
        words.addAll(List.of(options));
        start(port + set, words.toArray(String[]::new));
    }

    private void start(int at, String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of(
                "--bind_ip", address, "--port", Integer.toString(at), "--unixSocketPrefix", into.toString()));
        running.put(at, new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(new File("/dev/null")).start());
    }

    private void await(int at) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
        while (running.get(at).isAlive() && System.nanoTime() < end) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, at), 1_000);
                return;
            } catch (IOException notYet) {
                Thread.sleep(20);
            }
        }
        throw new IOException("nothing listens on " + at + "; see the logs in " + into);
    }

    private void end(int at, boolean atOnce) throws Exception {
        Process process = running.remove(at);
        if (atOnce) {
            process.destroyForcibly();
        } else {
            process.destroy();
        }
        process.waitFor();
    }

    private static void run(String... words) throws Exception {
        if (new ProcessBuilder(words).inheritIO().start().waitFor() != 0) {
            throw new IOException(String.join(" ", words));
        }
    }

    private static MongoClient client(String address, int port, String password) {
        MongoClientSettings.Builder settings = MongoClientSettings.builder()
                .applyToClusterSettings(c -> c.hosts(List.of(new ServerAddress(address, port))));
        if (password != null) {
            settings.credential(MongoCredential.createCredential("holdfast", "admin", password.toCharArray()));
        }
        return MongoClients.create(settings.build());
    }

    // ---- names and files

    private record Slice(BsonTimestamp from, BsonTimestamp to, Path file) {}

    private static List<Path> sets(Path repository) throws IOException {
        try (Stream<Path> all = Files.list(repository)) {
            return all.filter(p -> Files.isDirectory(p.resolve(FOLDER_OF_SLICES))).sorted().toList();
        }
    }

    private static Path newest(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().reduce((one, later) -> later).orElseThrow();
        }
    }

    private static List<Slice> slices(Path set) throws IOException {
        try (Stream<Path> all = Files.list(set.resolve(FOLDER_OF_SLICES))) {
            return all.filter(p -> p.getFileName().toString().endsWith(".bson.gz"))
                    .sorted()
                    .map(p -> {
                        String[] parts = p.getFileName().toString().split("-");
                        return new Slice(stamp(parts[0], "\\."), stamp(parts[1], "\\."), p);
                    })
                    .toList();
        }
    }

    private static BsonTimestamp top(Path base) throws IOException {
        try (Stream<String> lines = Files.lines(base.resolve("manifest"))) {
            return lines.filter(l -> l.startsWith("top\t"))
                    .map(l -> stamp(l.substring(4), ":"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static BsonTimestamp stamp(String text, String between) {
        String[] parts = text.split(between);
        return new BsonTimestamp(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    private String name(int set) {
        return sets.get(set).getFileName().toString();
    }

    private boolean isConfig(int set) {
        return name(set).equals("config");
    }

    private int config() {
        for (int i = 0; i < sets.size(); i++) {
            if (isConfig(i)) {
                return i;
            }
        }
        throw new IllegalStateException("no config servers");
    }

    private String endpoint(int set) {
        return address + ":" + (port + set);
    }

    private String connection(int set) {
        return name(set) + "/" + endpoint(set);
    }
}
