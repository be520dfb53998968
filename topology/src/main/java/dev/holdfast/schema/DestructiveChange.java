package dev.holdfast.schema;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A difference that is not mended by itself, because mending it drops, narrows or rewrites something.
 *
 * @param name what {@code --allow} calls it, such as {@code drop-column:social.user.nick}
 * @param what the value seen and the value wanted
 * @param statement the words that would mend it
 */
public record DestructiveChange(String name, String what, String statement) {

    /** How every drift begins in the notes of a plan. */
    public static final String MARK = "drift: ";

    public boolean isAllowed(Set<String> allowed) {
        return allowed.contains(name);
    }

    private static final String NAMED = "; mended by --allow=";
    private static final String WITH = " with: ";

    /** For people. */
    public String note() {
        return MARK + what + NAMED + name + WITH + statement;
    }

    /** The name of the drift that a note tells; absent when it tells none. */
    public static Optional<String> nameIn(String note) {
        int at = note.indexOf(NAMED);
        int end = note.indexOf(WITH, at + NAMED.length());
        return note.startsWith(MARK) && at >= 0 && end > at
                ? Optional.of(note.substring(at + NAMED.length(), end))
                : Optional.empty();
    }

    public static List<String> notes(List<DestructiveChange> drifts, Set<String> allowed) {
        return drifts.stream()
                .filter(d -> !d.isAllowed(allowed))
                .map(DestructiveChange::note)
                .toList();
    }
}
