package dev.holdfast.drill;

import dev.holdfast.backup.BackupProvider;
import dev.holdfast.engine.DrillProfile;
import dev.holdfast.engine.Engine;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import java.util.List;
import java.util.Optional;

/** One group of nodes in a drill's scope, with its cluster and engine. */
public record DrillGroup(Topology topology, Cluster cluster, Engine engine, String group) {

    public DrillProfile drillProfile() {
        return engine.drillProfile(topology, cluster);
    }

    /** Returns the engine as a backup provider; empty when the cluster declares no backups. */
    public Optional<BackupProvider> backups() {
        return engine instanceof BackupProvider provider && cluster.precaution().isPresent()
                ? Optional.of(provider)
                : Optional.empty();
    }

    /** Returns the name for people: {@code social/shard-a}. */
    public String name() {
        return cluster.name() + "/" + group;
    }

    public List<Node> members() {
        return members(group);
    }

    public List<Node> members(String ofGroup) {
        return cluster.groups().stream()
                .filter(g -> g.name().equals(ofGroup))
                .flatMap(g -> g.nodes().stream())
                .toList();
    }

    public boolean holds(Node node) {
        return node.cluster().equals(cluster.name()) && node.group().equals(group);
    }
}
