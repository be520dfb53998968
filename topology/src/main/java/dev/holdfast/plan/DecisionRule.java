package dev.holdfast.plan;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One row of a decision table: what is seen, what follows, and why. The first row that holds decides; the last row of a
 * table always holds and says why nothing is done.
 *
 * @param when what must be seen, in words; printed as the table's first column
 * @param holds the same as a test
 * @param then what is decided
 * @param because the reason, with the values seen
 */
public record DecisionRule<S, D>(String when, Predicate<S> holds, Function<S, D> then, Function<S, String> because) {

    /** What a table decided, and by which row. */
    public record Decision<D>(D then, String because, String when) {}

    /** The decision of the first row that holds. */
    public static <S, D> Decision<D> decide(List<DecisionRule<S, D>> table, S state) {
        return table.stream()
                .filter(rule -> rule.holds.test(state))
                .findFirst()
                .map(rule -> new Decision<>(rule.then.apply(state), rule.because.apply(state), rule.when))
                .orElseThrow(() -> new IllegalStateException("the table's last row must always hold"));
    }
}
