package dev.holdfast.lint.rules;

import dev.holdfast.lint.ClusterRule;
import dev.holdfast.lint.Findings;
import dev.holdfast.lint.LintRule;
import dev.holdfast.model.BackupPolicy;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Quantities;
import dev.holdfast.model.Topology;
import java.time.Duration;
import java.util.List;

/** The rules about objectives, the schedule of backups, and drills. */
final class ObjectiveRules {

    private static final Duration LONG_INTERVAL = Duration.ofDays(14);
    private static final Duration RARE_DRILLS = Duration.ofDays(180);

    private ObjectiveRules() {}

    /** The rule about an age of drills after which their result says little. */
    private record RareDrills(String id) implements LintRule {
        @Override
        public void judge(Topology topology, List<Problem> found) {
            if (topology.drills().overdue().compareTo(RARE_DRILLS) > 0) {
                found.add(Problem.warn(
                        topology.place("/drills/overdue"),
                        "drills count as overdue only after "
                                + Quantities.shown(topology.drills().overdue())
                                + ": a change in that time can break a recovery unnoticed",
                        "write overdue: 90d"));
            }
        }
    }

    static List<LintRule> all() {
        return List.of(
                rule("no-objectives", ObjectiveRules::objectives),
                rule("no-backup-interval", ObjectiveRules::interval),
                rule("backup-interval-long", ObjectiveRules::longInterval),
                rule("backups-kept-without-limit", ObjectiveRules::unlimited),
                new RareDrills("drills-rare"));
    }

    private static LintRule rule(String id, ClusterRule.Check<Cluster> check) {
        return new ClusterRule<>(id, Cluster.class, check);
    }

    private static void objectives(Cluster cluster, Findings findings) {
        boolean hasRpo = cluster.objectives().rpo().isPresent();
        boolean hasRto = cluster.objectives().rto().isPresent();
        if (findings.isProduction() && !(hasRpo && hasRto)) {
            findings.warn(
                    "/objectives",
                    cluster.name() + " declares no " + (hasRpo ? "RTO" : hasRto ? "RPO" : "RPO and no RTO")
                            + ": drills and alerts have nothing to measure against",
                    "write objectives: { rpo: 5m, rto: 10m }, with what the application accepts");
        }
    }

    private static String backup(Cluster cluster, String key, Findings findings) {
        String path = cluster.precaution().map(BackupPolicy::path).orElse("");
        return findings.declares("/backup/" + key) || path.isEmpty() ? "/backup/" + key : "/backup";
    }

    private static void interval(Cluster cluster, Findings findings) {
        if (cluster.precaution().filter(b -> b.every().isEmpty()).isPresent()) {
            findings.warn(
                    "/backup",
                    "base backups of " + cluster.name()
                            + " have no interval: a restore replays all writes since the last one",
                    "write base: daily on MongoDB, full: weekly on PostgreSQL");
        }
    }

    private static void longInterval(Cluster cluster, Findings findings) {
        cluster.precaution()
                .flatMap(BackupPolicy::every)
                .filter(e -> e.compareTo(LONG_INTERVAL) > 0)
                .ifPresent(e -> findings.warn(
                        backup(cluster, findings.declares("/backup/base") ? "base" : "full", findings),
                        "a base backup of " + cluster.name() + " is made every " + Quantities.shown(e)
                                + ": a restore replays up to that much, and one damaged file of the archive breaks it",
                        "write 7d or less"));
    }

    private static void unlimited(Cluster cluster, Findings findings) {
        if (findings.isProduction()
                && cluster.precaution().filter(b -> b.keep().isEmpty()).isPresent()) {
            findings.warn(
                    "/backup",
                    "backups of " + cluster.name()
                            + " are kept without limit, until the repository is full and archiving stops",
                    "write keep: 30d, or as long as you must keep them");
        }
    }
}
