package dev.holdfast.drill;

import dev.holdfast.backup.Vault;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import dev.holdfast.world.World;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What drills have restored beside the running servers and not removed, for their CLI ended without them.
 *
 * @param vaults how a cluster's backups are asked for; empty where the engine has none
 */
public record Leftovers(Topology topology, Function<Cluster, Optional<Vault>> vaults) {

    /** What one drill has left of one cluster. */
    public record Left(Vault vault, Cluster cluster, String label) {
        public String story() {
            return cluster.name() + " restored beside the running servers as " + label;
        }
    }

    /** Changes nothing. */
    public List<Left> look(World world, List<Cluster> clusters) {
        return clusters.stream()
                .filter(c -> c.precaution().isPresent())
                .flatMap(c -> vaults.apply(c).stream()
                        .flatMap(v -> v.labels(world, topology, c).stream()
                                .filter(PointInTime::isLabel)
                                .map(l -> new Left(v, c, l))))
                .toList();
    }

    public Runbook<?> discard(Left left) {
        return left.vault().discard(topology, left.cluster(), left.label());
    }
}
