package dev.holdfast.cli.command;

import dev.holdfast.cli.files.LedgerFile;
import dev.holdfast.cli.view.Data;
import dev.holdfast.cli.view.Progress;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Runner;
import dev.holdfast.world.World;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/** One run that changes an estate: lock, ledger, progress, runner, and how it ended. */
final class Run {

    private static final Duration LONGEST_MEND = Duration.ofSeconds(30);

    private final Desk desk;
    private final CommonOptions options;
    private final CommandSpec spec;
    private final String command;
    private boolean needsEveryHost;
    private List<Runbook<?>> followUp = List.of();

    Run(Desk desk, CommonOptions options, CommandSpec spec, String command) {
        this.desk = desk;
        this.options = options;
        this.spec = spec;
        this.command = command;
    }

    /** Nothing is begun unless every host answers. */
    Run onEveryHost() {
        needsEveryHost = true;
        return this;
    }

    /** What is gone through once the runbooks are done, again when they are; when it fails the run is incomplete, not undone. */
    Run followedBy(List<Runbook<?>> books) {
        followUp = books;
        return this;
    }

    /** @param books makes the runbooks once the lock is held; may refuse by throwing */
    int carryOut(Topology topology, Function<World, List<Runbook<?>>> books) throws IOException {
        return carryOut(topology, books, hands -> {});
    }

    /** @param afterwards what is left to do when all runbooks are done */
    int carryOut(Topology topology, Function<World, List<Runbook<?>>> books, Consumer<Desk.Hands> afterwards)
            throws IOException {
        Instant began = Instant.now();
        PrintWriter err = spec.commandLine().getErr();
        try (Progress progress = Told.progress(options, desk, err);
                LedgerFile ledger = new LedgerFile(
                        desk.folders().ledger(topology.name(), command.replace(' ', '-'), began), progress);
                Desk.Hands hands = desk.forChanging(topology, options.parallelism, ledger)) {
            List<Desk.Unreached> unreached = lock(hands);
            ledger.note(Ledger.Kind.RUN_STARTED, Data.map("command", command, "estate", topology.name()));
            unreached.forEach(u -> tell(ledger, u));
            List<Runbook<?>> ready = books.apply(hands.world());
            Runner runner = new Runner(hands.world(), ledger, began.plus(options.timeout));
            List<Runner.Outcome> outcomes = guarded(runner, ready);
            if (exit(outcomes) == Exit.DONE.code()) {
                outcomes = together(outcomes, guarded(runner, followUp));
            }
            int exit = exit(outcomes);
            if (exit == Exit.DONE.code()) {
                afterwards.accept(hands);
            }
            ledger.note(Ledger.Kind.RUN_ENDED, Data.map("exit", exit));
            progress.finish();
            report(topology, outcomes, ledger, exit, began);
            return exit;
        }
    }

    private static List<Runner.Outcome> together(List<Runner.Outcome> change, List<Runner.Outcome> followUp) {
        List<Runner.Outcome> all = new ArrayList<>(change);
        followUp.stream()
                .map(o -> o.isDone() || o.exit() == Exit.INTERRUPTED ? o : o.incomplete())
                .forEach(all::add);
        return all;
    }

    private List<Desk.Unreached> lock(Desk.Hands hands) {
        if (!needsEveryHost) {
            return hands.lock(command);
        }
        hands.lockEverywhere(command);
        return List.of();
    }

    private static void tell(LedgerFile ledger, Desk.Unreached unreached) {
        ledger.note(
                Ledger.Kind.NOTED,
                Data.map(
                        "host",
                        unreached.host(),
                        "note",
                        "host " + unreached.host() + " does not answer, and nothing is changed there: "
                                + unreached.why()));
    }

    /** Ctrl-C asks the runner to stop and waits for its mends; the JVM then ends with 130. */
    private static List<Runner.Outcome> guarded(Runner runner, List<Runbook<?>> books) {
        return StopOnSignal.during(runner::interrupt, LONGEST_MEND, () -> runner.run(books));
    }

    /** The gravest of all clusters' ends; where some steps were done it is incomplete rather than unreachable. */
    private static int exit(List<Runner.Outcome> outcomes) {
        List<Exit> byGravity =
                List.of(Exit.DONE, Exit.REFUSED, Exit.UNREACHABLE, Exit.INCOMPLETE, Exit.TIMED_OUT, Exit.INTERRUPTED);
        Exit gravest = outcomes.stream()
                .map(Runner.Outcome::exit)
                .max(Comparator.comparingInt(byGravity::indexOf))
                .orElse(Exit.DONE);
        boolean changed = outcomes.stream().anyMatch(o -> o.steps() > 0);
        return (gravest == Exit.UNREACHABLE && changed ? Exit.INCOMPLETE : gravest).code();
    }

    private void report(Topology topology, List<Runner.Outcome> outcomes, LedgerFile ledger, int exit, Instant began) {
        PrintWriter err = spec.commandLine().getErr();
        for (Runner.Outcome outcome : outcomes) {
            outcome.refusals().forEach(r -> Refusals.print(err, r));
            outcome.missing().forEach(m -> Refusals.print(err, "missing", m));
            outcome.failures().forEach(f -> err.println("failed: " + f));
        }
        if (exit != 0 && outcomes.stream().anyMatch(o -> o.steps() > 0)) {
            err.println("    HINT: what was done stays; run holdfast " + command + " again to go on from there");
        }
        err.flush();
        long tookMillis = java.time.Duration.between(began, Instant.now()).toMillis();
        Map<String, Object> data = Data.result(command, topology.name());
        data.putAll(new LinkedHashMap<>(Data.map(
                "exit",
                exit,
                "took_ms",
                tookMillis,
                "ledger",
                ledger.path().toString(),
                "clusters",
                outcomes.stream().map(Data::of).toList())));
        Told.result(spec, options, data, out -> {
            int steps = outcomes.stream().mapToInt(Runner.Outcome::steps).sum();
            out.println(
                    exit != 0
                            ? "Estate " + topology.name() + ": " + command + " ended with exit code " + exit + " after "
                                    + steps + " steps."
                            : steps == 0
                                    ? "Estate " + topology.name() + ": nothing to do."
                                    : "Estate " + topology.name() + ": " + steps + " steps done in "
                                            + String.format(java.util.Locale.ROOT, "%.1f", tookMillis / 1000.0)
                                            + " s.");
            out.println("Ledger: " + ledger.path());
        });
    }
}
