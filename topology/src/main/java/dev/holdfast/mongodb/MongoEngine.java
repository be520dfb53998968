package dev.holdfast.mongodb;

import dev.holdfast.backup.BackupInventory;
import dev.holdfast.backup.BackupProvider;
import dev.holdfast.backup.BackupSchedule;
import dev.holdfast.backup.BackupType;
import dev.holdfast.backup.ClockRange;
import dev.holdfast.backup.OplogArchiver;
import dev.holdfast.backup.RecoveryTarget;
import dev.holdfast.backup.RestoreRequest;
import dev.holdfast.config.ClusterConfig;
import dev.holdfast.config.ConfigSchema;
import dev.holdfast.engine.DrillProfile;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.NodeNeeds;
import dev.holdfast.engine.Operation;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.engine.RunbookDocument;
import dev.holdfast.engine.ScratchInstances;
import dev.holdfast.engine.VersionProblems;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Node;
import dev.holdfast.model.SecretRef;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.backup.BackupCatalog;
import dev.holdfast.mongodb.backup.BackupRunbook;
import dev.holdfast.mongodb.backup.BackupScheduler;
import dev.holdfast.mongodb.backup.ClusterClock;
import dev.holdfast.mongodb.probe.ClusterMeasurements;
import dev.holdfast.mongodb.probe.ClusterProbe;
import dev.holdfast.mongodb.probe.ConsistencyProbe;
import dev.holdfast.mongodb.provision.FinishOperation;
import dev.holdfast.mongodb.provision.HostNeeds;
import dev.holdfast.mongodb.provision.ProvisionRunbook;
import dev.holdfast.mongodb.restore.DestroyRunbook;
import dev.holdfast.mongodb.restore.RestoreDestination;
import dev.holdfast.mongodb.restore.RestoreOperation;
import dev.holdfast.mongodb.rolechange.FailoverOperation;
import dev.holdfast.mongodb.rolechange.RejoinOperation;
import dev.holdfast.mongodb.rolechange.SwitchoverOperation;
import dev.holdfast.mongodb.runbook.RunbookDocuments;
import dev.holdfast.mongodb.schema.ClientProfile;
import dev.holdfast.mongodb.schema.MongoshExport;
import dev.holdfast.mongodb.schema.SchemaDiff;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.topology.ClusterReader;
import dev.holdfast.mongodb.topology.ClusterSchema;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.value.MongoVersions;
import dev.holdfast.plan.CombinedState;
import dev.holdfast.plan.Runbook;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.SchemaProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The MongoDB engine: the only class that other packages use. */
public final class MongoEngine implements Engine, SchemaProvider, BackupProvider {

    @Override
    public String name() {
        return "mongodb";
    }

    @Override
    public String title() {
        return versions().title();
    }

    @Override
    public Statements statements() {
        return Statements.COMMANDS;
    }

    @Override
    public VersionProblems versions() {
        return MongoVersions.ALL;
    }

    @Override
    public ConfigSchema.ObjectOf shape() {
        return ClusterSchema.keys();
    }

    @Override
    public Cluster read(ClusterConfig clusterConfig) {
        return ClusterReader.read(clusterConfig);
    }

    @Override
    public ClusterState look(ExecutionContext context, Topology topology, Cluster cluster) {
        return ClusterProbe.at(context, topology, (MongoCluster) cluster);
    }

    @Override
    public ClusterState widen(ExecutionContext context, ClusterState state) {
        MongoState servers = (MongoState) state;
        return ClusterMeasurements.look(context, servers, ConsistencyProbe.look(context, servers));
    }

    @Override
    public Runbook<?> provision(Topology topology, Cluster cluster) {
        return ProvisionRunbook.of(topology, (MongoCluster) cluster);
    }

    @Override
    public boolean plansUndeclaredServers() {
        return true;
    }

    @Override
    public Runbook<?> destroy(Topology topology, Cluster cluster) {
        MongoCluster mongo = (MongoCluster) cluster;
        return CombinedState.of(DestroyRunbook.of(topology, mongo), DestroyRunbook.sideBySide(topology, mongo));
    }

    @Override
    public Runbook<?> schema(Topology topology, Cluster cluster, Dictionary dictionary, Set<String> allowed) {
        return new SchemaDiff((MongoCluster) cluster, dictionary, allowed).runbook();
    }

    @Override
    public Runbook<?> purge(Topology topology, Cluster cluster, Dictionary dictionary) {
        return new SchemaDiff((MongoCluster) cluster, dictionary, Set.of()).nothingToPurge();
    }

    @Override
    public String export(Cluster cluster, Dictionary dictionary) {
        return new MongoshExport((MongoCluster) cluster, dictionary).text();
    }

    @Override
    public Map<String, Object> profile(Topology topology, Cluster cluster, Dictionary dictionary) {
        return ClientProfile.of((MongoCluster) cluster, dictionary);
    }

    @Override
    public DrillProfile drillProfile(Topology topology, Cluster cluster) {
        return new MongoDrillProfile((MongoCluster) cluster);
    }

    @Override
    public List<RunbookDocument> documents(Topology topology, Cluster cluster) {
        return new RunbookDocuments(topology, (MongoCluster) cluster).all();
    }

    @Override
    public List<NodeNeeds> needs(Cluster cluster) {
        return new HostNeeds((MongoCluster) cluster).all();
    }

    @Override
    public Operation<?> switchover(Topology topology, Cluster cluster, RoleChangeRequest request) {
        return SwitchoverOperation.of(topology, (MongoCluster) cluster, request);
    }

    @Override
    public Operation<?> failover(Topology topology, Cluster cluster, RoleChangeRequest request) {
        return FailoverOperation.of(topology, (MongoCluster) cluster, request);
    }

    @Override
    public Operation<?> rejoin(Topology topology, Cluster cluster, RoleChangeRequest request) {
        return RejoinOperation.of(topology, (MongoCluster) cluster, request);
    }

    @Override
    public Operation<?> finishUpgrade(Topology topology, Cluster cluster) {
        return FinishOperation.of(topology, (MongoCluster) cluster);
    }

    @Override
    public Runbook<?> backup(Topology topology, Cluster cluster, BackupType kind) {
        return BackupRunbook.of(topology, (MongoCluster) cluster, kind);
    }

    @Override
    public Runbook<BackupSchedule> schedule(Topology topology, Cluster cluster) {
        return BackupScheduler.runbook(topology, (MongoCluster) cluster);
    }

    @Override
    public BackupInventory inventory(ExecutionContext context, Topology topology, Cluster cluster) {
        return BackupCatalog.inventory(context, topology, (MongoCluster) cluster);
    }

    @Override
    public BackupInventory verify(ExecutionContext context, Topology topology, Cluster cluster) {
        return BackupCatalog.verify(context, topology, (MongoCluster) cluster);
    }

    @Override
    public List<SecretRef> loginSecrets(Cluster cluster) {
        MongoCluster mongo = (MongoCluster) cluster;
        return List.of(mongo.keyFile(), mongo.adminPassword());
    }

    @Override
    public List<OplogArchiver.Source> archived(ExecutionContext context, Topology topology, Cluster cluster) {
        return BackupCatalog.archived(context, topology, (MongoCluster) cluster);
    }

    @Override
    public Operation<?> restore(Topology topology, Cluster cluster, RestoreRequest request) {
        return RestoreOperation.of(topology, (MongoCluster) cluster, request);
    }

    @Override
    public Runbook<?> discard(Topology topology, Cluster cluster, String label) {
        return RestoreOperation.discard(topology, (MongoCluster) cluster, label);
    }

    @Override
    public Runbook<?> undo(Topology topology, Cluster cluster) {
        return RestoreOperation.undo(topology, (MongoCluster) cluster);
    }

    @Override
    public Optional<RecoveryTarget> now(ExecutionContext context, Cluster cluster, List<Node> primaries) {
        return new ClusterClock(context, (MongoCluster) cluster).now();
    }

    @Override
    public Optional<ClockRange> clocks(ExecutionContext context, Cluster cluster, List<Node> primaries) {
        return new ClusterClock(context, (MongoCluster) cluster).range();
    }

    @Override
    public ScratchInstances.Labels labels(ExecutionContext context, Topology topology, Cluster cluster) {
        return DestroyRunbook.scratches(topology, (MongoCluster) cluster).labels(context, RestoreDestination::label);
    }

    @Override
    public Map<String, Node> scratchNodes(ExecutionContext context, Topology topology, Cluster cluster, String label) {
        return RestoreOperation.scratchNodes(context, topology, (MongoCluster) cluster, label);
    }
}
