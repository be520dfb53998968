package dev.holdfast.lint;

import dev.holdfast.model.Redundancy;

/**
 * What a failure does to a group.
 *
 * @param majority whether the group still decides by itself who its primary is, or still has its primary
 * @param description the same in a sentence
 */
public record FailureImpact(
        FailureScenario failure, Redundancy group, boolean majority, Writes writes, Data data, String description) {

    /** What becomes of writes. */
    public enum Writes {
        /** Nothing is felt, beyond an election. */
        GO_ON,
        /** They go on when a person or a runbook has promoted a follower. */
        AFTER_FAILOVER,
        /** They are accepted by nobody until something comes back. */
        STOP
    }

    /** What becomes of acknowledged writes if what is lost never comes back. */
    public enum Data {
        SAFE,
        /** The newest may be on the lost nodes only. */
        NEWEST_AT_RISK,
        /** Every copy is lost; only backups are left. */
        LOST
    }

    public boolean isHarmless() {
        return writes == Writes.GO_ON && data == Data.SAFE;
    }
}
