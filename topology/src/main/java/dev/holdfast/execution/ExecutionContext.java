package dev.holdfast.execution;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** The only door outside: hosts, databases, the clock, and doing several things at once. */
public interface ExecutionContext {

    /** Says one thing and waits for its answer, at most the action's deadline. Never throws for what the other side does. */
    ActionResult ask(Action action);

    Instant now();

    void pause(Duration howLong);

    /** Does all at once and answers in the order given, when all are done. */
    <T> List<T> sideBySide(List<Supplier<T>> all);

    default List<ActionResult> askAll(List<Action> actions) {
        return sideBySide(
                actions.stream().<Supplier<ActionResult>>map(a -> () -> ask(a)).toList());
    }
}
