package dev.holdfast.model;

import java.util.Comparator;

/**
 * An error or a warning about a topology: a location, a message and a hint.
 *
 * @param rule the id of the lint rule that found it; empty when no lint rule did
 */
public record Problem(Severity severity, SourceLocation place, String what, String hint, String rule) {

    /** The severity: ERROR makes the topology unusable (exit 3); WARN is advice. */
    public enum Severity {
        ERROR,
        WARN
    }

    private static final String DEPRECATED = "DEPRECATED: ";

    /** The order of places in the file. */
    public static final Comparator<Problem> BY_PLACE = (one, other) -> {
        int lines = Integer.compare(one.place.line(), other.place.line());
        return lines != 0 ? lines : Integer.compare(one.place.column(), other.place.column());
    };

    public static Problem error(SourceLocation place, String what, String hint) {
        return new Problem(Severity.ERROR, place, what, hint, "");
    }

    public static Problem warn(SourceLocation place, String what, String hint) {
        return new Problem(Severity.WARN, place, what, hint, "");
    }

    /** Returns a warning about a word that has a new name, and is accepted for one minor version. */
    public static Problem deprecated(SourceLocation place, String what, String hint) {
        return warn(place, DEPRECATED + what + " has a new name", hint);
    }

    /** Returns the same problem, found by that lint rule. */
    public Problem by(String id) {
        return new Problem(severity, place, what, hint, id);
    }

    public boolean isDeprecation() {
        return what.startsWith(DEPRECATED);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    @Override
    public String toString() {
        return place + ": " + severity + " " + what + (hint.isEmpty() ? "" : "\n    HINT: " + hint);
    }
}
