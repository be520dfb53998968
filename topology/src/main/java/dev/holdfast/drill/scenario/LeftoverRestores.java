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
 * The side-by-side restores that drills have made and not removed, because their CLI ended early.
 *
 * @param providers returns a cluster's backup provider; empty when the engine has none
 */
public record LeftoverRestores(Topology topology, Function<Cluster, Optional<BackupProvider>> providers) {

    /** A leftover of one drill in one cluster. */
    public record Left(BackupProvider provider, Cluster cluster, String label) {
        public String description() {
            return cluster.name() + " restored side by side with the label " + label;
        }
    }

    /**
     * The leftovers of drills.
     *
     * @param unreached the missing answers of hosts, by name: more may be on these hosts
     */
    public record Observed(List<Left> left, Map<String, String> unreached) {}

    /** Finds the leftovers; changes nothing. */
    public Observed look(ExecutionContext context, List<Cluster> clusters) {
        List<Left> left = new ArrayList<>();
        Map<String, String> unreached = new TreeMap<>();
        clusters.stream()
                .filter(c -> c.precaution().isPresent())
                .forEach(c -> providers.apply(c).ifPresent(v -> {
                    ScratchInstances.Labels labels = v.labels(context, topology, c);
                    unreached.putAll(labels.unreached());
                    labels.labels().stream()
                            .filter(PointInTimeRestoreScenario::isLabel)
                            .forEach(l -> left.add(new Left(v, c, l)));
                }));
        return new Observed(left, unreached);
    }

    public Runbook<?> discard(Left left) {
        return left.provider().discard(topology, left.cluster(), left.label());
    }
}
