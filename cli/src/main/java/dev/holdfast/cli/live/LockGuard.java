package dev.holdfast.cli.live;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** A world in which nothing is changed on a host whose lock is not held. */
final class LockGuard implements ExecutionContext {

    private final ExecutionContext world;
    private final EstateLock locks;

    LockGuard(ExecutionContext world, EstateLock locks) {
        this.world = world;
        this.locks = locks;
    }

    @Override
    public ActionResult ask(Action action) {
        return action.intent() == Action.Access.CHANGE
                ? locks.missing(action.host()).orElseGet(() -> world.ask(action))
                : world.ask(action);
    }

    @Override
    public Instant now() {
        return world.now();
    }

    @Override
    public void pause(Duration howLong) {
        world.pause(howLong);
    }

    @Override
    public <T> List<T> sideBySide(List<Supplier<T>> all) {
        return world.sideBySide(all);
    }
}
