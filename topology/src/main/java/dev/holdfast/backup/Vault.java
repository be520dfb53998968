package dev.holdfast.backup;

import dev.holdfast.engine.Maneuver;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import dev.holdfast.world.World;
import java.util.List;

/**
 * What an engine does about backups; the third door that engines offer. What archiving needs of the servers themselves
 * (archive commands, a stanza) belongs to provisioning.
 */
public interface Vault {

    /** Makes a base copy in the declared repository, and forgets what is older than {@code keep} says. */
    Runbook<?> backup(Topology topology, Cluster cluster, Kind kind);

    /** What can be brought back, by asking the repository's catalogue and the servers; changes nothing. */
    Holdings holdings(World world, Topology topology, Cluster cluster);

    /** The same after every piece was read and compared with its checksum; may take as long as reading all of it. */
    Holdings verify(World world, Topology topology, Cluster cluster);

    /**
     * Brings back a moment. Deciding is the pre-flight: a moment that cannot be reached is refused with the nearest
     * reachable ones, before anything is touched. Going through the book again takes a killed restore up where it stopped.
     */
    Maneuver<?> restore(Topology topology, Cluster cluster, RestoreOrder order);

    /** Ends the scratch servers of a restore beside and removes their folder; nothing of the running estate. */
    Runbook<?> discard(Topology topology, Cluster cluster, String label);

    /** What Holdfast itself has to keep archiving; nothing where the servers do it. Changes nothing. */
    default List<Archivist.Source> archived(World world, Topology topology, Cluster cluster) {
        return List.of();
    }
}
