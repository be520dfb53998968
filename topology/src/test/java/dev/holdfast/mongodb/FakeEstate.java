package dev.holdfast.mongodb;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.mongodb.provision.ProvisionRunbook;
import dev.holdfast.mongodb.restore.DestroyRunbook;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.plan.RunbookRunner;
import dev.holdfast.plan.Step;
import dev.holdfast.world.FakeWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** A pretend estate with one MongoDB cluster, and the commands of the CLI said to it. */
public final class FakeEstate {

    public final FakeMongo mongo = new FakeMongo();
    public final FakeWorld world = new FakeWorld().with(mongo);

    /** The CLI was killed. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    public RunbookOutcome apply(MongoCluster cluster) {
        return apply(world, cluster);
    }

    RunbookOutcome destroy(MongoCluster cluster) {
        return run(world, DestroyRunbook.of(Wanted.estate(cluster), cluster));
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

    private static RunbookOutcome apply(ExecutionContext at, MongoCluster cluster) {
        return run(at, ProvisionRunbook.of(Wanted.estate(cluster), cluster));
    }

    private static RunbookOutcome run(ExecutionContext at, Runbook<MongoState> runbook) {
        Instant end = at.now().plus(Duration.ofHours(1));
        return new RunbookRunner(at, (kind, facts) -> {}, end)
                .run(List.of(runbook))
                .get(0);
    }

    public List<Runbook.Planned> plan(MongoCluster cluster) {
        return ProvisionRunbook.of(Wanted.estate(cluster), cluster).plan(world);
    }

    public MongoState state(MongoCluster cluster) {
        return ProvisionRunbook.of(Wanted.estate(cluster), cluster).look().apply(world);
    }

    public List<String> titles(MongoCluster cluster) {
        return plan(cluster).stream()
                .flatMap(p -> p.plan().steps().stream())
                .map(Step::title)
                .toList();
    }

    public List<String> refusals(MongoCluster cluster) {
        return plan(cluster).stream()
                .flatMap(p -> p.plan().refusals().stream())
                .map(r -> r.where() + ": " + r.what())
                .toList();
    }

    List<String> notes(MongoCluster cluster) {
        return plan(cluster).stream().flatMap(p -> p.plan().notes().stream()).toList();
    }

    /** A world that ends the asker when it wants to make one change too many. */
    private static final class Mortal implements ExecutionContext {
        private final ExecutionContext context;
        private int left;

        Mortal(ExecutionContext context, int changes) {
            this.context = context;
            this.left = changes;
        }

        @Override
        public ActionResult ask(Action action) {
            if (action.intent() == Action.Access.CHANGE && left-- == 0) {
                throw new Killed();
            }
            return context.ask(action);
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
}
