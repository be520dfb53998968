package dev.holdfast.postgres.lint;

import static dev.holdfast.postgres.lint.ParameterValues.rule;

import dev.holdfast.lint.Findings;
import dev.holdfast.lint.LintRule;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.util.List;

/** The rules about parameters that risk data or a promotion. */
final class SafetySettingRules {

    private static final String LEAVE_OUT = "leave it out";

    private SafetySettingRules() {}

    static List<LintRule> all() {
        return List.of(
                PostgresClusterRule.of("postgres-fsync-off", SafetySettingRules::fsync),
                PostgresClusterRule.of("postgres-hook-without-limit", SafetySettingRules::hooks),
                rule(
                        "postgres-damaged-pages-zeroed",
                        "zero_damaged_pages",
                        ParameterValues::isOn,
                        "the server replaces damaged pages by empty ones, and their rows are lost without an error",
                        "leave it out, and set it in one session during a repair"),
                rule(
                        "postgres-checksums-ignored",
                        "ignore_checksum_failure",
                        ParameterValues::isOn,
                        "the server returns damaged rows, and backups copy them",
                        LEAVE_OUT),
                rule(
                        "postgres-invalid-pages-ignored",
                        "ignore_invalid_pages",
                        ParameterValues::isOn,
                        "a standby continues although its data does not fit the WAL",
                        LEAVE_OUT),
                rule(
                        "postgres-system-tables-open",
                        "allow_system_table_mods",
                        ParameterValues::isOn,
                        "a superuser can change system tables, and the cluster cannot be repaired after that",
                        LEAVE_OUT),
                rule(
                        "postgres-system-indexes-ignored",
                        "ignore_system_indexes",
                        ParameterValues::isOn,
                        "each access to the catalog reads whole tables",
                        "leave it out, and set it in one session during a repair"),
                rule(
                        "postgres-failed-sync-retried",
                        "data_sync_retry",
                        ParameterValues::isOn,
                        "after a failed fsync, Linux can have dropped the data, and a second fsync reports success",
                        LEAVE_OUT),
                rule(
                        "postgres-triggers-off",
                        "session_replication_role",
                        v -> !v.equalsIgnoreCase("origin"),
                        "triggers and foreign keys are not checked in any session",
                        LEAVE_OUT),
                rule(
                        "postgres-read-only-by-default",
                        "default_transaction_read_only",
                        ParameterValues::isOn,
                        "every write of an application fails, also on the primary",
                        "leave it out; standbys are read-only without it"),
                PostgresClusterRule.of("postgres-no-restart-after-crash", SafetySettingRules::restart),
                rule(
                        "postgres-prepared-transactions",
                        "max_prepared_transactions",
                        ParameterValues.above(0, ""),
                        "a prepared transaction that nothing ends holds its locks and stops vacuum, also after a failover",
                        "leave it out, unless a transaction manager ends them"));
    }

    private static void fsync(PostgresCluster cluster, Findings findings) {
        if (ParameterValues.isOff(cluster.settings().getOrDefault("fsync", "on"))) {
            findings.warnOfSetting(
                    "fsync",
                    "fsync is off: a power failure can lose acknowledged commits or the whole cluster",
                    LEAVE_OUT);
        }
    }

    private static void hooks(PostgresCluster cluster, Findings findings) {
        for (String hook : List.of("recovery_end_command", "archive_cleanup_command")) {
            String command = cluster.settings().getOrDefault(hook, "");
            if (!command.isEmpty() && !command.contains("timeout")) {
                findings.warnOfSetting(
                        hook,
                        hook + " has no time limit: a promotion waits until the command has ended",
                        "begin the command with timeout 15, or leave the setting out");
            }
        }
    }

    private static void restart(PostgresCluster cluster, Findings findings) {
        if (cluster.automatic().isEmpty()
                && ParameterValues.isOff(cluster.settings().getOrDefault("restart_after_crash", "on"))) {
            findings.warnOfSetting(
                    "restart_after_crash",
                    cluster.name()
                            + " sets restart_after_crash to off: one crashed session stops the primary until an operator acts",
                    LEAVE_OUT);
        }
    }
}
