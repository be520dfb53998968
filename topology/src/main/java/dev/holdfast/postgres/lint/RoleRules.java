package dev.holdfast.postgres.lint;

import dev.holdfast.lint.Findings;
import dev.holdfast.lint.LintRule;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.User;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The rules about who may log in, and with which rights. */
final class RoleRules {

    private static final Set<String> FILES =
            Set.of("pg_read_server_files", "pg_write_server_files", "pg_execute_server_program");
    private static final Set<String> OWN = Set.of(PostgresCluster.REPLICATION, PostgresCluster.REWIND);

    /** A PgBouncer opens this many server connections for each database and user, by Holdfast's configuration. */
    private static final int POOL = 20;

    private static final int USUAL_CONNECTIONS = 100;
    private static final int USUALLY_RESERVED = 3;
    private static final int MANY_CONNECTIONS = 500;

    private RoleRules() {}

    static List<LintRule> all() {
        return List.of(
                roles(
                        "postgres-superuser",
                        PostgresCluster.ADMIN::equals,
                        "the user can do everything, also what Holdfast protects",
                        "leave it out, and grant rights on the objects of the application"),
                roles(
                        "postgres-server-files-role",
                        FILES::contains,
                        "the user reaches the files and programs of the server, and can become superuser",
                        "leave it out, and use COPY FROM STDIN"),
                roles(
                        "postgres-write-all-role",
                        "pg_write_all_data"::equals,
                        "the user can change every table, of other applications too",
                        "grant rights on the tables of the application"),
                roles(
                        "postgres-replication-role",
                        OWN::contains,
                        "the user can read the WAL with all data, and the files that pg_rewind reads",
                        "leave it out: the role is Holdfast's own"),
                PostgresClusterRule.of("postgres-open-clients", RoleRules::open),
                PostgresClusterRule.of("postgres-wide-clients", RoleRules::wide),
                PostgresClusterRule.of("postgres-clear-text-clients", RoleRules::clearText),
                PostgresClusterRule.of("postgres-many-connections", RoleRules::connections),
                PostgresClusterRule.of("postgres-reserved-connections", RoleRules::reserved),
                PostgresClusterRule.of("postgres-pools-beyond-connections", RoleRules::pools));
    }

    private static LintRule roles(String id, Predicate<String> isWrong, String consequence, String hint) {
        return PostgresClusterRule.of(id, (cluster, findings) -> {
            for (User user : cluster.users()) {
                user.grants().stream()
                        .filter(isWrong)
                        .findFirst()
                        .ifPresent(r -> findings.warn(
                                "/users/" + user.name() + "/roles",
                                "the user " + user.name() + " is a member of " + r + ": " + consequence,
                                hint));
            }
        });
    }

    private static List<String> networks(PostgresCluster cluster) {
        return cluster.options().clients().orElse(List.of());
    }

    private static int prefix(String network) {
        return Integer.parseInt(network.substring(network.indexOf('/') + 1));
    }

    private static void eachNetwork(
            PostgresCluster cluster, Findings findings, Predicate<String> isWrong, String what, String hint) {
        List<String> networks = networks(cluster);
        for (int i = 0; i < networks.size(); i++) {
            if (networks.get(i).contains("/") && isWrong.test(networks.get(i))) {
                findings.warn("/clients/" + i, what.replace("NETWORK", networks.get(i)), hint);
            }
        }
    }

    private static void open(PostgresCluster cluster, Findings findings) {
        eachNetwork(
                cluster,
                findings,
                n -> prefix(n) == 0,
                "clients from every address can try passwords",
                "name the networks of the applications");
    }

    private static void wide(PostgresCluster cluster, Findings findings) {
        eachNetwork(
                cluster,
                findings,
                n -> !n.contains(":") && prefix(n) > 0 && prefix(n) < 8,
                "clients of NETWORK can try passwords, which is more than any private network has",
                "name the networks of the applications");
    }

    private static void clearText(PostgresCluster cluster, Findings findings) {
        if (findings.isProduction() && !ParameterValues.isOn(cluster.settings().getOrDefault("ssl", "off"))) {
            eachNetwork(
                    cluster,
                    findings,
                    n -> !n.startsWith("127."),
                    "data travels to clients of NETWORK in clear text, because ssl is off",
                    "write settings: { ssl: on, ssl_cert_file: /PATH, ssl_key_file: /PATH }");
        }
    }

    private static void connections(PostgresCluster cluster, Findings findings) {
        double most = ParameterValues.of(cluster, "max_connections", "", USUAL_CONNECTIONS);
        if (most > MANY_CONNECTIONS && cluster.poolers().isEmpty()) {
            findings.warnOfSetting(
                    "max_connections",
                    cluster.name() + " allows more than " + MANY_CONNECTIONS
                            + " connections, each with a process of its own, and has no pooler",
                    "add a PgBouncer: proxy: [ { host: HOST, kind: pgbouncer } ], and lower max_connections");
        }
    }

    private static void reserved(PostgresCluster cluster, Findings findings) {
        double most = ParameterValues.of(cluster, "max_connections", "", USUAL_CONNECTIONS);
        double own = ParameterValues.of(cluster, "superuser_reserved_connections", "", USUALLY_RESERVED);
        if (own >= most) {
            findings.warnOfSetting(
                    "superuser_reserved_connections",
                    cluster.name() + " reserves all its connections for superusers: PostgreSQL does not start",
                    "leave it out: the default is 3");
        }
    }

    private static void pools(PostgresCluster cluster, Findings findings) {
        double most = ParameterValues.of(cluster, "max_connections", "", USUAL_CONNECTIONS)
                - ParameterValues.of(cluster, "superuser_reserved_connections", "", USUALLY_RESERVED);
        int pooled = cluster.poolers().size() * cluster.users().size() * POOL;
        if (pooled > most) {
            findings.warnOfSetting(
                    "max_connections",
                    "the PgBouncers of " + cluster.name() + " can open " + pooled
                            + " connections, and its servers have fewer for applications",
                    "write settings: { max_connections: " + (pooled + USUAL_CONNECTIONS)
                            + " }, or declare fewer users");
        }
    }
}
