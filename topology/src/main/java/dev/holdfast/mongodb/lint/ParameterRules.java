package dev.holdfast.mongodb.lint;

import static dev.holdfast.mongodb.lint.SettingValues.above;
import static dev.holdfast.mongodb.lint.SettingValues.below;
import static dev.holdfast.mongodb.lint.SettingValues.rule;

import dev.holdfast.lint.Findings;
import dev.holdfast.lint.LintRule;
import dev.holdfast.mongodb.topology.MongoCluster;
import java.util.List;

/** The rules about server parameters, which are below {@code setParameter}. */
final class ParameterRules {

    static final String PREFIX = "setParameter.";

    private static final String DIAGNOSTICS = PREFIX + "diagnosticDataCollectionEnabled";

    private ParameterRules() {}

    static List<LintRule> all() {
        return List.of(
                rule(
                        "mongodb-ttl-off",
                        PREFIX + "ttlMonitorEnabled",
                        "false"::equals,
                        "no document expires, although TTL indexes are declared",
                        "leave it out"),
                rule(
                        "mongodb-scans-forbidden",
                        PREFIX + "notablescan",
                        "true"::equals,
                        "also the server's own queries without an index fail",
                        "leave it out, and find slow queries with the profiler"),
                MongoClusterRule.of("mongodb-diagnostics-off", ParameterRules::diagnostics),
                rule(
                        "mongodb-long-transactions",
                        PREFIX + "transactionLifetimeLimitSeconds",
                        above(300),
                        "one forgotten transaction holds the cache for that long",
                        "leave it out: the default is 60"),
                rule(
                        "mongodb-flow-control-off",
                        PREFIX + "enableFlowControl",
                        "false"::equals,
                        "the primary does not slow down when the majority falls behind, and more writes can be undone",
                        "leave it out"),
                rule(
                        "mongodb-no-periodic-writes",
                        PREFIX + "writePeriodicNoops",
                        "false"::equals,
                        "on a set without writes, reads with a cluster time wait, and the oplog archive has no newer time",
                        "leave it out"),
                rule(
                        "mongodb-authentication-mechanism",
                        PREFIX + "authenticationMechanisms",
                        v -> !v.contains("SCRAM-SHA-256")
                                || v.contains("PLAIN")
                                || v.contains("SCRAM-SHA-1,")
                                || v.endsWith("SCRAM-SHA-1")
                                || v.endsWith("SCRAM-SHA-1]"),
                        "members and Holdfast log in with SCRAM-SHA-256, and the other mechanisms protect a password less",
                        "leave it out, or write SCRAM-SHA-256"),
                rule(
                        "mongodb-password-work",
                        PREFIX + "scramSHA256IterationCount",
                        below(5000),
                        "a stolen password hash is guessed faster, and mongod accepts 5000 or more",
                        "leave it out: the default is 15000"),
                MongoClusterRule.of("mongodb-internal-parameter", ParameterRules::internal),
                rule(
                        "mongodb-index-memory",
                        PREFIX + "maxIndexBuildMemoryUsageMegabytes",
                        below(50),
                        "index builds write to disk at once and take long",
                        "leave it out: the default is 200"),
                rule(
                        "mongodb-rollback-limit",
                        PREFIX + "rollbackTimeLimitSecs",
                        below(3600),
                        "a former primary with older writes cannot roll back and must copy all data",
                        "leave it out: the default is one day"),
                rule(
                        "mongodb-sync-from-primary",
                        PREFIX + "initialSyncSourceReadPreference",
                        "primary"::equals,
                        "a new member copies all data from the server that has the writes",
                        "leave it out"),
                rule(
                        "mongodb-sharding-checks-off",
                        PREFIX + "skipShardingConfigurationChecks",
                        "true"::equals,
                        "the member starts outside its cluster and accepts writes that no router knows",
                        "leave it out; it is for one start during a repair"));
    }

    private static void diagnostics(MongoCluster cluster, Findings findings) {
        if (findings.isProduction()
                && "false".equals(String.valueOf(cluster.settings().get(DIAGNOSTICS)))) {
            findings.warnOfSetting(
                    DIAGNOSTICS,
                    cluster.name() + " collects no diagnostic data: after a failure, nothing shows what the server did",
                    "leave it out on real machines");
        }
    }

    private static void internal(MongoCluster cluster, Findings findings) {
        cluster.settings().keySet().stream()
                .filter(k -> k.startsWith(PREFIX + "internal"))
                .forEach(k -> findings.warnOfSetting(
                        k,
                        cluster.name() + " sets " + k.substring(PREFIX.length())
                                + ", an internal parameter: any version can change or remove it",
                        "leave it out, unless MongoDB's support asked for it"));
    }
}
