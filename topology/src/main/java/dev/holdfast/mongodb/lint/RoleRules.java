package dev.holdfast.mongodb.lint;

import dev.holdfast.lint.LintRule;
import dev.holdfast.mongodb.topology.MongoCluster.User;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The rules about the rights of applications. */
final class RoleRules {

    private static final Set<String> SUPERUSERS = Set.of("root@admin", "__system@admin");
    private static final Set<String> USER_ADMINISTRATORS =
            Set.of("userAdmin@admin", "userAdminAnyDatabase@admin", "dbOwner@admin");
    private static final Set<String> ANY_DATABASE =
            Set.of("readWriteAnyDatabase@admin", "readAnyDatabase@admin", "dbAdminAnyDatabase@admin");
    private static final Set<String> CLUSTER =
            Set.of("clusterAdmin@admin", "clusterManager@admin", "hostManager@admin");
    private static final Set<String> COPIES = Set.of("backup@admin", "restore@admin");
    private static final Set<String> ON_ADMIN = Set.of("readWrite@admin", "read@admin", "dbAdmin@admin");

    private RoleRules() {}

    static List<LintRule> all() {
        return List.of(
                rule(
                        "mongodb-superuser",
                        SUPERUSERS::contains,
                        "the user can do everything, also what Holdfast protects",
                        "give it readWrite@DATABASE only"),
                rule(
                        "mongodb-user-administrator",
                        USER_ADMINISTRATORS::contains,
                        "the user can give itself every right",
                        "give it readWrite@DATABASE only"),
                rule(
                        "mongodb-any-database",
                        ANY_DATABASE::contains,
                        "the user reaches the data of every application",
                        "name the databases: readWrite@DATABASE"),
                rule(
                        "mongodb-cluster-administrator",
                        CLUSTER::contains,
                        "the user can reconfigure replica sets and shards that Holdfast manages",
                        "give it clusterMonitor to observe, and leave changes to Holdfast"),
                rule(
                        "mongodb-copy-role",
                        COPIES::contains,
                        "the user can read or replace all data",
                        "leave backup and restore to Holdfast"),
                rule(
                        "mongodb-database-owner",
                        r -> r.startsWith("dbOwner@") && !r.endsWith("@admin"),
                        "the user can drop the database and create users in it",
                        "give it readWrite@DATABASE, and change schemas with holdfast schema apply"),
                rule(
                        "mongodb-role-on-admin",
                        ON_ADMIN::contains,
                        "the role holds for the database admin, which has users and roles and no application data",
                        "name the application's database: readWrite@DATABASE"),
                rule(
                        "mongodb-role-on-internal-database",
                        r -> r.matches("(readWrite|dbOwner|dbAdmin|userAdmin)@(config|local)"),
                        "the user can change the metadata of the cluster or the oplog",
                        "give it read@config or read@local at most"),
                MongoClusterRule.of(
                        "mongodb-user-without-role",
                        (cluster, findings) -> cluster.users().stream()
                                .filter(u -> u.roles().isEmpty())
                                .forEach(u -> findings.warn(
                                        "/users/" + u.name(),
                                        "the user " + u.name() + " has no role: it can log in and do nothing",
                                        "write roles: [ readWrite@DATABASE ]"))));
    }

    private static LintRule rule(String id, Predicate<String> isWrong, String consequence, String hint) {
        return MongoClusterRule.of(id, (cluster, findings) -> {
            for (User user : cluster.users()) {
                user.roles().stream()
                        .filter(isWrong)
                        .findFirst()
                        .ifPresent(r -> findings.warn(
                                "/users/" + user.name() + "/roles",
                                "the user " + user.name() + " has the role " + r + ": " + consequence,
                                hint));
            }
        });
    }
}
