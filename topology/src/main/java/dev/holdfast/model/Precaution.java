package dev.holdfast.model;

import java.time.Duration;
import java.util.Optional;

/**
 * The backups that a cluster declares.
 *
 * @param path where they are declared in the file
 * @param behind how old the newest backup or archived log may be; empty when the log is archived without pause
 */
public record Precaution(String path, Optional<Duration> behind) {}
