package dev.holdfast.drill.scenario;

import dev.holdfast.backup.BackupProvider;
import dev.holdfast.engine.ScratchInstances;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

    /**
     * What drills have left.
     *
     * @param unreached the missing answers of hosts, by name: there may be more on these hosts
     */
    public record Observed(List<Left> left, Map<String, String> unreached) {}

    /** Changes nothing. */
    public Observed look(ExecutionContext context, List<Cluster> clusters) {
        List<Left> left = new ArrayList<>();
        Map<String, String> unreached = new TreeMap<>();
        clusters.stream()
                .filter(c -> c.precaution().isPresent())
                .forEach(c -> vaults.apply(c).ifPresent(v -> {
                    ScratchInstances.Labels labels = v.labels(context, topology, c);
                    unreached.putAll(labels.unreached());
                    labels.labels().stream()
                            .filter(PointInTimeRestoreScenario::isLabel)
                            .forEach(l -> left.add(new Left(v, c, l)));
                }));
        return new Observed(left, unreached);
    }

    public Runbook<?> discard(Left left) {
        return left.vault().discard(topology, left.cluster(), left.label());
    }
}
