package dev.holdfast.postgres.topology;

import dev.holdfast.model.SecretRef;
import java.time.Duration;
import java.util.Optional;

/**
 * The declared backup repository of a cluster, with the schedule of its backups.
 *
 * @param folder absolute directory, the same on every host of the cluster
 * @param full interval of full backups
 * @param differential interval of backups of the changes since the last full backup
 * @param incremental interval of backups of the changes since the last backup of any kind
 * @param every the longest time until a change is archived
 * @param keep retention of backups; empty for unlimited
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

    /** The cluster's own name of the generated secret that {@code encryption} refers to. */
    static final String PASSPHRASE = "backup/encryption";

    /** Returns the cluster's own directory, with one repository per system identifier. */
    public String of(String estate, String cluster) {
        return folder + "/" + estate + "/" + cluster;
    }
}
