package dev.holdfast.report;

import dev.holdfast.ledger.Outage;
import dev.holdfast.ledger.RecoveryPhases.Phase;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The comparison of the measured recovery time with the predicted range, and the reason for a difference.
 *
 * @param least the predicted range begins here, in nanoseconds
 * @param most the predicted range ends here, in nanoseconds
 * @param measured in nanoseconds; empty when unknown
 * @param longest the longest phase of the recovery; empty when the phases are unknown
 */
public record PredictionComparison(long least, long most, OptionalLong measured, Optional<Phase> longest) {

    /** How the measured recovery time relates to the predicted range. */
    public enum Agreement {
        WITHIN,
        OUTSIDE,
        /** More than twice the end of the range, or less than half of its beginning. */
        MISSED,
        UNKNOWN
    }

    private static final long MILLI = 1_000_000;
    private static final double SECOND = 1e9;
    private static final int FACTOR = 2;

    /** @param leastMillis the predicted range begins here, and ends at {@code mostMillis} */
    static PredictionComparison of(long leastMillis, long mostMillis, OptionalLong measured, List<Phase> phases) {
        return new PredictionComparison(
                leastMillis * MILLI,
                mostMillis * MILLI,
                measured,
                phases.stream().max(Comparator.comparingLong(Phase::length)));
    }

    /** Returns the agreement. A difference below the pause that clients tolerate is never a miss. */
    public Agreement agreement() {
        if (measured.isEmpty()) {
            return Agreement.UNKNOWN;
        }
        long time = measured.getAsLong();
        if (time >= least && time <= most) {
            return Agreement.WITHIN;
        }
        boolean isFar = time > FACTOR * most || FACTOR * time < least;
        boolean isNoticed = Math.max(time - most, least - time) > Outage.MOMENT;
        return isFar && isNoticed ? Agreement.MISSED : Agreement.OUTSIDE;
    }

    /** Returns the comparison as a sentence; a difference names the longest phase. */
    public String sentence() {
        String range = "the predicted " + seconds(least) + " to " + seconds(most) + " s";
        if (measured.isEmpty()) {
            return "The recovery time is unknown, and cannot be compared with " + range + ".";
        }
        long time = measured.getAsLong();
        String relation = switch (agreement()) {
            case WITHIN -> "within ";
            case MISSED -> time > most ? "more than twice " : "less than half of ";
            default -> time > most ? "longer than " : "shorter than ";
        };
        String reason = agreement() == Agreement.WITHIN
                ? ""
                : longest.map(p -> " The longest phase is \"" + p.name() + "\" with " + seconds(p.length()) + " s.")
                        .orElse("");
        return "The recovery took " + seconds(time) + " s, " + relation + range + "." + reason;
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / SECOND);
    }
}
