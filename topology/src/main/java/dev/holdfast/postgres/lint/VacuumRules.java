package dev.holdfast.postgres.lint;

import static dev.holdfast.postgres.lint.ParameterValues.above;
import static dev.holdfast.postgres.lint.ParameterValues.below;
import static dev.holdfast.postgres.lint.ParameterValues.rule;

import dev.holdfast.lint.LintRule;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.util.List;

/** The rules about the parameters of autovacuum and checkpoints. */
final class VacuumRules {

    private VacuumRules() {}

    static List<LintRule> all() {
        return List.of(
                PostgresClusterRule.of("postgres-autovacuum-off", (cluster, findings) -> {
                    if (isOff(cluster, "autovacuum")) {
                        findings.warnOfSetting(
                                "autovacuum",
                                "autovacuum is off: tables grow, and the server refuses writes when transaction numbers run out",
                                "leave it out");
                    }
                }),
                rule(
                        "postgres-counts-off",
                        "track_counts",
                        ParameterValues::isOff,
                        "autovacuum does not see which tables have changed",
                        "leave it out"),
                rule(
                        "postgres-freeze-age-high",
                        "autovacuum_freeze_max_age",
                        above(1_000_000_000, ""),
                        "little time is left between the forced vacuum and the end of transaction numbers",
                        "write 1000000000 at most, or leave it out: the default is 200000000"),
                rule(
                        "postgres-vacuum-rare",
                        "autovacuum_naptime",
                        above(600, "s"),
                        "tables with many changes grow between two runs",
                        "leave it out: the default is 1min"),
                rule(
                        "postgres-vacuum-scale-large",
                        "autovacuum_vacuum_scale_factor",
                        above(0.4, ""),
                        "a large table collects that part of dead rows before it is vacuumed",
                        "write 0.1 or less for large tables, or leave it out: the default is 0.2"),
                rule(
                        "postgres-vacuum-slow",
                        "autovacuum_vacuum_cost_delay",
                        above(20, "ms"),
                        "a vacuum of a large table takes days",
                        "leave it out: the default is 2ms"),
                rule(
                        "postgres-checkpoint-rare",
                        "checkpoint_timeout",
                        above(1800, "s"),
                        "after a crash, the server replays that much WAL before it accepts a connection",
                        "write 30min at most"),
                rule(
                        "postgres-checkpoint-hasty",
                        "checkpoint_completion_target",
                        below(0.5, ""),
                        "each checkpoint writes in a burst, and commits wait for the disk meanwhile",
                        "leave it out: the default is 0.9"));
    }

    private static boolean isOff(PostgresCluster cluster, String parameter) {
        return ParameterValues.isOff(cluster.settings().getOrDefault(parameter, "on"));
    }
}
