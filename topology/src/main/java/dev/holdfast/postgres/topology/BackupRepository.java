package dev.holdfast.postgres.topology;

import dev.holdfast.model.SecretRef;
import java.time.Duration;
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

    /** The cluster's own name of the secret that {@code encryption} refers to, where it is generated. */
    static final String PASSPHRASE = "backup/encryption";

    /** What a cluster declares; empty when it declares no backups. */
    public static Optional<BackupRepository> of(PostgresCluster cluster) {
        return cluster.options().repository();
    }

    /** The cluster's own folder; below it there is one repository per system identifier. */
    public String of(String estate, String cluster) {
        return folder + "/" + estate + "/" + cluster;
    }
}
