package dev.holdfast.mongodb.lint;

import dev.holdfast.lint.LintRule;
import java.util.List;

/** The rules about the backups of a MongoDB cluster. */
final class BackupRules {

    private BackupRules() {}

    static List<LintRule> all() {
        return List.of(MongoClusterRule.of("mongodb-no-oplog-archive", (cluster, findings) -> {
            if (cluster.options().backups().isPresent() && !findings.declares("/backup/oplogEvery")) {
                findings.warn(
                        "/backup",
                        "the oplog of " + cluster.name()
                                + " is not archived on a schedule: writes since the last base backup cannot be restored",
                        "write backup: { oplogEvery: 60s }, and run the archiver");
            }
        }));
    }
}
