package dev.holdfast.lint.rules;

import dev.holdfast.lint.LintRule;
import dev.holdfast.model.BackupPolicy;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Quantities;
import dev.holdfast.model.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The rule about a retention below the interval of full backups, which leaves a single backup. */
public final class RetentionTooShort implements LintRule {

    @Override
    public String id() {
        return "retention-too-short";
    }

    @Override
    public void judge(Topology topology, List<Problem> found) {
        for (Cluster cluster : topology.clusters()) {
            Optional<BackupPolicy> backup = cluster.precaution();
            Optional<Duration> every = backup.flatMap(BackupPolicy::every);
            Optional<Duration> keep = backup.flatMap(BackupPolicy::keep);
            if (every.isPresent() && keep.isPresent() && keep.get().compareTo(every.get()) < 0) {
                found.add(Problem.warn(
                        topology.place("/clusters/" + cluster.name() + "/backup/keep"),
                        "backups of " + cluster.name() + " are kept for " + Quantities.shown(keep.get())
                                + ", and a full backup is made every " + Quantities.shown(every.get())
                                + ": most of the time only one backup exists",
                        "write keep: " + Quantities.shown(every.get().multipliedBy(2)) + " or more"));
            }
        }
    }
}
