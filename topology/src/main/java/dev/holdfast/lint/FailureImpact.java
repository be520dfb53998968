package dev.holdfast.lint;

import dev.holdfast.model.Redundancy;

/**
 * The predicted impact of one failure on one group of nodes: whether writes continue, and whether data is lost.
 *
 * @param majority whether the group can still elect a primary, or still has its primary
 * @param description the impact as a sentence
 */
public record FailureImpact(
        FailureScenario failure, Redundancy group, boolean majority, Writes writes, Data data, String description) {

    /** The impact on writes. */
    public enum Writes {
        /** Writes continue, after an election at most. */
        GO_ON,
        /** Writes continue after a promotion by the operator. */
        AFTER_FAILOVER,
        /** No server accepts writes until lost nodes return. */
        STOP
    }

    /** The impact on acknowledged writes if the lost nodes never return. */
    public enum Data {
        SAFE,
        /** The newest writes can be on lost nodes only. */
        NEWEST_AT_RISK,
        /** Every member with data is lost; only backups remain. */
        LOST
    }

    public boolean isHarmless() {
        return writes == Writes.GO_ON && data == Data.SAFE;
    }
}
