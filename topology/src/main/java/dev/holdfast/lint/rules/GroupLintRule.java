package dev.holdfast.lint.rules;

import dev.holdfast.lint.LintRule;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.SourceLocation;
import dev.holdfast.model.Topology;
import java.util.List;

/** A lint rule that checks one group of nodes at a time. */
interface GroupLintRule extends LintRule {

    /** @param place the location of the group in the file */
    void judge(Cluster cluster, Redundancy group, SourceLocation place, List<Problem> found);

    @Override
    default void judge(Topology topology, List<Problem> found) {
        for (Cluster cluster : topology.clusters()) {
            for (Redundancy group : cluster.redundancies()) {
                judge(cluster, group, topology.place(group.path()), found);
            }
        }
    }
}
