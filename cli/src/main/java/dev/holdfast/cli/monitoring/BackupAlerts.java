package dev.holdfast.cli.monitoring;

import dev.holdfast.cli.monitoring.Alert.Severity;
import dev.holdfast.model.BackupPolicy;
import dev.holdfast.model.Cluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The alert rules about the backups of one cluster.
 *
 * @param hasStandbys whether its primary is replaced by a promotion; only then does a server archive by itself
 */
record BackupAlerts(MetricSelector metrics, Cluster cluster, boolean hasStandbys) {

    private static final Duration HALF_MINUTE = Duration.ofSeconds(30);
    private static final Duration MINUTES = Duration.ofMinutes(5);
    /** A base backup begins a few minutes later each night, and takes a while. */
    private static final Duration BACKUP_SLACK = Duration.ofHours(2);

    List<Alert> all(BackupPolicy policy) {
        String name = cluster.name();
        Optional<Duration> rpo = cluster.objectives().rpo().filter(r -> !r.isZero());
        Duration limit = rpo.orElse(MINUTES);
        List<Alert> alerts = new ArrayList<>();
        alerts.add(new Alert(
                "HoldfastArchiveLag",
                metrics.of(cluster, "holdfast_archive_lag_seconds") + " > " + limit.toSeconds(),
                HALF_MINUTE,
                rpo.isPresent() ? Severity.CRITICAL : Severity.WARNING,
                "The archive of " + name + "/{{ $labels.group }} is {{ $value | humanizeDuration }} behind",
                "The oldest data that is not archived is older than " + Alert.words(limit) + ". "
                        + rpo.map(r -> "That is the declared RPO: the loss of all servers would exceed it.")
                                .orElse("The repository does not protect these writes yet."),
                "holdfast status; holdfast backup list " + name));
        if (hasStandbys) {
            alerts.add(new Alert(
                    "HoldfastArchiveFailing",
                    metrics.of(cluster, "holdfast_archive_failing") + " == 1",
                    HALF_MINUTE,
                    Severity.WARNING,
                    "Archiving of " + name + " fails",
                    "The last attempt of the primary to archive a WAL segment failed.",
                    "holdfast status names the segment; the server log has the message of archive_command"));
        }
        policy.every()
                .or(policy::keep)
                .ifPresent(every -> alerts.add(new Alert(
                        "HoldfastBackupOverdue",
                        "time() - " + metrics.of(cluster, "holdfast_backup_started_timestamp_seconds") + " > "
                                + every.plus(BACKUP_SLACK).toSeconds(),
                        MINUTES,
                        Severity.WARNING,
                        "The newest base backup of " + name + " is {{ $value | humanizeDuration }} old",
                        "The newest base backup began more than " + Alert.words(every) + " and "
                                + Alert.words(BACKUP_SLACK) + " ago.",
                        "holdfast backup run " + name)));
        return alerts;
    }
}
