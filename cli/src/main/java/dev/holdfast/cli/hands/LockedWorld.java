package dev.holdfast.cli.hands;

import dev.holdfast.world.Action;
import dev.holdfast.world.Answer;
import dev.holdfast.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** A world in which nothing is changed on a host whose lock is not held. */
final class LockedWorld implements World {

    private final World world;
    private final Locks locks;

    LockedWorld(World world, Locks locks) {
        this.world = world;
        this.locks = locks;
    }

    @Override
    public Answer ask(Action action) {
        return action.intent() == Action.Intent.CHANGE
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
