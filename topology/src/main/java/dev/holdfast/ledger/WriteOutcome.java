package dev.holdfast.ledger;

/** What became of a write, as far as its client can know. */
public enum WriteOutcome {
    /** The number was never used. */
    UNUSED,
    /** The server said that it is done, at the level that was asked for. */
    ACKNOWLEDGED,
    /** It was certainly not done. */
    REFUSED,
    /** Nobody can tell from the client's side: it may be there or not. */
    INDETERMINATE
}
