package dev.holdfast.mongodb.lint;

import dev.holdfast.lint.Findings;
import dev.holdfast.lint.LintRule;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.topology.MongoCluster.Role;

/** The examination of one replica set of a cluster. */
@FunctionalInterface
interface SetRule {

    /** @param path the path of the set below the cluster */
    void judge(MongoCluster cluster, MongoSet set, String path, Findings findings);

    /** Returns a rule about every replica set, config servers included. */
    static LintRule rule(String id, SetRule check) {
        return MongoClusterRule.of(
                id, (cluster, findings) -> cluster.allSets().forEach(s -> check.judge(cluster, s, path(s), findings)));
    }

    /** Returns a rule about the replica sets that have user data. */
    static LintRule ofData(String id, SetRule check) {
        return rule(id, (cluster, set, path, findings) -> {
            if (set.role() != Role.CONFIG) {
                check.judge(cluster, set, path, findings);
            }
        });
    }

    private static String path(MongoSet set) {
        return switch (set.role()) {
            case CONFIG -> "/configServers";
            case SHARD -> "/shards/" + set.name();
            case REPLICA_SET -> "/replicaSet";
        };
    }
}
