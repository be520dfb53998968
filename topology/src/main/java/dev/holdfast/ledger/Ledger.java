package dev.holdfast.ledger;

import java.time.Instant;
import java.util.Map;

/** The append-only record of all actions, results and observations of a run, and the only source of reports. */
public interface Ledger {

    /**
     * One entry of the ledger.
     *
     * @param number counts from 1 within a run
     * @param kind one of {@link Kind}
     * @param facts plain values: strings, numbers, booleans, lists and maps of those; secrets only by name
     */
    record Entry(long number, Instant at, Kind kind, Map<String, Object> facts) {}

    /** The kind of an entry. */
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

    /** Appends an entry; the entry of a change is on disk when this returns. */
    void note(Kind kind, Map<String, Object> facts);
}
