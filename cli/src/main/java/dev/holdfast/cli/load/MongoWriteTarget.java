package dev.holdfast.cli.load;

import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCredential;
import com.mongodb.MongoException;
import com.mongodb.ReadConcern;
import com.mongodb.ServerAddress;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import dev.holdfast.cli.exec.ScriptRenderer;
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.execution.Script;
import dev.holdfast.ledger.ReadBackResult;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Node;
import dev.holdfast.plan.ClientEndpoint;
import dev.holdfast.plan.Workload;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bson.Document;

/** The load generator's collection in a replica set, or on one shard of a cluster. */
final class MongoWriteTarget implements WriteTarget {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int AT_ONCE = 10_000;

    private final ClientEndpoint.Documents endpoint;
    private final Workload workload;
    private final String collection;
    private final int stream;
    private final SecretStore secrets;
    private final ScriptRenderer words;
    private final MongoClient client;

    MongoWriteTarget(ClientEndpoint.Documents endpoint, Workload workload, int stream, SecretStore secrets) {
        this.endpoint = endpoint;
        this.workload = workload;
        this.stream = stream;
        this.collection = "run_" + workload.run() + "_" + stream;
        this.secrets = secrets;
        this.words = new ScriptRenderer(secrets);
        this.client = MongoClients.create(settings(endpoint.seeds(), endpoint.replicaSet(), workload.deadline())
                .build());
    }

    private MongoClientSettings.Builder settings(List<Node> seeds, String replicaSet, Duration deadline) {
        MongoClientSettings.Builder settings = MongoClientSettings.builder()
                .applicationName("holdfast-witness")
                .timeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
                .applyToConnectionPoolSettings(p -> p.maxSize(256))
                .applyToSocketSettings(s -> s.connectTimeout((int) deadline.toMillis(), TimeUnit.MILLISECONDS))
                .applyToClusterSettings(c -> {
                    c.hosts(seeds.stream()
                            .map(n -> new ServerAddress(n.host().address(), n.port()))
                            .toList());
                    if (!replicaSet.isEmpty()) {
                        c.requiredReplicaSetName(replicaSet);
                    }
                });
        if (!endpoint.login().isAnonymous()) {
            settings.credential(MongoCredential.createScramSha256Credential(
                    endpoint.login().user(),
                    endpoint.login().source(),
                    secrets.value(endpoint.login().password()).toCharArray()));
        }
        return settings;
    }

    @Override
    public void make() {
        if (!endpoint.shard().isEmpty()) {
            Script place = Script.of("mongodb/load-place.json")
                    .with("database", endpoint.database())
                    .with("shard", endpoint.shard());
            run("admin", place);
        }
        run(endpoint.database(), Script.of("mongodb/load-make.json").with("collection", collection));
    }

    @Override
    public void clear() {
        run(endpoint.database(), Script.of("mongodb/load-clear.json"));
    }

    private void run(String database, Script script) {
        try {
            client.getDatabase(database)
                    .withTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .runCommand(Document.parse(words.json(script)));
        } catch (MongoException failed) {
            throw trouble(failed);
        }
    }

    @Override
    public WorkloadWriter writer() {
        WriteConcern concern = endpoint.w().matches("\\d+")
                ? new WriteConcern(Integer.parseInt(endpoint.w()))
                : new WriteConcern(endpoint.w());
        MongoCollection<Document> writes = client.getDatabase(endpoint.database())
                .getCollection(collection)
                .withWriteConcern(endpoint.journal().map(concern::withJournal).orElse(concern));
        return new MongoWriter(
                writes, new byte[workload.payload()], workload.own(stream).map(this::own));
    }

    private MongoWriter.Own own(Workload.Own own) {
        Document command = Document.parse(own.words().replace("\"$run\"", "\"" + workload.run() + "\""));
        command.putIfAbsent(
                "writeConcern",
                new Document(
                        "w", endpoint.w().matches("\\d+") ? (Object) Integer.valueOf(endpoint.w()) : endpoint.w()));
        return new MongoWriter.Own(client.getDatabase(own.database()), command);
    }

    @Override
    public ReadBackResult readBack(int stream, Node from) {
        LongBuffer ids = new LongBuffer();
        LongBuffer positions = new LongBuffer();
        MongoClientSettings direct = settings(List.of(from), "", PATIENCE)
                .applyToClusterSettings(c -> c.mode(com.mongodb.connection.ClusterConnectionMode.SINGLE))
                .build();
        try (MongoClient one = MongoClients.create(direct)) {
            one.getDatabase(endpoint.database())
                    .getCollection(collection)
                    .withReadConcern(ReadConcern.MAJORITY)
                    .find()
                    .projection(Projections.include("at"))
                    .sort(Sorts.ascending("_id"))
                    .batchSize(AT_ONCE)
                    .forEach(d -> {
                        ids.add(d.getLong("_id"));
                        positions.add(d.get("at", org.bson.BsonTimestamp.class).getValue());
                    });
        } catch (MongoException failed) {
            throw trouble(failed);
        }
        return new ReadBackResult(stream, from.id(), ids.toArray(), positions.toArray());
    }

    private HoldfastException trouble(MongoException failed) {
        return new HoldfastException(
                ExitCode.UNREACHABLE,
                "the load generator",
                "cannot prepare a collection in " + endpoint.database() + ": " + failed.getMessage(),
                "check holdfast status");
    }

    @Override
    public void close() {
        client.close();
    }
}
