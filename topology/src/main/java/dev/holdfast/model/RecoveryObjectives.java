package dev.holdfast.model;

import java.time.Duration;
import java.util.Optional;

/**
 * What the owner of a cluster asks for when something fails.
 *
 * @param rpo how much acknowledged work may be lost
 * @param rto how long writes may be refused
 */
public record RecoveryObjectives(Optional<Duration> rpo, Optional<Duration> rto) {
    public static final RecoveryObjectives NONE = new RecoveryObjectives(Optional.empty(), Optional.empty());
}
