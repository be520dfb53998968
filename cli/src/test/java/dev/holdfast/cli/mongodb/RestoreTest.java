package dev.holdfast.cli.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.mongodb.ReadConcern;
import com.mongodb.TransactionOptions;
import com.mongodb.WriteConcern;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A real sharded cluster is archived and copied under load, and brought back to between two writes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RestoreTest {

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: restore-test
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
              b1: { address: 127.0.1.2, zone: b, region: r, reach: local }
              c1: { address: 127.0.1.3, zone: c, region: r, reach: local }
            clusters:
              social:
                engine: mongodb
                configServers: [ a1 ]
                shards:
                  shard-a: [ a1, b1, { host: c1, priority: 0, hidden: true } ]
                  shard-b: [ b1 ]
                routers: [ a1 ]
                backup: { base: daily, oplogEvery: 5s, repository: /var/lib/holdfast/backup }
                settings:
                  storage.wiredTiger.engineConfig.cacheSizeGB: 0.25
                  storage.wiredTiger.engineConfig.configString: "log=(file_max=8MB,prealloc=false)"
            """;
    private static final int ACCOUNTS = 100;
    private static final int WRITES = 120;

    private RealEstate estate;
    private Process archiver;
    /** When each numbered write was done, by the cluster's own time. */
    private final List<BsonTimestamp> times = new ArrayList<>();

    @BeforeAll
    void a_cluster_is_copied_and_archived_under_load() throws Exception {
        estate = RealEstate.ofText(TOPOLOGY);
        well("apply", "--yes");
        try (Client client = router()) {
            client.admin("{enableSharding: 'shop', primaryShard: 'shard-a'}");
            client.admin("{shardCollection: 'shop.account', key: {_id: 1}}");
            client.admin("{split: 'shop.account', middle: {_id: 50}}");
            client.admin("{moveRange: 'shop.account', min: {_id: 50}, toShard: 'shard-b'}");
            List<Document> accounts = new ArrayList<>();
            for (int i = 0; i < ACCOUNTS; i++) {
                accounts.add(new Document("_id", i).append("balance", 1000));
            }
            client.driver().getDatabase("shop").getCollection("account").insertMany(accounts);
        }
        archiver = estate.start("backup", "archive");
        await("backup", "list");
        write(WRITES / 3);
        well("backup", "run");
        write(WRITES / 3);
        try (Client client = router()) {
            client.driver().getDatabase("shop").getCollection("number").createIndex(new Document("n", -1));
        }
        write(WRITES / 3);
        try (Client client = router()) {
            client.driver().getDatabase("shop").getCollection("account").drop();
        }
    }

    /** Until the archiver has begun: the only finding left is that there is no copy. */
    private void await(String... command) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        Ended ended = estate.run(command);
        while (ended.err().contains("nothing was ever archived") && System.nanoTime() < end) {
            Thread.sleep(500);
            ended = estate.run(command);
        }
        assertThat(ended.err()).doesNotContain("nothing was ever archived");
    }

    private Ended well(String... command) {
        Ended ended = estate.run(command);
        assertThat(ended.exit()).as(ended.toString()).isZero();
        return ended;
    }

    private Client router() {
        return Client.admin(estate, "social", estate.address(1) + ":27017");
    }

    /** Numbered writes, each beside a transfer between accounts on two shards. */
    private void write(int count) {
        try (Client client = router()) {
            MongoClient driver = client.driver();
            MongoCollection<Document> numbers = driver.getDatabase("shop").getCollection("number");
            MongoCollection<Document> accounts = driver.getDatabase("shop").getCollection("account");
            TransactionOptions all = TransactionOptions.builder()
                    .writeConcern(WriteConcern.MAJORITY)
                    .readConcern(ReadConcern.MAJORITY)
                    .build();
            for (int i = 0; i < count; i++) {
                try (ClientSession session = driver.startSession()) {
                    int from = ThreadLocalRandom.current().nextInt(50);
                    session.withTransaction(
                            () -> {
                                accounts.updateOne(session, Filters.eq(from), Updates.inc("balance", -1));
                                return accounts.updateOne(session, Filters.eq(99 - from), Updates.inc("balance", 1));
                            },
                            all);
                    numbers.insertOne(session, new Document("_id", times.size()).append("n", times.size()));
                    times.add(session.getOperationTime());
                }
            }
        }
    }

    private static String shown(BsonTimestamp time) {
        return Integer.toUnsignedLong(time.getTime()) + ":" + Integer.toUnsignedLong(time.getInc());
    }

    /** Runs a restore until the archive has the moment. */
    private Ended restored(String... words) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        Ended ended = estate.run(words);
        while (ended.err().contains("not archived yet") && System.nanoTime() < end) {
            Thread.sleep(500);
            ended = estate.run(words);
        }
        return ended;
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        if (archiver != null) {
            archiver.destroyForcibly();
        }
        estate.run("restore", "social", "--discard", "--yes");
        estate.close();
    }

    @Test
    @Order(1)
    void it_is_brought_back_to_between_two_writes_and_transfers_keep_their_sum() throws Exception {
        int n = ThreadLocalRandom.current().nextInt(WRITES / 3 + 1, WRITES - 1);
        Ended done = restored("restore", "social", "--to", shown(times.get(n)), "--yes", "--timeout", "30m");
        assertThat(done.exit()).as(done.toString()).isZero();
        String router = done.err().replaceAll("(?s).*Start mongos \\S+ on (\\S+:\\d+).*", "$1");
        try (Client client = Client.admin(estate, "social", router)) {
            MongoCollection<Document> numbers =
                    client.driver().getDatabase("shop").getCollection("number");
            assertThat(numbers.countDocuments()).isEqualTo(n + 1);
            assertThat(numbers.find(Filters.eq(n)).first()).isNotNull();
            assertThat(numbers.find(Filters.eq(n + 1)).first()).isNull();
            long sum = 0;
            for (Document account :
                    client.driver().getDatabase("shop").getCollection("account").find()) {
                sum += account.getInteger("balance");
            }
            assertThat(sum).isEqualTo(ACCOUNTS * 1000L);
        }
        assertThat(well("plan", "--detailed-exitcode").out()).contains("nothing to do");
        assertThat(well("backup", "list", "-o", "json")
                        .json()
                        .at("/clusters/0/verified_at")
                        .isTextual())
                .isTrue();
    }

    @Test
    @Order(2)
    void the_same_label_is_refused_for_another_moment_until_it_is_discarded() {
        Ended other = estate.run("restore", "social", "--to", shown(times.get(WRITES - 1)), "--yes");
        assertThat(other.exit()).isEqualTo(4);
        assertThat(other.err()).contains("holds a restore to").contains("--discard");
        well("restore", "social", "--discard", "--yes");
        assertThat(estate.servers("/restored/")).isEmpty();
    }

    @Test
    @Order(3)
    void a_drop_is_found_in_the_archive_with_what_would_be_lost() throws Exception {
        Ended told = restored("restore", "social", "--before-op", "drop shop.account", "--dry-run");
        assertThat(told.exit()).as(told.toString()).isZero();
        assertThat(told.out()).contains("drop shop.account was found at").contains("not brought back:");
        Ended none = estate.run("restore", "social", "--before-op", "drop shop.nothing", "--dry-run");
        assertThat(none.exit()).isEqualTo(4);
        assertThat(none.err()).contains("there is no drop shop.nothing in the archive");
    }

    @Test
    @Order(4)
    void impossible_moments_are_refused_with_the_nearest_before_anything_is_touched() throws IOException {
        Ended future = estate.run("restore", "social", "--to", "2099-01-01T00:00:00Z", "--yes");
        assertThat(future.exit()).isEqualTo(4);
        assertThat(future.err()).contains("is in the future").contains("nearest: --to ");
        Ended early = estate.run("restore", "social", "--to", "2020-01-01T00:00:00Z", "--yes");
        assertThat(early.exit()).isEqualTo(4);
        assertThat(early.err()).contains("before the first moment").contains("nearest: --to ");
        assertThat(estate.run("restore", "social", "--to", "2026-01-01T00:00:00", "--yes")
                        .exit())
                .isEqualTo(64);
        assertThat(estate.changes()).isZero();
    }

    @Test
    @Order(5)
    void an_archiver_that_is_killed_goes_on_without_a_gap() throws Exception {
        archiver.destroyForcibly().waitFor();
        archiver = estate.start("backup", "archive");
        Thread.sleep(3000);
        BsonTimestamp last = times.get(WRITES - 1);
        Ended told = restored("restore", "social", "--to", shown(last), "--dry-run");
        assertThat(told.exit()).as(told.toString()).isZero();
        Ended verified = estate.run("backup", "verify");
        assertThat(verified.exit()).as(verified.toString()).isZero();
    }

    @Test
    @Order(6)
    @EnabledIfSystemProperty(
            named = "holdfast.long",
            matches = "true",
            disabledReason = "long: run with -Dholdfast.long=true")
    void a_flipped_byte_in_a_copy_is_named_and_nothing_before_the_next_copy_can_be_reached() throws Exception {
        Path data = find(shard().resolve("base"), "data.tar");
        Instant reached = to(well("backup", "verify", "-o", "json")).orElseThrow();
        flip(data);
        Ended damaged = estate.run("backup", "verify", "-o", "json");
        assertThat(damaged.exit()).as(damaged.toString()).isEqualTo(6);
        assertThat(damaged.err()).contains("/shard-a/base/").contains("data.tar is not as it was written");
        assertThat(to(damaged)).as("it was the only copy").isEmpty();
        flip(data);
        assertThat(to(well("backup", "verify", "-o", "json")).orElseThrow()).isAfterOrEqualTo(reached);
    }

    @Test
    @Order(7)
    @EnabledIfSystemProperty(
            named = "holdfast.long",
            matches = "true",
            disabledReason = "long: run with -Dholdfast.long=true")
    void a_flipped_byte_and_a_missing_slice_of_the_archive_are_named_and_the_window_ends_before_them()
            throws Exception {
        Path slice = newestSlice();
        Instant reached = to(well("backup", "verify", "-o", "json")).orElseThrow();
        flip(slice);
        Ended damaged = estate.run("backup", "verify", "-o", "json");
        assertThat(damaged.exit()).as(damaged.toString()).isEqualTo(6);
        assertThat(damaged.err()).contains(slice.getFileName().toString()).contains("its content is not what");
        assertThat(to(damaged).orElseThrow()).isBefore(reached);
        flip(slice);
        assertThat(estate.run("backup", "verify").exit()).isZero();
        Files.delete(slice);
        for (String ask : List.of("verify", "list")) {
            Ended missing = estate.run("backup", ask, "-o", "json");
            assertThat(missing.exit()).as(missing.toString()).isEqualTo(6);
            assertThat(missing.err()).contains("social/shard-a: the archive has a gap from ");
            assertThat(to(missing).orElseThrow()).as(ask).isBefore(reached);
        }
        Ended gap = estate.run("restore", "social", "--to", reached.toString(), "--yes");
        assertThat(gap.exit()).as(gap.toString()).isEqualTo(4);
        assertThat(gap.err()).contains("gap of the archive").contains("nearest: --to ");
        assertThat(estate.servers("/restored/")).isEmpty();
    }

    private Path shard() {
        return estate.folder().resolve("b/mongodb/restore-test/social/shard-a");
    }

    /** The end of the last window that was told; empty when nothing can be reached. */
    private static Optional<Instant> to(Ended told) {
        JsonNode windows = told.json().at("/clusters/0/windows");
        return windows.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Instant.parse(windows.get(windows.size() - 1).path("to").asText()));
    }

    private static Path find(Path folder, String part) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(p -> p.getFileName().toString().contains(part))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** The last one that is closed: it begins behind the copy. */
    private Path newestSlice() throws IOException {
        try (Stream<Path> all = Files.list(shard().resolve("oplog"))) {
            return all.filter(p -> p.toString().endsWith(".bson.gz"))
                    .sorted()
                    .reduce((one, later) -> later)
                    .orElseThrow();
        }
    }

    private static void flip(Path file) throws IOException {
        try (RandomAccessFile data = new RandomAccessFile(file.toFile(), "rw")) {
            data.seek(data.length() / 2);
            int was = data.read();
            data.seek(data.length() / 2);
            data.write(was ^ 1);
        }
    }
}
