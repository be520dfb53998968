package dev.holdfast.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One declared database cluster; each engine's own record has the details. */
public interface Cluster {

    String name();

    /** Returns the name of the engine, as in the topology file. */
    String engine();

    RecoveryObjectives objectives();

    List<NodeGroup> groups();

    /** Returns the redundancy of each group. */
    List<Redundancy> redundancies();

    /** Returns the backup policy that it declares. */
    Optional<BackupPolicy> precaution();

    /** Returns the names of all its secrets. */
    List<SecretRef> secrets();

    /** Returns the declared settings of its servers, by the servers' own names. */
    Map<String, ?> settings();

    /** The files of its data dictionary, relative to the topology file. */
    List<String> dictionaries();

    default List<Node> nodes() {
        return groups().stream().flatMap(g -> g.nodes().stream()).toList();
    }

    /** Returns the version that its server programs must have. */
    default DeclaredVersion version() {
        return DeclaredVersion.NONE;
    }

    /** Returns the packages for Debian that a node needs on its host; empty when they are not installed as packages. */
    default List<String> packages(Node node) {
        return List.of();
    }
}
