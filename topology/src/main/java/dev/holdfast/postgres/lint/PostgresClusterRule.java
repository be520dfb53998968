package dev.holdfast.postgres.lint;

import dev.holdfast.lint.ClusterRule;
import dev.holdfast.lint.LintRule;
import dev.holdfast.postgres.topology.PostgresCluster;

/** The rules about whole PostgreSQL clusters. */
final class PostgresClusterRule {

    private PostgresClusterRule() {}

    static LintRule of(String id, ClusterRule.Check<PostgresCluster> check) {
        return new ClusterRule<>(id, PostgresCluster.class, check);
    }
}
