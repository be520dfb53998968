package dev.holdfast.drill.scenario;

import dev.holdfast.backup.BackupProvider;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What drills have restored beside the running servers and not removed, for their CLI ended without them.
 *
 * @param vaults how a cluster's backups are asked for; empty where the engine has none
 */
public record LeftoverRestores(Topology topology, Function<Cluster, Optional<BackupProvider>> vaults) {

    /** What one drill has left of one cluster. */
    public record Left(BackupProvider vault, Cluster cluster, String label) {
        public String story() {
            return cluster.name() + " restored beside the running servers as " + label;
        }
    }

    /** Changes nothing. */
    public List<Left> look(ExecutionContext context, List<Cluster> clusters) {
        return clusters.stream()
                .filter(c -> c.precaution().isPresent())
                .flatMap(c -> vaults.apply(c).stream()
                        .flatMap(v -> v.labels(context, topology, c).stream()
                                .filter(PointInTimeRestoreScenario::isLabel)
                                .map(l -> new Left(v, c, l))))
                .toList();
    }

    public Runbook<?> discard(Left left) {
        return left.vault().discard(topology, left.cluster(), left.label());
    }
}
