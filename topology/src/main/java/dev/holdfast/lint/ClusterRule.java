package dev.holdfast.lint;

import dev.holdfast.model.Cluster;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Topology;
import java.util.List;

/**
 * A rule about the clusters of one kind.
 *
 * @param type the clusters that it examines
 * @param check the examination of one cluster
 */
public record ClusterRule<C extends Cluster>(String id, Class<C> type, Check<C> check) implements LintRule {

    /** The examination of one cluster. */
    @FunctionalInterface
    public interface Check<C extends Cluster> {
        void judge(C cluster, Findings findings);
    }

    @Override
    public void judge(Topology topology, List<Problem> found) {
        for (Cluster cluster : topology.clusters()) {
            if (type.isInstance(cluster)) {
                check.judge(type.cast(cluster), new Findings(topology, cluster.name(), found));
            }
        }
    }
}
