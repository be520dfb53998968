package dev.holdfast.postgres.topology;

import dev.holdfast.config.Schedule;
import dev.holdfast.model.Quantities;
import dev.holdfast.model.SecretRef;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Where a cluster's backups and log are kept, and how they are made: what stands under {@code backup:}.
 *
 * @param folder absolute folder, the same on every machine of the cluster
 * @param full how often a full copy is made
 * @param differential how often a copy of what changed since the last full one is made
 * @param incremental how often a copy of what changed since the last one of any kind is made
 * @param every the longest that a written change waits until it is archived
 * @param keep how long backups are kept; empty is for ever
 * @param passphrase of the encrypted repository; empty when it is not encrypted
 */
public record BackupRepository(
        String folder,
        Optional<Duration> full,
        Optional<Duration> differential,
        Optional<Duration> incremental,
        Duration every,
        Optional<Duration> keep,
        Optional<SecretRef> passphrase) {

    /** Among a cluster's extras: the secret that {@code encryption} refers to. */
    static final String PASSPHRASE = "backup/encryption";

    private static final Duration USUALLY_EVERY = Duration.ofMinutes(1);

    public static Optional<BackupRepository> of(PostgresCluster cluster) {
        if (!(cluster.extras().get("backup") instanceof Map<?, ?> backup)) {
            return Optional.empty();
        }
        Object where = backup.get("repository");
        Object folder = where instanceof Map<?, ?> full ? full.get("path") : where;
        return Optional.of(new BackupRepository(
                String.valueOf(folder),
                often(backup, "full"),
                often(backup, "differential"),
                often(backup, "incremental"),
                span(backup, "archiveEvery").orElse(USUALLY_EVERY),
                span(backup, "keep"),
                cluster.passphrase()));
    }

    private static Optional<Duration> often(Map<?, ?> backup, String key) {
        return Optional.ofNullable(backup.get(key)).flatMap(Schedule::interval);
    }

    private static Optional<Duration> span(Map<?, ?> backup, String key) {
        return Optional.ofNullable(backup.get(key)).map(Object::toString).flatMap(Quantities::span);
    }

    /** The cluster's own folder; below it there is one repository per system identifier. */
    public String of(String estate, String cluster) {
        return folder + "/" + estate + "/" + cluster;
    }
}
