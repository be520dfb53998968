package dev.holdfast.postgres;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.plan.RunbookRunner;
import dev.holdfast.postgres.probe.ClusterProbe;
import dev.holdfast.postgres.provision.ProvisionRunbook;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.value.Lsn;
import dev.holdfast.world.FakeWorld;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A pretend estate on which a wanted trio is applied. */
public final class Bank {

    public final Trio trio;
    public final FakePostgres fake;
    public final FakeWorld world;
    private int changesLeft = Integer.MAX_VALUE;

    /** The CLI was killed. */
    public static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    public Bank(Trio trio) {
        this(trio, fake -> fake);
    }

    /** @param watched the pretend servers, with what happens around each action */
    public Bank(Trio trio, Function<FakePostgres, FakeWorld.Pretend> watched) {
        this.trio = trio;
        this.fake = new FakePostgres(trio.cluster());
        this.world = new FakeWorld().with(this::killing).with(watched.apply(fake));
    }

    /** An estate that has been applied once. */
    public static Bank applied(Trio trio) {
        Bank bank = new Bank(trio);
        RunbookOutcome outcome = bank.apply();
        if (!outcome.isDone()) {
            throw new AssertionError(outcome.toString());
        }
        bank.world.forget();
        return bank;
    }

    private ActionResult killing(Action action, java.time.Instant now) {
        if (action.intent() == Action.Access.CHANGE && changesLeft-- <= 0) {
            throw new Killed();
        }
        return null;
    }

    /** From now on the CLI is killed after so many changing actions. */
    public void killAfter(int changes) {
        changesLeft = changes;
    }

    public Runbook<PostgresState> runbook() {
        return ProvisionRunbook.runbook(trio.estate(), trio.cluster());
    }

    public PostgresState look() {
        return new ClusterProbe(trio.estate(), trio.cluster()).look(world, true);
    }

    public RunbookOutcome apply() {
        return run(runbook());
    }

    public RunbookOutcome run(Runbook<?> runbook) {
        RunbookRunner runner =
                new RunbookRunner(world, (kind, facts) -> Map.of(), world.now().plus(Duration.ofHours(2)));
        return runner.run(List.of(runbook)).get(0);
    }

    public List<Plan> plans() {
        return runbook().plan(world).stream().map(Runbook.Planned::plan).toList();
    }

    /** The titles of all steps to do. */
    public List<String> titles() {
        return plans().stream()
                .flatMap(p -> p.steps().stream())
                .map(s -> s.title())
                .toList();
    }

    public List<String> reasons() {
        return plans().stream()
                .flatMap(p -> p.steps().stream())
                .map(s -> s.because())
                .toList();
    }

    public List<String> notes() {
        return plans().stream().flatMap(p -> p.notes().stream()).toList();
    }

    /** Open differences, each with its hint. */
    public List<String> open() {
        return plans().stream()
                .flatMap(p -> p.open().stream())
                .map(o -> o.what() + ": " + o.hint())
                .toList();
    }

    public List<String> refusals() {
        return plans().stream()
                .flatMap(p -> p.refusals().stream())
                .map(r -> r.where() + ": " + r.what())
                .toList();
    }

    public FakeServer at(String name) {
        return fake.at(name);
    }

    /** Somebody made b1 primary by hand, and stopped a1. */
    public void promoted(String name) {
        FakeServer candidate = at(name);
        candidate.standby = false;
        candidate.timeline++;
        candidate.history = "1\t" + new Lsn(candidate.end) + "\tno recovery target specified";
        candidate.end += 0x1000;
    }
}
