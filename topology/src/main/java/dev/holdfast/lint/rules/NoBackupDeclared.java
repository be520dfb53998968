package dev.holdfast.lint.rules;

import dev.holdfast.lint.LintRule;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Topology;
import java.util.List;

/** The rule about missing backups: replication also copies every mistake, and only a backup has older data. */
public final class NoBackupDeclared implements LintRule {

    @Override
    public String id() {
        return "no-backup";
    }

    @Override
    public void judge(Topology topology, List<Problem> found) {
        for (Cluster cluster : topology.clusters()) {
            if (cluster.precaution().isEmpty()) {
                found.add(Problem.warn(
                        topology.place("/clusters/" + cluster.name()),
                        cluster.name() + " declares no backup: a dropped table is dropped on all members",
                        "add backup: { ..., repository: /path/on/other/storage }"));
            }
        }
    }
}
