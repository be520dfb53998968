package dev.holdfast.postgres.lint;

import static dev.holdfast.postgres.lint.ParameterValues.above;
import static dev.holdfast.postgres.lint.ParameterValues.rule;

import dev.holdfast.lint.Findings;
import dev.holdfast.lint.LintRule;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.util.List;

/** The rules about parameters that slow down or disturb every session. */
final class ServerSettingRules {

    private static final String EVERY_SESSION = "every session has the limit, also pg_dump, backups and schema changes";
    private static final String BY_ROLE = "leave it out, and set it for a role: ALTER ROLE ... SET";

    private ServerSettingRules() {}

    static List<LintRule> all() {
        return List.of(
                PostgresClusterRule.of("postgres-plan-method-off", ServerSettingRules::planner),
                rule(
                        "postgres-all-statements-logged",
                        "log_statement",
                        "all"::equals,
                        "the log fills the disk, and has the values of all statements",
                        "write ddl, or leave it out"),
                rule(
                        "postgres-all-durations-logged",
                        "log_min_duration_statement",
                        ParameterValues.isNumber(0, "ms"),
                        "the log fills the disk, and has the values of all statements",
                        "write 1s, or leave it out"),
                rule("postgres-statement-timeout", "statement_timeout", above(0, "ms"), EVERY_SESSION, BY_ROLE),
                rule("postgres-transaction-timeout", "transaction_timeout", above(0, "ms"), EVERY_SESSION, BY_ROLE),
                rule("postgres-lock-timeout", "lock_timeout", above(0, "ms"), EVERY_SESSION, BY_ROLE),
                rule(
                        "postgres-old-tls",
                        "ssl_min_protocol_version",
                        v -> v.equals("TLSv1") || v.equals("TLSv1.1"),
                        "clients can use a version of TLS with known weaknesses",
                        "leave it out: the default is TLSv1.2"),
                rule(
                        "postgres-low-password-work",
                        "scram_iterations",
                        ParameterValues.below(4096, ""),
                        "a stolen password hash is guessed faster",
                        "leave it out: the default is 4096"));
    }

    private static void planner(PostgresCluster cluster, Findings findings) {
        List<String> methods = List.of(
                "enable_seqscan",
                "enable_indexscan",
                "enable_indexonlyscan",
                "enable_bitmapscan",
                "enable_hashjoin",
                "enable_mergejoin",
                "enable_nestloop",
                "enable_sort",
                "enable_hashagg");
        for (String method : methods) {
            if (ParameterValues.isOff(cluster.settings().getOrDefault(method, "on"))) {
                findings.warnOfSetting(
                        method,
                        cluster.name() + " sets " + method + " to off: every plan of every session avoids that method",
                        "leave it out, and analyze the tables of the slow query");
            }
        }
    }
}
