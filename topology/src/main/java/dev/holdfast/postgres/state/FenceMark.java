package dev.holdfast.postgres.state;

import java.time.Instant;
import java.time.format.DateTimeParseException;

/**
 * The reason why a server must not be started: the line in the file {@code fence} of its directory.
 *
 * @param kind {@link #FAILOVER}, {@link #SWITCHOVER}, {@link #RESTORE} or {@link #REJOIN}
 * @param timeline the timeline on which it was primary
 * @param to the candidate for its role; empty when the candidate was undecided
 * @param at time of the fence, as RFC 3339
 */
public record FenceMark(String kind, int timeline, String to, String at) {

    public static final String FAILOVER = "failover";
    public static final String SWITCHOVER = "switchover";
    public static final String RESTORE = "restore";

    /** Of a stray primary, in favour of a former primary that does not run. */
    public static final String REJOIN = "rejoin";

    static FenceMark of(String line) {
        String[] f = line.split(" ", -1);
        if (f.length < 4 || !f[1].matches("[0-9]{1,9}")) {
            return new FenceMark(line, 0, "", "");
        }
        return new FenceMark(f[0], Integer.parseInt(f[1]), f[2].equals("-") ? "" : f[2], f[3]);
    }

    public String line() {
        return kind + " " + timeline + " " + (to.isEmpty() ? "-" : to) + " " + at;
    }

    public boolean isSwitchover() {
        return kind.equals(SWITCHOVER);
    }

    public boolean isFailover() {
        return kind.equals(FAILOVER);
    }

    public boolean isRejoin() {
        return kind.equals(REJOIN);
    }

    public boolean isRestore() {
        return kind.equals(RESTORE);
    }

    /** Returns whether it was written before that time; false where its time is unknown. */
    boolean isBefore(Instant other) {
        try {
            return Instant.parse(at).isBefore(other);
        } catch (DateTimeParseException unknown) {
            return false;
        }
    }

    /** Describes the fence for the operator. */
    public String description() {
        if (isRestore()) {
            return "an in-place restore that stopped the server at " + at;
        }
        return "a " + kind
                + (to.isEmpty() ? "" : " to " + to)
                + (at.isEmpty() ? "" : " at " + at)
                + (timeline > 0 ? ", which ended its role as primary on timeline " + timeline : "");
    }
}
