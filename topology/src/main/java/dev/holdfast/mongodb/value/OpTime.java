package dev.holdfast.mongodb.value;

import java.time.Instant;

/**
 * The position of a member in the oplog of its set.
 *
 * @param term the term of the primary that wrote the operation
 * @param seconds the time of the operation, in seconds since 1970
 * @param increment the counter of operations within one second
 */
public record OpTime(long term, long seconds, long increment) implements Comparable<OpTime> {

    public static final OpTime NONE = new OpTime(-1, 0, 0);

    /** Reads {@code {ts, t}}; NONE if it is missing. */
    public static OpTime of(MongoDocument optime) {
        MongoDocument stamp = optime.doc("ts").doc("$timestamp");
        return stamp.isEmpty() ? NONE : new OpTime(optime.number("t"), stamp.number("t"), stamp.number("i"));
    }

    public boolean isKnown() {
        return !equals(NONE);
    }

    @Override
    public int compareTo(OpTime other) {
        int byTerm = Long.compare(term, other.term);
        int bySecond = Long.compare(seconds, other.seconds);
        return byTerm != 0 ? byTerm : bySecond != 0 ? bySecond : Long.compare(increment, other.increment);
    }

    @Override
    public String toString() {
        return isKnown()
                ? Instant.ofEpochSecond(seconds) + " (operation " + increment + " of that second, term " + term + ")"
                : "unknown";
    }
}
