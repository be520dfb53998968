package dev.holdfast.cli.live;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** An execution context that refuses changes on a host whose lock is not held. */
final class LockGuard implements ExecutionContext {

    private final ExecutionContext context;
    private final EstateLock locks;

    LockGuard(ExecutionContext context, EstateLock locks) {
        this.context = context;
        this.locks = locks;
    }

    @Override
    public ActionResult ask(Action action) {
        return action.intent() == Action.Access.CHANGE
                ? locks.missing(action.host()).orElseGet(() -> context.ask(action))
                : context.ask(action);
    }

    @Override
    public Instant now() {
        return context.now();
    }

    @Override
    public void pause(Duration howLong) {
        context.pause(howLong);
    }

    @Override
    public <T> List<T> sideBySide(List<Supplier<T>> all) {
        return context.sideBySide(all);
    }
}
