package dev.holdfast.ledger;

import java.time.Instant;
import java.util.Map;

/** All that was asked, answered and seen, append-only; the one source of reports. */
public interface Ledger {

    /**
     * One line of the record.
     *
     * @param number counts from 1 within a run
     * @param kind one of {@link Kind}
     * @param facts plain values: strings, numbers, booleans, lists and maps of those; secrets only by name
     */
    record Entry(long number, Instant at, Kind kind, Map<String, Object> facts) {}

    /** What a line of the record tells. */
    enum Kind {
        RUN_STARTED,
        SEEN,
        PLANNED,
        ACT_STARTED,
        ACT_ENDED,
        STEP_STARTED,
        STEP_SKIPPED,
        STEP_DONE,
        STEP_FAILED,
        ASKED,
        ANSWERED,
        MENDED,
        NOTED,
        DRILL,
        MARKED,
        JUDGED,
        RUN_ENDED
    }

    /** Appends; before a changing action its entry is on disk when this returns. */
    void note(Kind kind, Map<String, Object> facts);
}
