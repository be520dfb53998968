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

/** The rule about archives: if all members are lost, writes that were not archived are lost, so the archive must meet the RPO. */
public final class ArchiveLagExceedsRpo implements LintRule {

    @Override
    public String id() {
        return "archive-behind-rpo";
    }

    @Override
    public void judge(Topology topology, List<Problem> found) {
        for (Cluster cluster : topology.clusters()) {
            Optional<BackupPolicy> backup = cluster.precaution();
            Optional<Duration> behind = backup.flatMap(BackupPolicy::behind);
            Optional<Duration> rpo = cluster.objectives().rpo().filter(d -> !d.isZero());
            if (behind.isPresent() && rpo.isPresent() && behind.get().compareTo(rpo.get()) > 0) {
                found.add(
                        Problem.error(
                                topology.place(backup.get().path()),
                                "backups of " + cluster.name() + " can be " + Quantities.shown(behind.get())
                                        + " behind the last write, and the RPO is " + Quantities.shown(rpo.get()),
                                "archive more often than the RPO: oplogEvery on MongoDB, archive: continuous and archiveEvery on PostgreSQL"));
            }
        }
    }
}
