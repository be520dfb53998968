package dev.holdfast.postgres;

import dev.holdfast.backup.BackupInventory;
import dev.holdfast.backup.BackupProvider;
import dev.holdfast.backup.BackupSchedule;
import dev.holdfast.backup.BackupType;
import dev.holdfast.backup.ClockRange;
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
import dev.holdfast.plan.CombinedState;
import dev.holdfast.plan.Runbook;
import dev.holdfast.postgres.automatic.AutomaticPause;
import dev.holdfast.postgres.automatic.AutomaticProvision;
import dev.holdfast.postgres.automatic.AutomaticRejoin;
import dev.holdfast.postgres.automatic.AutomaticRoleChange;
import dev.holdfast.postgres.automatic.AutomaticState;
import dev.holdfast.postgres.automatic.AutomaticSupport;
import dev.holdfast.postgres.backup.BackupCatalog;
import dev.holdfast.postgres.backup.BackupRunbook;
import dev.holdfast.postgres.backup.BackupScheduler;
import dev.holdfast.postgres.probe.ClusterMeasurements;
import dev.holdfast.postgres.probe.ClusterProbe;
import dev.holdfast.postgres.provision.DestroyRunbook;
import dev.holdfast.postgres.provision.HostNeeds;
import dev.holdfast.postgres.provision.ProvisionRunbook;
import dev.holdfast.postgres.restore.DiscardRunbook;
import dev.holdfast.postgres.restore.RestoreDestination;
import dev.holdfast.postgres.restore.RestoreOperation;
import dev.holdfast.postgres.rolechange.FailoverOperation;
import dev.holdfast.postgres.rolechange.RejoinOperation;
import dev.holdfast.postgres.rolechange.SwitchoverOperation;
import dev.holdfast.postgres.runbook.RunbookDocuments;
import dev.holdfast.postgres.schema.ClientProfile;
import dev.holdfast.postgres.schema.DdlExport;
import dev.holdfast.postgres.schema.SchemaDiff;
import dev.holdfast.postgres.schema.TtlPurgeRunbook;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.ClusterReader;
import dev.holdfast.postgres.topology.ClusterSchema;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.value.PostgresVersions;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.SchemaProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The PostgreSQL engine: the only class that other packages use. */
public final class PostgresEngine implements Engine, SchemaProvider, BackupProvider {

    private static boolean isAutomatic(Cluster cluster) {
        return ((PostgresCluster) cluster).automatic().isPresent();
    }

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    public String title() {
        return versions().title();
    }

    @Override
    public Statements statements() {
        return Statements.SQL;
    }

    @Override
    public VersionProblems versions() {
        return PostgresVersions.ALL;
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
        if (isAutomatic(cluster)) {
            return AutomaticProvision.look(context, topology, (PostgresCluster) cluster);
        }
        return new ClusterProbe(topology, (PostgresCluster) cluster).look(context, false);
    }

    @Override
    public ClusterState widen(ExecutionContext context, ClusterState state) {
        PostgresState servers = state instanceof AutomaticState automatic ? automatic.servers() : (PostgresState) state;
        return ClusterMeasurements.of(state, servers);
    }

    @Override
    public Runbook<?> provision(Topology topology, Cluster cluster) {
        if (isAutomatic(cluster)) {
            return AutomaticProvision.runbook(topology, (PostgresCluster) cluster);
        }
        return ProvisionRunbook.runbook(topology, (PostgresCluster) cluster);
    }

    @Override
    public Runbook<?> destroy(Topology topology, Cluster cluster) {
        PostgresCluster trio = (PostgresCluster) cluster;
        if (isAutomatic(cluster)) {
            return CombinedState.of(
                    AutomaticProvision.destroy(topology, trio), DiscardRunbook.everything(topology, trio));
        }
        return CombinedState.of(DestroyRunbook.runbook(topology, trio), DiscardRunbook.everything(topology, trio));
    }

    @Override
    public Operation<?> switchover(Topology topology, Cluster cluster, RoleChangeRequest request) {
        if (isAutomatic(cluster)) {
            return AutomaticRoleChange.switchover(topology, (PostgresCluster) cluster, request);
        }
        return SwitchoverOperation.operation(topology, (PostgresCluster) cluster, request);
    }

    @Override
    public List<NodeNeeds> needs(Cluster cluster) {
        return new HostNeeds((PostgresCluster) cluster).all();
    }

    @Override
    public Operation<?> failover(Topology topology, Cluster cluster, RoleChangeRequest request) {
        if (isAutomatic(cluster)) {
            return AutomaticRoleChange.failover(topology, (PostgresCluster) cluster, request);
        }
        return FailoverOperation.operation(topology, (PostgresCluster) cluster, request);
    }

    @Override
    public Operation<?> rejoin(Topology topology, Cluster cluster, RoleChangeRequest request) {
        if (isAutomatic(cluster)) {
            return AutomaticRejoin.operation(topology, (PostgresCluster) cluster, request);
        }
        return RejoinOperation.operation(topology, (PostgresCluster) cluster, request);
    }

    @Override
    public Runbook<?> schema(Topology topology, Cluster cluster, Dictionary dictionary, Set<String> allowed) {
        return new SchemaDiff((PostgresCluster) cluster, dictionary, allowed).runbook();
    }

    @Override
    public Runbook<?> purge(Topology topology, Cluster cluster, Dictionary dictionary) {
        return new TtlPurgeRunbook((PostgresCluster) cluster, dictionary).runbook();
    }

    @Override
    public String export(Cluster cluster, Dictionary dictionary) {
        return new DdlExport(dictionary).text((PostgresCluster) cluster);
    }

    @Override
    public Map<String, Object> profile(Topology topology, Cluster cluster, Dictionary dictionary) {
        return ClientProfile.of((PostgresCluster) cluster, dictionary);
    }

    @Override
    public DrillProfile drillProfile(Topology topology, Cluster cluster) {
        return new PostgresDrillProfile((PostgresCluster) cluster);
    }

    @Override
    public void requireDrill(Cluster cluster, String drill) {
        AutomaticSupport.requireDrill((PostgresCluster) cluster, drill);
    }

    @Override
    public Runbook<?> maintenance(Topology topology, Cluster cluster, Optional<String> reason) {
        return isAutomatic(cluster)
                ? AutomaticPause.maintenance(topology, (PostgresCluster) cluster, reason)
                : Engine.super.maintenance(topology, cluster, reason);
    }

    @Override
    public List<RunbookDocument> documents(Topology topology, Cluster cluster) {
        return new RunbookDocuments(topology, (PostgresCluster) cluster).all();
    }

    @Override
    public Runbook<?> backup(Topology topology, Cluster cluster, BackupType kind) {
        return new BackupRunbook(topology, (PostgresCluster) cluster, kind).runbook();
    }

    @Override
    public Runbook<BackupSchedule> schedule(Topology topology, Cluster cluster) {
        return BackupScheduler.runbook(topology, (PostgresCluster) cluster);
    }

    @Override
    public BackupInventory inventory(ExecutionContext context, Topology topology, Cluster cluster) {
        return new BackupCatalog(topology, (PostgresCluster) cluster).inventory(context);
    }

    @Override
    public BackupInventory verify(ExecutionContext context, Topology topology, Cluster cluster) {
        return new BackupCatalog(topology, (PostgresCluster) cluster).verify(context);
    }

    @Override
    public Operation<?> restore(Topology topology, Cluster cluster, RestoreRequest request) {
        if (request.into() instanceof RestoreRequest.InPlace || request.into() instanceof RestoreRequest.OtherEstate) {
            AutomaticSupport.requireRestoreInPlace((PostgresCluster) cluster);
        }
        return RestoreOperation.operation(topology, (PostgresCluster) cluster, request);
    }

    @Override
    public Runbook<?> discard(Topology topology, Cluster cluster, String label) {
        return RestoreOperation.discard(topology, (PostgresCluster) cluster, label);
    }

    @Override
    public Runbook<?> undo(Topology topology, Cluster cluster) {
        AutomaticSupport.requireRestoreInPlace((PostgresCluster) cluster);
        return RestoreOperation.undo(topology, (PostgresCluster) cluster);
    }

    @Override
    public Optional<SecretRef> passphrase(Cluster cluster) {
        return ((PostgresCluster) cluster).passphrase();
    }

    @Override
    public List<SecretRef> loginSecrets(Cluster cluster) {
        return List.of(((PostgresCluster) cluster).adminPassword());
    }

    @Override
    public Optional<RecoveryTarget> now(ExecutionContext context, Cluster cluster, List<Node> primaries) {
        return primaries.stream().findFirst().flatMap(p -> BackupCatalog.now(context, (PostgresCluster) cluster, p));
    }

    @Override
    public Optional<ClockRange> clocks(ExecutionContext context, Cluster cluster, List<Node> primaries) {
        return now(context, cluster, primaries)
                .filter(RecoveryTarget.Time.class::isInstance)
                .map(m -> ((RecoveryTarget.Time) m).instant())
                .map(t -> new ClockRange(t, t));
    }

    @Override
    public ScratchInstances.Labels labels(ExecutionContext context, Topology topology, Cluster cluster) {
        return DiscardRunbook.scratches(topology, (PostgresCluster) cluster).labels(context, RestoreDestination::label);
    }

    @Override
    public Map<String, Node> scratchNodes(ExecutionContext context, Topology topology, Cluster cluster, String label) {
        RestoreRequest.Destination into = new RestoreRequest.SideBySide(label);
        return new RestoreDestination(topology, (PostgresCluster) cluster, into)
                .there(context, label)
                .map(n -> Map.of(PostgresCluster.SERVERS, n))
                .orElse(Map.of());
    }
}
