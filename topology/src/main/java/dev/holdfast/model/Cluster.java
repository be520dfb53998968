package dev.holdfast.model;

import java.util.List;
import java.util.Optional;

/** One wanted database; what is particular to an engine is in the engine's own record. */
public interface Cluster {

    String name();

    /** The engine's name as it is written in the topology: {@code mongodb} or {@code postgresql}. */
    String engine();

    RecoveryObjectives objectives();

    List<NodeGroup> groups();

    /** How each group lives through the loss of nodes. */
    List<Redundancy> redundancies();

    /** The backups it declares. */
    Optional<BackupPolicy> precaution();

    /** The names of all its secrets. */
    List<SecretRef> secrets();

    /** The files of its data dictionary, relative to the topology file. */
    List<String> dictionaries();

    default List<Node> nodes() {
        return groups().stream().flatMap(g -> g.nodes().stream()).toList();
    }
}
