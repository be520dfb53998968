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
 * What an engine does about backups; the third door that engines offer. What archiving needs of the servers themselves
 * (archive commands, a stanza) belongs to provisioning.
 */
public interface BackupProvider {

    /** Makes a base copy in the declared repository, and forgets what is older than {@code keep} says. */
    Runbook<?> backup(Topology topology, Cluster cluster, BackupType kind);

    /** What can be brought back, by asking the repository's catalogue and the servers; changes nothing. */
    BackupInventory holdings(ExecutionContext context, Topology topology, Cluster cluster);

    /** The same after every piece was read and compared with its checksum; may take as long as reading all of it. */
    BackupInventory verify(ExecutionContext context, Topology topology, Cluster cluster);

    /**
     * Brings back a moment. Deciding is the pre-flight: a moment that cannot be reached is refused with the nearest
     * reachable ones, before anything is touched. Going through the book again takes a killed restore up where it stopped.
     */
    Operation<?> restore(Topology topology, Cluster cluster, RestoreRequest request);

    /** Ends the scratch servers of a restore beside and removes their folder; nothing of the running estate. */
    Runbook<?> discard(Topology topology, Cluster cluster, String label);

    /**
     * Undoes a restore in place that is not done: the data that it kept aside comes back. What it brought back must not have
     * been opened to clients. The servers are started afterwards by provisioning.
     */
    Runbook<?> undo(Topology topology, Cluster cluster);

    /**
     * A moment of now, as the servers themselves tell it: what was acknowledged before the question belongs to it, and what
     * is begun after the answer does not. Absent when nobody told. Changes nothing.
     *
     * @param primaries of the cluster's data groups
     */
    default Optional<RecoveryTarget> now(ExecutionContext context, Cluster cluster, List<Node> primaries) {
        return Optional.empty();
    }

    /**
     * How the servers tell the time, so that clusters of several engines can be brought back to one and the same. Absent
     * when any of them does not tell. Changes nothing.
     *
     * @param primaries of the cluster's data groups
     */
    default Optional<ClockRange> clocks(ExecutionContext context, Cluster cluster, List<Node> primaries) {
        return Optional.empty();
    }

    /** The labels of the restores beside whose servers or folders hosts still carry. Changes nothing. */
    default ScratchInstances.Labels labels(ExecutionContext context, Topology topology, Cluster cluster) {
        return ScratchInstances.Labels.NONE;
    }

    /** The servers of a restore beside, by the group whose data they hold; empty when there are none of that label. */
    default Map<String, Node> scratchNodes(ExecutionContext context, Topology topology, Cluster cluster, String label) {
        return Map.of();
    }

    /** What opens the cluster's encrypted repository; empty where it is not encrypted. */
    default Optional<SecretRef> passphrase(Cluster cluster) {
        return Optional.empty();
    }

    /** What Holdfast itself has to keep archiving; nothing where the servers do it. Changes nothing. */
    default List<OplogArchiver.Source> archived(ExecutionContext context, Topology topology, Cluster cluster) {
        return List.of();
    }
}
