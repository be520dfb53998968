package dev.holdfast.cli.mongodb;

import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.files.TopologyFile;
import dev.holdfast.cli.files.WritesFile;
import dev.holdfast.cli.hands.LiveWitness;
import dev.holdfast.cli.hands.Secrets;
import dev.holdfast.drill.Witness;
import dev.holdfast.ledger.Outage;
import dev.holdfast.ledger.Reconciled;
import dev.holdfast.ledger.Writes;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Node;
import dev.holdfast.model.Secret;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Entrance;
import dev.holdfast.plan.Workload;
import dev.holdfast.plan.Workload.Stream;
import dev.holdfast.world.Login;
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
    private final Witness witness;
    private final Topology topology;
    private Writes writes;

    private Bystander(Path record, Witness witness, Topology topology) {
        this.record = record;
        this.witness = witness;
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
        Login admin = new Login("holdfast", new Secret(cluster.name() + "/admin"), "admin");
        Entrance entrance = new Entrance.Mongo(
                seeds, shard.isEmpty() ? group : "", shard, admin, "witnessed", "majority", Optional.empty());
        Stream stream = new Stream("majority", cluster.name(), group, entrance, true, 200, 2);
        Path folder = Files.createDirectory(estate.folder().resolve("writes" + System.nanoTime()));
        Path secrets = estate.folder().resolve("home").resolve(topology.name()).resolve("secrets");
        Witness witness = new LiveWitness(new Secrets(secrets, Map.of(), Map.of(), false), folder);
        witness.prepare(new Workload("b" + System.nanoTime(), List.of(stream), Duration.ofSeconds(5), 64));
        witness.start();
        Bystander bystander = new Bystander(folder.resolve("writes.bin"), witness, topology);
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
        return witness.now();
    }

    long acknowledged() {
        return witness.tallies().get(0).acknowledged();
    }

    /** Waits until so many more writes are acknowledged. */
    void sees(long more) {
        long goal = acknowledged() + more;
        Patience.until(more + " more writes are acknowledged", () -> acknowledged() >= goal);
    }

    void stop() throws IOException {
        witness.stop();
        writes = WritesFile.read(record);
    }

    /** The longest time without an acknowledgement between two moments, in milliseconds; after {@link #stop}. */
    long pause(long from, long until) {
        return Outage.of(writes, 0, from, until).silence() / 1_000_000;
    }

    /** What was acknowledged held against what that node has; after {@link #stop}. */
    Reconciled heldAgainst(String node) {
        Node primary = topology.nodes().stream()
                .filter(n -> n.id().equals(node))
                .findFirst()
                .orElseThrow();
        return Reconciled.of(writes, witness.readBack(0, primary));
    }

    @Override
    public void close() {
        witness.close();
    }
}
