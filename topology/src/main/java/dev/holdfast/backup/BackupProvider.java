package dev.holdfast.backup;

import dev.holdfast.engine.Operation;
import dev.holdfast.engine.ScratchInstances;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Node;
import dev.holdfast.model.SecretRef;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The interface to the backups of one engine: making, listing, verifying and restoring them. The settings that
 * archiving needs on the servers (archive commands, a stanza) belong to provisioning.
 */
public interface BackupProvider {

    /** Returns the runbook that makes a base backup in the declared repository, and expires what is older than {@code keep}. */
    Runbook<?> backup(Topology topology, Cluster cluster, BackupType kind);

    /** Returns what can be restored, from the repository's catalog and the servers; changes nothing. */
    BackupInventory inventory(ExecutionContext context, Topology topology, Cluster cluster);

    /** Returns the same after every file was read and compared with its checksum; can take as long as reading all of it. */
    BackupInventory verify(ExecutionContext context, Topology topology, Cluster cluster);

    /**
     * Returns a runbook without steps that names a base backup that is missing, or older than the declared schedule allows.
     * It reads only the catalog.
     */
    Runbook<BackupSchedule> schedule(Topology topology, Cluster cluster);

    /**
     * Returns the operation that restores. Its decision refuses an unreachable recovery target with the nearest reachable ones,
     * before any change. Running it again continues a killed restore.
     */
    Operation<?> restore(Topology topology, Cluster cluster, RestoreRequest request);

    /** Returns the runbook that ends the scratch servers of a side-by-side restore and removes their directory, and nothing else. */
    Runbook<?> discard(Topology topology, Cluster cluster, String label);

    /**
     * Returns the runbook that undoes an unfinished restore in place: the data that it kept is put back. The restored data must
     * not have been opened to clients. Provisioning starts the servers afterwards.
     */
    Runbook<?> undo(Topology topology, Cluster cluster);

    /**
     * Returns the current position as the servers report it: writes acknowledged before the call are included, and writes begun
     * after it are not. Absent when no server reported. Changes nothing.
     *
     * @param primaries the primaries of the cluster's data groups
     */
    default Optional<RecoveryTarget> now(ExecutionContext context, Cluster cluster, List<Node> primaries) {
        return Optional.empty();
    }

    /**
     * Returns the clocks of the servers, so that clusters of several engines can be restored to the same time. Absent when any of
     * them does not report. Changes nothing.
     *
     * @param primaries the primaries of the cluster's data groups
     */
    default Optional<ClockRange> clocks(ExecutionContext context, Cluster cluster, List<Node> primaries) {
        return Optional.empty();
    }

    /** Returns the labels of the side-by-side restores whose servers or directories are on the hosts. Changes nothing. */
    default ScratchInstances.Labels labels(ExecutionContext context, Topology topology, Cluster cluster) {
        return ScratchInstances.Labels.NONE;
    }

    /** Returns the servers of a side-by-side restore, by the group of their data; empty when there is none of that label. */
    default Map<String, Node> scratchNodes(ExecutionContext context, Topology topology, Cluster cluster, String label) {
        return Map.of();
    }

    /** Returns the passphrase of the cluster's repository; empty when it is not encrypted. */
    default Optional<SecretRef> passphrase(Cluster cluster) {
        return Optional.empty();
    }

    /** Returns the secrets without which nothing can log in to the servers of a side-by-side restore. */
    List<SecretRef> loginSecrets(Cluster cluster);

    /** Returns what Holdfast itself must archive; nothing when the servers archive. Changes nothing. */
    default List<OplogArchiver.Source> archived(ExecutionContext context, Topology topology, Cluster cluster) {
        return List.of();
    }
}
