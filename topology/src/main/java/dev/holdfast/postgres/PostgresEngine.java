package dev.holdfast.postgres;

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

/** The door to postgresql. */
public final class PostgresEngine implements Engine, Store, Vault {

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    public Shape.Keys shape() {
        return PostgresShape.keys();
    }

    @Override
    public Cluster read(Draft draft) {
        return PostgresReader.read(draft);
    }

    @Override
    public Observed look(World world, Topology topology, Cluster cluster) {
        return new PostgresProbes(topology, (PostgresCluster) cluster).look(world, false);
    }

    @Override
    public Runbook<?> provision(Topology topology, Cluster cluster) {
        return PostgresProvision.runbook(topology, (PostgresCluster) cluster);
    }

    @Override
    public Runbook<?> destroy(Topology topology, Cluster cluster) {
        PostgresCluster trio = (PostgresCluster) cluster;
        return Together.of(PostgresDestroy.runbook(topology, trio), RestoreDiscard.everything(topology, trio));
    }

    @Override
    public Maneuver<?> switchover(Topology topology, Cluster cluster, Order order) {
        return PostgresSwitchover.maneuver(topology, (PostgresCluster) cluster, order);
    }

    @Override
    public Maneuver<?> failover(Topology topology, Cluster cluster, Order order) {
        return PostgresFailover.maneuver(topology, (PostgresCluster) cluster, order);
    }

    @Override
    public Maneuver<?> rejoin(Topology topology, Cluster cluster, Order order) {
        return PostgresRejoin.maneuver(topology, (PostgresCluster) cluster, order);
    }

    @Override
    public Runbook<?> schema(Topology topology, Cluster cluster, Dictionary dictionary, Set<String> allowed) {
        return new PostgresSchema((PostgresCluster) cluster, dictionary, allowed).runbook();
    }

    @Override
    public Runbook<?> purge(Topology topology, Cluster cluster, Dictionary dictionary) {
        return new PostgresPurge((PostgresCluster) cluster, dictionary).runbook();
    }

    @Override
    public String export(Cluster cluster, Dictionary dictionary) {
        return new PostgresSchemaExport(dictionary).text((PostgresCluster) cluster);
    }

    @Override
    public Map<String, Object> profile(Topology topology, Cluster cluster, Dictionary dictionary) {
        return PostgresProfile.of((PostgresCluster) cluster, dictionary);
    }

    @Override
    public Rehearsal rehearsal(Topology topology, Cluster cluster) {
        return new PostgresRehearsal((PostgresCluster) cluster);
    }

    @Override
    public List<Chapter> chapters(Topology topology, Cluster cluster) {
        return new PostgresChapters(topology, (PostgresCluster) cluster).all();
    }

    @Override
    public Runbook<?> backup(Topology topology, Cluster cluster, Kind kind) {
        return new PostgresBackup(topology, (PostgresCluster) cluster, kind).book();
    }

    @Override
    public Holdings holdings(World world, Topology topology, Cluster cluster) {
        return new PostgresVault(topology, (PostgresCluster) cluster).holdings(world);
    }

    @Override
    public Holdings verify(World world, Topology topology, Cluster cluster) {
        return new PostgresVault(topology, (PostgresCluster) cluster).verify(world);
    }

    @Override
    public Maneuver<?> restore(Topology topology, Cluster cluster, RestoreOrder order) {
        return PostgresRestore.maneuver(topology, (PostgresCluster) cluster, order);
    }

    @Override
    public Runbook<?> discard(Topology topology, Cluster cluster, String label) {
        return PostgresRestore.discard(topology, (PostgresCluster) cluster, label);
    }

    @Override
    public Optional<Moment> now(World world, Cluster cluster, List<Node> primaries) {
        return primaries.stream().findFirst().flatMap(p -> PostgresVault.now(world, (PostgresCluster) cluster, p));
    }

    @Override
    public Optional<Clocks> clocks(World world, Cluster cluster, List<Node> primaries) {
        return now(world, cluster, primaries)
                .filter(Moment.Time.class::isInstance)
                .map(m -> ((Moment.Time) m).instant())
                .map(t -> new Clocks(t, t));
    }

    @Override
    public Set<String> labels(World world, Topology topology, Cluster cluster) {
        return RestoreDiscard.scratches(topology, (PostgresCluster) cluster).labels(world, RestoreSite::label);
    }

    @Override
    public Map<String, Node> beside(World world, Topology topology, Cluster cluster, String label) {
        RestoreOrder.Into into = new RestoreOrder.Beside(label);
        return new RestoreSite(topology, (PostgresCluster) cluster, into)
                .there(world, label)
                .map(n -> Map.of(PostgresCluster.SERVERS, n))
                .orElse(Map.of());
    }
}
