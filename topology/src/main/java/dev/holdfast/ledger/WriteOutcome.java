package dev.holdfast.ledger;

/** The outcome of a write, as far as its client can know. */
public enum WriteOutcome {
    /** The number was never used. */
    UNUSED,
    /** The server confirmed the write at the requested level. */
    ACKNOWLEDGED,
    /** The write was certainly not executed. */
    REFUSED,
    /** Unknown to the client: the write can be stored or not. */
    INDETERMINATE
}
