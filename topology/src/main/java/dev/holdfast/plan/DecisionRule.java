package dev.holdfast.plan;

import dev.holdfast.model.DecisionCode;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One row of a decision table: what is seen, what follows, and why. The first row that holds decides; the last row of a
 * table always holds and says why nothing is done.
 *
 * @param code the row's stable name, unique within its table
 * @param override the code that {@code --override} takes to leave out a row that refuses; empty when nothing does
 * @param when what must be seen, in words; printed as the table's first column
 * @param holds the same as a test
 * @param then what is decided
 * @param because the reason, with the values seen
 */
public record DecisionRule<S, D>(
        DecisionCode code,
        Optional<DecisionCode> override,
        String when,
        Predicate<S> holds,
        Function<S, D> then,
        Function<S, String> because) {

    public DecisionRule(
            DecisionCode code, String when, Predicate<S> holds, Function<S, D> then, Function<S, String> because) {
        this(code, Optional.empty(), when, holds, then, because);
    }

    /** Returns the same row, left out when a person overrides its own code. */
    public DecisionRule<S, D> overridable() {
        return overriddenBy(code);
    }

    /** Returns the same row, left out when a person overrides that code. */
    public DecisionRule<S, D> overriddenBy(DecisionCode by) {
        return new DecisionRule<>(code, Optional.of(by), when, holds, then, because);
    }

    /** What a table decided, and by which row. */
    public record Decision<D>(D then, String because, String when, DecisionCode code) {}

    /** The decision of the first row that holds. */
    public static <S, D> Decision<D> decide(List<DecisionRule<S, D>> table, S state) {
        return table.stream()
                .filter(rule -> rule.holds.test(state))
                .findFirst()
                .map(rule -> new Decision<>(rule.then.apply(state), rule.because.apply(state), rule.when, rule.code))
                .orElseThrow(() -> new IllegalStateException("the table's last row must always hold"));
    }
}
