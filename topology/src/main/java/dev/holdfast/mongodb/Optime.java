package dev.holdfast.mongodb;

import java.time.Instant;

/**
 * How far a member is in the history of its set.
 *
 * @param term of the primary that made the operation
 * @param seconds when the operation was made, in seconds since 1970
 * @param increment counts the operations of one second
 */
record Optime(long term, long seconds, long increment) implements Comparable<Optime> {

    static final Optime NONE = new Optime(-1, 0, 0);

    /** Of {@code {ts, t}} as servers write it; NONE when there is none. */
    static Optime of(Doc optime) {
        Doc stamp = optime.doc("ts").doc("$timestamp");
        return stamp.isEmpty() ? NONE : new Optime(optime.number("t"), stamp.number("t"), stamp.number("i"));
    }

    boolean isKnown() {
        return !equals(NONE);
    }

    @Override
    public int compareTo(Optime other) {
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
