package dev.holdfast.postgres.lint;

import static dev.holdfast.postgres.lint.ParameterValues.of;
import static dev.holdfast.postgres.lint.ParameterValues.rule;

import dev.holdfast.lint.Findings;
import dev.holdfast.lint.LintRule;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.util.List;

/** The rules about the parameters of replication and WAL. */
final class ReplicationRules {

    private static final String SENDERS = "max_wal_senders";
    private static final String SLOTS = "max_replication_slots";
    private static final String SLOT_LIMIT = "max_slot_wal_keep_size";
    private static final String MOST_WAL = "max_wal_size";
    private static final double USUAL_MOST_WAL = 1024;

    private ReplicationRules() {}

    static List<LintRule> all() {
        return List.of(
                PostgresClusterRule.of("postgres-few-wal-senders", ReplicationRules::senders),
                PostgresClusterRule.of("postgres-few-replication-slots", ReplicationRules::slots),
                PostgresClusterRule.of("postgres-slot-wal-unlimited", ReplicationRules::unlimited),
                PostgresClusterRule.of("postgres-slot-wal-small", ReplicationRules::small),
                rule(
                        "postgres-no-wal-kept",
                        "wal_keep_size",
                        ParameterValues.isNumber(0, "MB"),
                        "pg_rewind needs the WAL since the last common checkpoint, and a former primary then needs a new copy",
                        "leave it out: Holdfast sets 256MB"),
                rule(
                        "postgres-sender-timeout-off",
                        "wal_sender_timeout",
                        ParameterValues.isNumber(0, "ms"),
                        "the primary never notices that a standby is gone, and commits wait for it",
                        "leave it out: Holdfast sets 5s"),
                rule(
                        "postgres-receiver-timeout-off",
                        "wal_receiver_timeout",
                        ParameterValues.isNumber(0, "ms"),
                        "a standby never notices that its primary is gone, and does not connect again",
                        "leave it out: Holdfast sets 5s"),
                rule(
                        "postgres-apply-delay",
                        "recovery_min_apply_delay",
                        ParameterValues.above(0, "ms"),
                        "every standby replays late, and a promotion waits until it has replayed all WAL",
                        "leave it out, and restore to a time instead"),
                rule(
                        "postgres-replay-waits-for-queries",
                        "max_standby_streaming_delay",
                        v -> ParameterValues.isNumber(-1, "ms").test(v)
                                || ParameterValues.above(300_000, "ms").test(v),
                        "a long query on a standby stops its replay, and a promotion must catch up first",
                        "leave it out: the default is 30s"),
                rule(
                        "postgres-archive-replay-waits-for-queries",
                        "max_standby_archive_delay",
                        v -> ParameterValues.isNumber(-1, "ms").test(v)
                                || ParameterValues.above(300_000, "ms").test(v),
                        "a long query on a standby stops its replay from the archive, and a promotion must catch up first",
                        "leave it out: the default is 30s"),
                PostgresClusterRule.of("postgres-wal-size-small", ReplicationRules::walSize),
                PostgresClusterRule.of("postgres-wal-sizes-inverted", ReplicationRules::inverted));
    }

    private static void senders(PostgresCluster cluster, Findings findings) {
        // one for each follower, and two for pg_basebackup while it streams WAL
        int needed = cluster.members().size() - 1 + 2;
        double declared = of(cluster, SENDERS, "", needed);
        if (declared < needed) {
            findings.warnOfSetting(
                    SENDERS,
                    cluster.name() + " allows too few WAL senders: its standbys and a new copy need " + needed,
                    "leave it out: Holdfast derives it from the members");
        }
    }

    private static void slots(PostgresCluster cluster, Findings findings) {
        int needed = cluster.members().size() - 1;
        double declared = of(cluster, SLOTS, "", needed);
        if (declared < needed) {
            findings.warnOfSetting(
                    SLOTS,
                    cluster.name() + " allows too few replication slots: its " + needed + " followers need one each",
                    "leave it out: Holdfast derives it from the members");
        }
    }

    private static void unlimited(PostgresCluster cluster, Findings findings) {
        if (findings.isProduction() && cluster.members().size() > 1 && of(cluster, SLOT_LIMIT, "MB", -1) < 0) {
            findings.warnOfSetting(
                    SLOT_LIMIT,
                    "a standby of " + cluster.name()
                            + " that is away keeps WAL on the primary without limit, until its disk is full",
                    "write settings: { max_slot_wal_keep_size: 100GB }, below the free space of the disk");
        }
    }

    private static void small(PostgresCluster cluster, Findings findings) {
        double limit = of(cluster, SLOT_LIMIT, "MB", -1);
        double most = of(cluster, MOST_WAL, "MB", USUAL_MOST_WAL);
        if (limit >= 0 && limit < most) {
            findings.warnOfSetting(
                    SLOT_LIMIT,
                    "the slots of " + cluster.name()
                            + " keep less WAL than max_wal_size: a standby that is away for a checkpoint needs a new copy",
                    "write several times max_wal_size");
        }
    }

    private static void walSize(PostgresCluster cluster, Findings findings) {
        double most = of(cluster, MOST_WAL, "MB", USUAL_MOST_WAL);
        if (findings.isProduction() && most < 512) {
            findings.warnOfSetting(
                    MOST_WAL,
                    cluster.name()
                            + " has a max_wal_size below 512MB: frequent checkpoints write each page again and again",
                    "leave it out, or write 1GB or more on real machines");
        }
    }

    private static void inverted(PostgresCluster cluster, Findings findings) {
        double least = of(cluster, "min_wal_size", "MB", 80);
        double most = of(cluster, MOST_WAL, "MB", USUAL_MOST_WAL);
        if (least > most) {
            findings.warnOfSetting(
                    "min_wal_size",
                    cluster.name() + " has a min_wal_size above its max_wal_size: the limit has no effect",
                    "write a min_wal_size below max_wal_size");
        }
    }
}
