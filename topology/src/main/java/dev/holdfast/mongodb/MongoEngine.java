package dev.holdfast.mongodb;

import dev.holdfast.backup.Archivist;
import dev.holdfast.backup.Clocks;
import dev.holdfast.backup.Holdings;
import dev.holdfast.backup.Kind;
import dev.holdfast.backup.Moment;
import dev.holdfast.backup.RestoreOrder;
import dev.holdfast.backup.Vault;
import dev.holdfast.engine.Chapter;
import dev.holdfast.engine.Draft;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Maneuver;
import dev.holdfast.engine.Order;
import dev.holdfast.engine.Rehearsal;
import dev.holdfast.engine.Shape;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Together;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Store;
import dev.holdfast.world.Observed;
import dev.holdfast.world.World;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The door to mongodb. */
public final class MongoEngine implements Engine, Store, Vault {

    @Override
    public String name() {
        return "mongodb";
    }

    @Override
    public Shape.Keys shape() {
        return MongoShape.keys();
    }

    @Override
    public Cluster read(Draft draft) {
        return MongoReader.read(draft);
    }

    @Override
    public Observed look(World world, Topology topology, Cluster cluster) {
        return MongoLook.at(world, topology, (MongoCluster) cluster);
    }

    @Override
    public Runbook<?> provision(Topology topology, Cluster cluster) {
        return MongoProvision.of(topology, (MongoCluster) cluster);
    }

    @Override
    public Runbook<?> destroy(Topology topology, Cluster cluster) {
        MongoCluster mongo = (MongoCluster) cluster;
        return Together.of(MongoDestroy.of(topology, mongo), MongoDestroy.beside(topology, mongo));
    }

    @Override
    public Runbook<?> schema(Topology topology, Cluster cluster, Dictionary dictionary, Set<String> allowed) {
        return new MongoSchema((MongoCluster) cluster, dictionary, allowed).runbook();
    }

    @Override
    public Runbook<?> purge(Topology topology, Cluster cluster, Dictionary dictionary) {
        return new MongoSchema((MongoCluster) cluster, dictionary, Set.of()).nothingToPurge();
    }

    @Override
    public String export(Cluster cluster, Dictionary dictionary) {
        return new MongoSchemaExport((MongoCluster) cluster, dictionary).text();
    }

    @Override
    public Map<String, Object> profile(Topology topology, Cluster cluster, Dictionary dictionary) {
        return MongoProfile.of((MongoCluster) cluster, dictionary);
    }

    @Override
    public Rehearsal rehearsal(Topology topology, Cluster cluster) {
        return new MongoRehearsal((MongoCluster) cluster);
    }

    @Override
    public List<Chapter> chapters(Topology topology, Cluster cluster) {
        return new MongoChapters(topology, (MongoCluster) cluster).all();
    }

    @Override
    public Maneuver<?> switchover(Topology topology, Cluster cluster, Order order) {
        return MongoSwitchover.of(topology, (MongoCluster) cluster, order);
    }

    @Override
    public Maneuver<?> failover(Topology topology, Cluster cluster, Order order) {
        return MongoFailover.of(topology, (MongoCluster) cluster, order);
    }

    @Override
    public Maneuver<?> rejoin(Topology topology, Cluster cluster, Order order) {
        return MongoRejoin.of(topology, (MongoCluster) cluster, order);
    }

    @Override
    public Runbook<?> backup(Topology topology, Cluster cluster, Kind kind) {
        return MongoBackup.of(topology, (MongoCluster) cluster, kind);
    }

    @Override
    public Holdings holdings(World world, Topology topology, Cluster cluster) {
        return MongoVault.holdings(world, topology, (MongoCluster) cluster);
    }

    @Override
    public Holdings verify(World world, Topology topology, Cluster cluster) {
        return MongoVault.verify(world, topology, (MongoCluster) cluster);
    }

    @Override
    public List<Archivist.Source> archived(World world, Topology topology, Cluster cluster) {
        return MongoVault.archived(world, topology, (MongoCluster) cluster);
    }

    @Override
    public Maneuver<?> restore(Topology topology, Cluster cluster, RestoreOrder order) {
        return MongoRestore.of(topology, (MongoCluster) cluster, order);
    }

    @Override
    public Runbook<?> discard(Topology topology, Cluster cluster, String label) {
        return MongoRestore.discard(topology, (MongoCluster) cluster, label);
    }

    @Override
    public Optional<Moment> now(World world, Cluster cluster, List<Node> primaries) {
        return new MongoClock(world, (MongoCluster) cluster).now();
    }

    @Override
    public Optional<Clocks> clocks(World world, Cluster cluster, List<Node> primaries) {
        return new MongoClock(world, (MongoCluster) cluster).told();
    }

    @Override
    public Set<String> labels(World world, Topology topology, Cluster cluster) {
        return MongoDestroy.scratches(topology, (MongoCluster) cluster).labels(world, RestoreTarget::label);
    }

    @Override
    public Map<String, Node> beside(World world, Topology topology, Cluster cluster, String label) {
        return MongoRestore.beside(world, topology, (MongoCluster) cluster, label);
    }
}
