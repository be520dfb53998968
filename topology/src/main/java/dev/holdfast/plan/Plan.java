package dev.holdfast.plan;

import dev.holdfast.model.Exit;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps that one act takes from what is seen to what is wanted.
 *
 * @param refusals why nothing may be done at all; not empty means that nothing is touched
 * @param notes what is not as declared but is reported only, never mended by itself
 * @param missing what cannot be known or done because its host does not answer; the rest is done without it
 */
public record Plan(List<Step> steps, List<Refusal> refusals, List<String> notes, List<Refusal> missing) {

    /**
     * A precondition that does not hold: the value seen, the limit, and what to do about it.
     *
     * @param exit REFUSED, or WOULD_LOSE_DATA or UNREACHABLE where that is the reason
     */
    public record Refusal(String where, String what, String hint, Exit exit) {
        public Refusal(String where, String what, String hint) {
            this(where, what, hint, Exit.REFUSED);
        }
    }

    public static final Plan NOTHING = new Plan(List.of(), List.of(), List.of());

    public Plan(List<Step> steps, List<Refusal> refusals, List<String> notes) {
        this(steps, refusals, notes, List.of());
    }

    public Plan {
        steps = List.copyOf(steps);
        refusals = List.copyOf(refusals);
        notes = List.copyOf(notes);
        missing = List.copyOf(missing);
    }

    public static Plan of(List<Step> steps) {
        return new Plan(steps, List.of(), List.of());
    }

    public static Plan refused(List<Refusal> refusals) {
        return new Plan(List.of(), refusals, List.of());
    }

    /** Nothing to do, but for what cannot be reached. */
    public static Plan missing(List<Refusal> missing) {
        return new Plan(List.of(), List.of(), List.of(), missing);
    }

    public boolean isEmpty() {
        return steps.isEmpty();
    }

    public Plan and(Plan other) {
        return new Plan(
                joined(steps, other.steps),
                joined(refusals, other.refusals),
                joined(notes, other.notes),
                joined(missing, other.missing));
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
