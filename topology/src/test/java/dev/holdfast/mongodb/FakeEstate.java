package dev.holdfast.mongodb;

import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Runner;
import dev.holdfast.plan.Step;
import dev.holdfast.world.Action;
import dev.holdfast.world.Answer;
import dev.holdfast.world.FakeWorld;
import dev.holdfast.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** A pretend estate with one MongoDB cluster, and the commands of the CLI said to it. */
final class FakeEstate {

    final FakeMongo mongo = new FakeMongo();
    final FakeWorld world = new FakeWorld().with(mongo);

    /** The CLI was killed. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    Runner.Outcome apply(MongoCluster cluster) {
        return apply(world, cluster);
    }

    Runner.Outcome destroy(MongoCluster cluster) {
        return run(world, MongoDestroy.of(Wanted.estate(cluster), cluster));
    }

    /** Applies until the CLI is killed after so many changes were made; false when it came to its end before that. */
    boolean applyKilledAfter(int changes, MongoCluster cluster) {
        try {
            apply(new Mortal(world, changes), cluster);
            return false;
        } catch (Killed killed) {
            return true;
        }
    }

    private static Runner.Outcome apply(World at, MongoCluster cluster) {
        return run(at, MongoProvision.of(Wanted.estate(cluster), cluster));
    }

    private static Runner.Outcome run(World at, Runbook<MongoSeen> book) {
        Instant end = at.now().plus(Duration.ofHours(1));
        return new Runner(at, (kind, facts) -> {}, end).run(List.of(book)).get(0);
    }

    List<Runbook.Planned> plan(MongoCluster cluster) {
        return MongoProvision.of(Wanted.estate(cluster), cluster).plan(world);
    }

    List<String> titles(MongoCluster cluster) {
        return plan(cluster).stream()
                .flatMap(p -> p.plan().steps().stream())
                .map(Step::title)
                .toList();
    }

    List<String> refusals(MongoCluster cluster) {
        return plan(cluster).stream()
                .flatMap(p -> p.plan().refusals().stream())
                .map(r -> r.where() + ": " + r.what())
                .toList();
    }

    List<String> notes(MongoCluster cluster) {
        return plan(cluster).stream().flatMap(p -> p.plan().notes().stream()).toList();
    }

    /** A world that ends the asker when it wants to make one change too many. */
    private static final class Mortal implements World {
        private final World world;
        private int left;

        Mortal(World world, int changes) {
            this.world = world;
            this.left = changes;
        }

        @Override
        public Answer ask(Action action) {
            if (action.intent() == Action.Intent.CHANGE && left-- == 0) {
                throw new Killed();
            }
            return world.ask(action);
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
}
