package dev.holdfast.plan;

import dev.holdfast.model.DecisionCode;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One row of a decision table: condition, outcome and reason. The first row that holds decides. The last row of a table
 * always holds, and explains why nothing is done.
 *
 * @param code the row's stable name, unique within its table
 * @param override the code with which {@code --override} skips a refusing row; empty when no override exists
 * @param when the condition in words; the table's first column
 * @param holds the condition as a test
 * @param then the outcome
 * @param because the reason, with the observed values
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

    /** The outcome of a table, and the row that decided. */
    public record Decision<D>(D then, String because, String when, DecisionCode code) {}

    /** Returns the decision of the first row that holds. */
    public static <S, D> Decision<D> decide(List<DecisionRule<S, D>> table, S state) {
        return table.stream()
                .filter(rule -> rule.holds.test(state))
                .findFirst()
                .map(rule -> new Decision<>(rule.then.apply(state), rule.because.apply(state), rule.when, rule.code))
                .orElseThrow(() -> new IllegalStateException("the table's last row must always hold"));
    }
}
