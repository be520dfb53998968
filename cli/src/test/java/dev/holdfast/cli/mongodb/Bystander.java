package dev.holdfast.cli.mongodb;

import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.cli.files.TopologyFile;
import dev.holdfast.cli.files.WriteHistoryFile;
import dev.holdfast.cli.load.LiveLoadGenerator;
import dev.holdfast.drill.LoadGenerator;
import dev.holdfast.execution.Credentials;
import dev.holdfast.ledger.Outage;
import dev.holdfast.ledger.WriteHistory;
import dev.holdfast.ledger.WriteReconciliation;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Node;
import dev.holdfast.model.SecretRef;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.ClientEndpoint;
import dev.holdfast.plan.Workload;
import dev.holdfast.plan.Workload.Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A client that writes with w: majority while roles change, and can say afterwards how long it waited and what it lost. */
final class Bystander implements AutoCloseable {

    private final Path record;
    private final LoadGenerator loadGenerator;
    private final Topology topology;
    private WriteHistory writes;

    private Bystander(Path record, LoadGenerator loadGenerator, Topology topology) {
        this.record = record;
        this.loadGenerator = loadGenerator;
        this.topology = topology;
    }

    /** @param shard where the writes go, through the routers; empty for a lone replica set */
    static Bystander of(RealEstate estate, String shard) throws IOException {
        Path file = estate.folder().resolve("topology.yaml");
        Topology topology =
                TopologyFile.load(file, Map.of(), Map.of()).topology().orElseThrow();
        Cluster cluster = topology.clusters().get(0);
        String group = shard.isEmpty() ? cluster.groups().get(0).name() : shard;
        List<Node> seeds = nodes(cluster, shard.isEmpty() ? group : "routers");
        Credentials admin = new Credentials("holdfast", new SecretRef(cluster.name() + "/admin"), "admin");
        ClientEndpoint endpoint = new ClientEndpoint.Documents(
                seeds, shard.isEmpty() ? group : "", shard, admin, "witnessed", "majority", Optional.empty());
        Stream stream = new Stream("majority", cluster.name(), group, endpoint, true, 200, 2);
        Path folder = Files.createDirectory(estate.folder().resolve("writes" + System.nanoTime()));
        Path secrets = estate.folder().resolve("home").resolve(topology.name()).resolve("secrets");
        LoadGenerator loadGenerator =
                new LiveLoadGenerator(new SecretStore(secrets, Map.of(), Map.of(), false), folder);
        loadGenerator.prepare(new Workload("b" + System.nanoTime(), List.of(stream), Duration.ofSeconds(5), 64));
        loadGenerator.start();
        Bystander bystander = new Bystander(folder.resolve("writes.bin"), loadGenerator, topology);
        bystander.sees(100);
        return bystander;
    }

    private static List<Node> nodes(Cluster cluster, String group) {
        return cluster.groups().stream()
                .filter(g -> g.name().equals(group))
                .findFirst()
                .orElseThrow()
                .nodes();
    }

    long now() {
        return loadGenerator.now();
    }

    long acknowledged() {
        return loadGenerator.tallies().get(0).acknowledged();
    }

    /** Waits until so many more writes are acknowledged. */
    void sees(long more) {
        long goal = acknowledged() + more;
        Patience.until(more + " more writes are acknowledged", () -> acknowledged() >= goal);
    }

    void stop() throws IOException {
        loadGenerator.stop();
        writes = WriteHistoryFile.read(record);
    }

    /** The longest time without an acknowledgement between two moments, in milliseconds; after {@link #stop}. */
    long pause(long from, long until) {
        return Outage.of(writes, 0, from, until).silence() / 1_000_000;
    }

    /** What was acknowledged held against what that node has; after {@link #stop}. */
    WriteReconciliation heldAgainst(String node) {
        Node primary = topology.nodes().stream()
                .filter(n -> n.id().equals(node))
                .findFirst()
                .orElseThrow();
        return WriteReconciliation.of(writes, loadGenerator.readBack(0, primary));
    }

    @Override
    public void close() {
        loadGenerator.close();
    }
}
