package dev.holdfast.cli.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.ReadConcern;
import com.mongodb.TransactionOptions;
import com.mongodb.WriteConcern;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.bson.BsonTimestamp;
import org.bson.Document;

/** A real sharded cluster with an oplog archiver. It has accounts on two shards, and numbered writes at known times. */
final class ArchivedCluster {

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
    private static final int BALANCE = 1000;

    final RealEstate estate;
    private Process archiver;
    /** When each numbered write was done, by the cluster's own time. */
    private final List<BsonTimestamp> times = new ArrayList<>();

    ArchivedCluster() throws Exception {
        estate = RealEstate.ofText(TOPOLOGY);
        well("apply", "--yes");
        try (Client client = router()) {
            client.admin("{enableSharding: 'shop', primaryShard: 'shard-a'}");
            client.admin("{shardCollection: 'shop.account', key: {_id: 1}}");
            client.admin("{split: 'shop.account', middle: {_id: 50}}");
            client.admin("{moveRange: 'shop.account', min: {_id: 50}, toShard: 'shard-b'}");
            List<Document> accounts = new ArrayList<>();
            for (int i = 0; i < ACCOUNTS; i++) {
                accounts.add(new Document("_id", i).append("balance", BALANCE));
            }
            client.driver().getDatabase("shop").getCollection("account").insertMany(accounts);
        }
        archiver = estate.start("backup", "archive");
        awaitArchiver();
    }

    /** Until it has begun: the only finding left is that there is no copy. */
    private void awaitArchiver() {
        Ended ended = until("has never been archived", "backup", "list");
        assertThat(ended.err()).doesNotContain("has never been archived");
    }

    /** Runs a command until it no longer complains of something that passes by itself. */
    Ended until(String passing, String... command) {
        Ended[] last = new Ended[1];
        Patience.until(
                () -> "no longer " + passing + ": " + last[0], Duration.ofSeconds(120), Duration.ofMillis(500), () -> {
                    last[0] = estate.run(command);
                    return !last[0].err().contains(passing);
                });
        return last[0];
    }

    /** The plan, once the archiver has found the servers again. */
    String planned() {
        Ended plan = until("has not been archived since", "plan", "--detailed-exitcode");
        assertThat(plan.exit()).as(plan.toString()).isZero();
        return plan.out();
    }

    /** Runs a restore when the archive has the moment. */
    Ended restored(String... words) {
        return until("not archived yet", words);
    }

    Ended well(String... command) {
        Ended ended = estate.run(command);
        assertThat(ended.exit()).as(ended.toString()).isZero();
        return ended;
    }

    Client router() {
        return router(estate.address(1) + ":27017");
    }

    Client router(String endpoint) {
        return Client.admin(estate, "social", endpoint);
    }

    int writes() {
        return times.size();
    }

    /** The moment of a numbered write, as restore takes it. */
    String moment(int n) {
        BsonTimestamp time = times.get(n);
        return Integer.toUnsignedLong(time.getTime()) + ":" + Integer.toUnsignedLong(time.getInc());
    }

    /** Forgets the writes behind that one: the cluster was brought back to it. */
    void backTo(int n) {
        times.subList(n + 1, times.size()).clear();
    }

    void killArchiver() throws InterruptedException {
        archiver.destroyForcibly().waitFor();
    }

    void startArchiver() throws IOException {
        archiver = estate.start("backup", "archive");
    }

    /** Behind a router: the numbered writes up to and with that one and no later, and transfers that kept their sum. */
    void holds(String endpoint, int n) {
        holds(router(endpoint), n);
    }

    static void holds(Client endpoint, int n) {
        try (Client client = endpoint) {
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
            assertThat(sum).isEqualTo((long) ACCOUNTS * BALANCE);
        }
    }

    /** Numbered writes, each with a transfer between accounts on two shards. */
    void write(int count) {
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

    void close() throws IOException {
        if (archiver != null) {
            archiver.destroyForcibly();
        }
        estate.run("restore", "social", "--discard", "--yes");
        estate.close();
    }
}
