package dev.holdfast.postgres.lint;

import dev.holdfast.lint.Findings;
import dev.holdfast.lint.LintRule;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules about the backups of a PostgreSQL cluster. */
final class BackupRules {

    private BackupRules() {}

    static List<LintRule> all() {
        return List.of(
                new PassphraseOnlyInState(),
                PostgresClusterRule.of("postgres-no-wal-archive", BackupRules::noArchive),
                PostgresClusterRule.of("postgres-repository-on-primary-host", BackupRules::onPrimary),
                PostgresClusterRule.of("postgres-repository-in-primary-region", BackupRules::inRegion));
    }

    private static void noArchive(PostgresCluster cluster, Findings findings) {
        if (cluster.repository().isPresent() && !findings.declares("/backup/archive")) {
            findings.warn(
                    "/backup",
                    "the WAL of " + cluster.name()
                            + " is not archived continuously: commits since the last backup cannot be restored",
                    "write backup: { archive: continuous }");
        }
    }

    private static Optional<Node> owner(PostgresCluster cluster) {
        return cluster.repositoryServers().stream().findFirst();
    }

    private static void onPrimary(PostgresCluster cluster, Findings findings) {
        owner(cluster)
                .filter(r -> r.host().equals(cluster.declaredPrimary().node().host()))
                .ifPresent(r -> findings.warn(
                        "/backup/repository/host",
                        "the repository is on " + r.host().name() + ", where the primary is: one loss takes both",
                        "put the repository on a separate host"));
    }

    private static void inRegion(PostgresCluster cluster, Findings findings) {
        Set<String> regions =
                cluster.members().stream().map(m -> m.node().host().region()).collect(Collectors.toSet());
        Node primary = cluster.declaredPrimary().node();
        owner(cluster)
                .filter(r -> regions.size() > 1 && !primary.host().region().isEmpty())
                .filter(r -> !r.host().equals(primary.host()))
                .filter(r -> r.host().region().equals(primary.host().region()))
                .ifPresent(r -> findings.warn(
                        "/backup/repository/host",
                        "the repository of " + cluster.name() + " is in the primary's region, "
                                + r.host().region() + ": after its loss no older data can be restored",
                        "put it on a host in another region"));
    }
}
