package dev.holdfast.model;

import java.time.Duration;
import java.util.Optional;

/**
 * The backup policy that a cluster declares.
 *
 * @param path the path of the declaration in the file
 * @param behind the greatest age of the newest backup or archived log; empty if the archiving is continuous
 * @param folder the directory of the backups, if all hosts of the cluster share it
 * @param every the interval of full backups
 * @param keep how long backups are kept; empty means without limit
 */
public record BackupPolicy(
        String path,
        Optional<Duration> behind,
        Optional<String> folder,
        Optional<Duration> every,
        Optional<Duration> keep) {}
