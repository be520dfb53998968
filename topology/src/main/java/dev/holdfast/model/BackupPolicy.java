package dev.holdfast.model;

import java.time.Duration;
import java.util.Optional;

/**
 * The backups that a cluster declares.
 *
 * @param path where they are declared in the file
 * @param behind how old the newest backup or archived log may be; empty when the log is archived without pause
 * @param folder where they are kept, when that is a folder which all hosts of the cluster have
 * @param every how often a full copy is made
 * @param keep how long they are kept; empty is for ever
 */
public record BackupPolicy(
        String path,
        Optional<Duration> behind,
        Optional<String> folder,
        Optional<Duration> every,
        Optional<Duration> keep) {}
