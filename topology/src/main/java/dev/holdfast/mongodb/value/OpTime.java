package dev.holdfast.mongodb.value;

import java.time.Instant;

/**
 * How far a member is in the history of its set.
 *
 * @param term of the primary that made the operation
 * @param seconds when the operation was made, in seconds since 1970
 * @param increment counts the operations of one second
 */
public record OpTime(long term, long seconds, long increment) implements Comparable<OpTime> {

    public static final OpTime NONE = new OpTime(-1, 0, 0);

    /** Of {@code {ts, t}} as servers write it; NONE when there is none. */
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
