package dev.holdfast.schema;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A difference whose change would drop, narrow or rewrite something, so that Holdfast changes it only on request.
 *
 * @param name its name for {@code --allow}, such as {@code drop-column:social.user.nick}
 * @param what the observed and the desired value
 * @param statement the statement that would change it
 */
public record DestructiveChange(String name, String what, String statement) {

    /** The beginning of every drift in the notes of a plan. */
    public static final String MARK = "drift: ";

    public boolean isAllowed(Set<String> allowed) {
        return allowed.contains(name);
    }

    private static final String NAMED = "; holdfast schema apply --allow=";
    private static final String WITH = " executes: ";

    /** Returns the sentence for messages. */
    public String note() {
        return MARK + what + NAMED + name + WITH + statement;
    }

    /** Returns the name of the drift in a note; empty if the note has none. */
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
