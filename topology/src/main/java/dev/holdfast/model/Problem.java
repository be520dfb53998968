package dev.holdfast.model;

import java.util.Comparator;

/** One thing that is wrong (or doubtful) in a topology: where, what, and what to try. */
public record Problem(Severity severity, SourceLocation place, String what, String hint) {

    /** ERROR makes the topology unusable (exit 3); WARN is advice that does not stop anything. */
    public enum Severity {
        ERROR,
        WARN
    }

    /** As a person reads a file: from its beginning. */
    public static final Comparator<Problem> BY_PLACE = (one, other) -> {
        int lines = Integer.compare(one.place.line(), other.place.line());
        return lines != 0 ? lines : Integer.compare(one.place.column(), other.place.column());
    };

    public static Problem error(SourceLocation place, String what, String hint) {
        return new Problem(Severity.ERROR, place, what, hint);
    }

    public static Problem warn(SourceLocation place, String what, String hint) {
        return new Problem(Severity.WARN, place, what, hint);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    @Override
    public String toString() {
        return place + ": " + severity + " " + what + (hint.isEmpty() ? "" : "\n    HINT: " + hint);
    }
}
