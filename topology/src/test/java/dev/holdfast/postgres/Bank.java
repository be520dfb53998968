package dev.holdfast.postgres;

import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Runner;
import dev.holdfast.world.Action;
import dev.holdfast.world.Answer;
import dev.holdfast.world.FakeWorld;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A pretend estate on which a wanted trio is applied. */
final class Bank {

    final Trio trio;
    final FakePostgres fake;
    final FakeWorld world;
    private int changesLeft = Integer.MAX_VALUE;

    /** The CLI was killed. */
    static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    Bank(Trio trio) {
        this.trio = trio;
        this.fake = new FakePostgres(trio.cluster());
        this.world = new FakeWorld().with(this::killing).with(fake);
    }

    /** An estate that has been applied once. */
    static Bank applied(Trio trio) {
        Bank bank = new Bank(trio);
        Runner.Outcome outcome = bank.apply();
        if (!outcome.isDone()) {
            throw new AssertionError(outcome.toString());
        }
        bank.world.forget();
        return bank;
    }

    private Answer killing(Action action, java.time.Instant now) {
        if (action.intent() == Action.Intent.CHANGE && changesLeft-- <= 0) {
            throw new Killed();
        }
        return null;
    }

    /** From now on the CLI is killed after so many changing actions. */
    void killAfter(int changes) {
        changesLeft = changes;
    }

    Runbook<PostgresSeen> book() {
        return PostgresProvision.runbook(trio.estate(), trio.cluster());
    }

    PostgresSeen look() {
        return new PostgresProbes(trio.estate(), trio.cluster()).look(world, true);
    }

    Runner.Outcome apply() {
        return run(book());
    }

    Runner.Outcome run(Runbook<?> book) {
        Runner runner = new Runner(world, (kind, facts) -> Map.of(), world.now().plus(Duration.ofHours(2)));
        return runner.run(List.of(book)).get(0);
    }

    List<Plan> plans() {
        return book().plan(world).stream().map(Runbook.Planned::plan).toList();
    }

    /** The titles of all steps to do. */
    List<String> titles() {
        return plans().stream()
                .flatMap(p -> p.steps().stream())
                .map(s -> s.title())
                .toList();
    }

    List<String> reasons() {
        return plans().stream()
                .flatMap(p -> p.steps().stream())
                .map(s -> s.because())
                .toList();
    }

    List<String> notes() {
        return plans().stream().flatMap(p -> p.notes().stream()).toList();
    }

    List<String> refusals() {
        return plans().stream()
                .flatMap(p -> p.refusals().stream())
                .map(r -> r.where() + ": " + r.what())
                .toList();
    }

    FakeServer at(String name) {
        return fake.at(name);
    }

    /** Somebody made b1 primary by hand, and stopped a1. */
    void promoted(String name) {
        FakeServer candidate = at(name);
        candidate.standby = false;
        candidate.timeline++;
        candidate.history = "1\t" + new Wal(candidate.end) + "\tno recovery target specified";
        candidate.end += 0x1000;
    }
}
