package dev.holdfast.mongodb.lint;

import dev.holdfast.lint.ClusterRule;
import dev.holdfast.lint.LintRule;
import dev.holdfast.mongodb.topology.MongoCluster;

/** The rules about whole MongoDB clusters. */
final class MongoClusterRule {

    private MongoClusterRule() {}

    static LintRule of(String id, ClusterRule.Check<MongoCluster> check) {
        return new ClusterRule<>(id, MongoCluster.class, check);
    }
}
