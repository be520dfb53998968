package dev.holdfast.execution;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** The only port to hosts, databases and the clock, and for doing several things in parallel. */
public interface ExecutionContext {

    /** Executes one action and waits for its result, at most the action's deadline. Never throws for what the other side does. */
    ActionResult ask(Action action);

    Instant now();

    void pause(Duration howLong);

    /** Executes all tasks in parallel and returns the results in the given order, when all are done. */
    <T> List<T> sideBySide(List<Supplier<T>> all);

    default List<ActionResult> askAll(List<Action> actions) {
        return sideBySide(
                actions.stream().<Supplier<ActionResult>>map(a -> () -> ask(a)).toList());
    }
}
