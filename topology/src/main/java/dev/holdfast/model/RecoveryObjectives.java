package dev.holdfast.model;

import java.time.Duration;
import java.util.Optional;

/**
 * The recovery objectives of a cluster: RPO and RTO.
 *
 * @param rpo the time span of acknowledged writes that may be lost
 * @param rto the time without service for writes
 */
public record RecoveryObjectives(Optional<Duration> rpo, Optional<Duration> rto) {
    public static final RecoveryObjectives NONE = new RecoveryObjectives(Optional.empty(), Optional.empty());
}
