package dev.holdfast.plan;

import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The planned steps of one stage, with refusals and with differences that no step changes.
 *
 * @param refusals the preconditions that do not hold; not empty means that nothing is changed
 * @param notes differences that are only reported and never changed automatically
 * @param missing what cannot be observed or done because a host does not answer; the rest is done without it
 * @param open differences that no step changes, each with the command that removes it; the estate is not as declared. Its exit
 *     code is the one of a run that leaves it open; OBJECTIVE_MISSED when a declared objective is not met meanwhile
 */
public record Plan(
        List<Step> steps, List<Refusal> refusals, List<String> notes, List<Refusal> missing, List<Refusal> open) {

    /**
     * A precondition that does not hold: the observed value, the limit, and what to do about it.
     *
     * @param exit REFUSED, or WOULD_LOSE_DATA or UNREACHABLE when that is the reason
     * @param code of the row of a decision table that refuses; empty without a table
     */
    public record Refusal(String where, String what, String hint, ExitCode exit, Optional<DecisionCode> code) {
        public Refusal(String where, String what, String hint, ExitCode exit) {
            this(where, what, hint, exit, Optional.empty());
        }

        public Refusal(String where, String what, String hint) {
            this(where, what, hint, ExitCode.REFUSED);
        }

        /** Returns the code in brackets, for lines that show no hint; empty when there is none. */
        public String suffix() {
            return code.map(c -> " [" + c + "]").orElse("");
        }
    }

    /** The prefix of a note about data that a run keeps. Such a note is a result and is always printed. */
    public static final String KEPT = "kept: ";

    public static final Plan NOTHING = new Plan(List.of(), List.of(), List.of());

    public Plan(List<Step> steps, List<Refusal> refusals, List<String> notes) {
        this(steps, refusals, notes, List.of());
    }

    public Plan(List<Step> steps, List<Refusal> refusals, List<String> notes, List<Refusal> missing) {
        this(steps, refusals, notes, missing, List.of());
    }

    public Plan {
        steps = List.copyOf(steps);
        refusals = List.copyOf(refusals);
        notes = List.copyOf(notes);
        missing = List.copyOf(missing);
        open = List.copyOf(open);
    }

    public static Plan of(List<Step> steps) {
        return new Plan(steps, List.of(), List.of());
    }

    public static Plan refused(List<Refusal> refusals) {
        return new Plan(List.of(), refusals, List.of());
    }

    /** Whether nothing is to do, except for what is unreachable. */
    public static Plan missing(List<Refusal> missing) {
        return new Plan(List.of(), List.of(), List.of(), missing);
    }

    /** Whether nothing is to do, but differences remain that no step changes. */
    public static Plan open(List<Refusal> open) {
        return new Plan(List.of(), List.of(), List.of(), List.of(), open);
    }

    public boolean isEmpty() {
        return steps.isEmpty();
    }

    /** Returns the plan without disruptive steps, and without those in these lanes and in lanes that contain them. */
    Plan apartFrom(Collection<String> lanes) {
        List<Step> left = steps.stream()
                .filter(s -> s.risk() == Step.Risk.NONE)
                .filter(s -> lanes.stream()
                        .noneMatch(l -> l.equals(s.lane()) || l.equals(s.scope()) || l.startsWith(s.lane() + "/")))
                .toList();
        return new Plan(left, refusals, notes, missing, open);
    }

    public Plan and(Plan other) {
        return new Plan(
                joined(steps, other.steps),
                joined(refusals, other.refusals),
                joined(notes, other.notes),
                joined(missing, other.missing),
                joined(open, other.open));
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
