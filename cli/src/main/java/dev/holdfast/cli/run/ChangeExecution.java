package dev.holdfast.cli.run;

import dev.holdfast.cli.files.LedgerFile;
import dev.holdfast.cli.view.ProgressReporter;
import dev.holdfast.cli.view.RefusalView;
import dev.holdfast.cli.view.ResultData;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Quantity;
import dev.holdfast.model.SecretRef;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.plan.RunbookRunner;
import dev.holdfast.schema.DestructiveChange;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/** The execution of one command that changes an estate: lock, ledger, progress, runner and exit code. */
public final class ChangeExecution {

    private static final Duration LONGEST_REVERT = Duration.ofSeconds(30);
    /** The commands that can create new servers and therefore new secrets. Existing servers do not know a new secret. */
    private static final Set<String> MAKING_SECRETS = Set.of("apply", "restore", "restore --undo");

    private final CliContext cliContext;
    private final CommonOptions options;
    private final CommandSpec spec;
    private final String command;
    private String resuming;
    private List<SecretRef> created = List.of();
    private String undoing = "";
    private boolean needsEveryHost;
    private List<Runbook<?>> followUp = List.of();

    public ChangeExecution(CliContext cliContext, CommonOptions options, CommandSpec spec, String command) {
        this.cliContext = cliContext;
        this.options = options;
        this.spec = spec;
        this.command = command;
        this.resuming = TypedCommand.of(spec);
    }

    /** Sets the command line that continues this run when it ends early. */
    public void resumedBy(String line) {
        resuming = line;
    }

    /** Sets the command line that undoes what this run did when it cannot continue. */
    void undoneBy(String line) {
        undoing = line;
    }

    /** Starts nothing unless every host answers. */
    public ChangeExecution onEveryHost() {
        needsEveryHost = true;
        return this;
    }

    /** Sets the runbooks to execute once the others are done; a failure makes the run incomplete and undoes nothing. */
    public ChangeExecution followedBy(List<Runbook<?>> runbooks) {
        followUp = runbooks;
        return this;
    }

    /** @param secrets generated before the first step, where they do not exist: restored data has other ones, or none is known */
    ChangeExecution creating(List<SecretRef> secrets) {
        created = List.copyOf(secrets);
        return this;
    }

    /** @param books creates the runbooks once the lock is held; throws to refuse */
    public int carryOut(Topology topology, Function<ExecutionContext, List<Runbook<?>>> books) throws IOException {
        return carryOut(topology, books, session -> {});
    }

    /** @param afterwards what to do once all runbooks are done */
    public int carryOut(
            Topology topology,
            Function<ExecutionContext, List<Runbook<?>>> books,
            Consumer<CliContext.Session> afterwards)
            throws IOException {
        Instant began = Instant.now();
        PrintWriter err = spec.commandLine().getErr();
        try (ProgressReporter progress = CommandOutput.progress(options, cliContext, err);
                LedgerFile ledger = new LedgerFile(
                        cliContext.folders().ledger(topology.name(), command.replace(' ', '-'), began), progress);
                CliContext.Session session = cliContext.forChanging(
                        topology, options.parallelism, ledger, MAKING_SECRETS.contains(command))) {
            List<CliContext.UnreachableHost> unreached = lock(session);
            ledger.note(Ledger.Kind.RUN_STARTED, ResultData.map("command", command, "estate", topology.name()));
            unreached.forEach(u -> report(ledger, u));
            List<Runbook<?>> ready = books.apply(session.context());
            created.forEach(session::reveal); // the read of a secret creates it
            Instant end = began.plus(Confirmation.waited()).plus(options.timeout);
            RunbookRunner runner =
                    new RunbookRunner(session.context(), ledger, end, options.timeout, options.hasTimeout(spec));
            List<RunbookOutcome> outcomes = guarded(runner, ready);
            if (exit(outcomes) == ExitCode.DONE.code()) {
                outcomes = together(outcomes, guarded(runner, followUp));
            }
            boolean done = exit(outcomes) == ExitCode.DONE.code();
            if (done) {
                afterwards.accept(session);
            }
            boolean isOpen = outcomes.stream().flatMap(o -> o.open().stream()).anyMatch(o -> o.exit() != ExitCode.DONE);
            int exit = done && isOpen ? ExitCode.INCOMPLETE.code() : exit(outcomes);
            ledger.note(Ledger.Kind.RUN_ENDED, ResultData.map("exit", exit));
            exit = exit == ExitCode.DONE.code() && ledger.failure().isPresent() ? ExitCode.INCOMPLETE.code() : exit;
            progress.finish();
            report(topology, outcomes, ledger, exit, began);
            return exit;
        }
    }

    private static List<RunbookOutcome> together(List<RunbookOutcome> change, List<RunbookOutcome> followUp) {
        List<RunbookOutcome> all = new ArrayList<>(change);
        followUp.stream()
                .map(o -> o.isDone() || o.exit() == ExitCode.INTERRUPTED ? o : o.incomplete())
                .forEach(all::add);
        return all;
    }

    private List<CliContext.UnreachableHost> lock(CliContext.Session session) {
        if (!needsEveryHost) {
            return session.lock(command);
        }
        session.lockEverywhere(command);
        return List.of();
    }

    private static void report(LedgerFile ledger, CliContext.UnreachableHost unreached) {
        ledger.note(
                Ledger.Kind.NOTED,
                ResultData.map(
                        "host",
                        unreached.host(),
                        "note",
                        "host " + unreached.host() + " does not answer, so nothing is changed there: "
                                + unreached.why()));
    }

    /** Requests a stop of the runner on Ctrl-C and waits for its reverts; the JVM then ends with 130. */
    private static List<RunbookOutcome> guarded(RunbookRunner runner, List<Runbook<?>> runbooks) {
        return SignalHandler.during(runner::interrupt, LONGEST_REVERT, () -> runner.run(runbooks));
    }

    /** Returns the most severe end of all clusters; when some steps were done, it is incomplete rather than unreachable. */
    private static int exit(List<RunbookOutcome> outcomes) {
        List<ExitCode> byGravity = List.of(
                ExitCode.DONE,
                ExitCode.REFUSED,
                ExitCode.UNREACHABLE,
                ExitCode.INCOMPLETE,
                ExitCode.TIMED_OUT,
                ExitCode.WOULD_LOSE_DATA,
                ExitCode.INTERRUPTED);
        ExitCode gravest = outcomes.stream()
                .map(RunbookOutcome::exit)
                .max(Comparator.comparingInt(byGravity::indexOf))
                .orElse(ExitCode.DONE);
        boolean changed = outcomes.stream().anyMatch(o -> o.steps() > 0);
        return (gravest == ExitCode.UNREACHABLE && changed ? ExitCode.INCOMPLETE : gravest).code();
    }

    /** The steps that were done and those that were skipped are together the ones that were planned. */
    private String sentence(List<RunbookOutcome> outcomes, int exit, long tookMillis) {
        int steps = outcomes.stream().mapToInt(RunbookOutcome::steps).sum();
        int skipped = outcomes.stream().mapToInt(RunbookOutcome::skipped).sum();
        String more = skipped == 0 ? "" : "; " + counted(skipped) + " skipped (condition already held)";
        if (exit != 0) {
            return ": " + command + " ended with exit code " + exit + " after " + counted(steps) + more + ".";
        }
        long open = outcomes.stream().flatMap(o -> o.open().stream()).distinct().count();
        long drifts = outcomes.stream()
                .flatMap(o -> o.notes().stream())
                .filter(n -> n.startsWith(DestructiveChange.MARK))
                .distinct()
                .count();
        if (drifts > 0) {
            more += "; " + Quantity.of(drifts, "drift stays", "drifts stay") + ", see above";
        }
        if (steps + skipped == 0) {
            return drifts > 0
                    ? ": no step to do" + more + "."
                    : open == 0 ? ": nothing to do." : ": no step to do; " + left(open) + ".";
        }
        return ": " + counted(steps) + " done in "
                + String.format(java.util.Locale.ROOT, "%.1f", tookMillis / 1000.0) + " s" + more
                + (open == 0 ? "" : "; " + left(open)) + ".";
    }

    /** Names the differences that no step changes, such as an overdue base backup: status and plan report them, too. */
    private String left(long open) {
        return open + (open == 1 ? " open difference" : " open differences") + ", which " + command
                + " does not change";
    }

    private static String counted(int steps) {
        return steps + (steps == 1 ? " step" : " steps");
    }

    private void report(Topology topology, List<RunbookOutcome> outcomes, LedgerFile ledger, int exit, Instant began) {
        PrintWriter err = spec.commandLine().getErr();
        for (RunbookOutcome outcome : outcomes) {
            outcome.refusals().forEach(r -> RefusalView.print(err, r));
            outcome.missing().forEach(m -> RefusalView.print(err, "missing", m));
            outcome.failures().forEach(f -> err.println("failed: " + f));
            outcome.notes().stream().filter(n -> n.startsWith(Plan.KEPT)).forEach(err::println);
            outcome.open().forEach(o -> RefusalView.print(err, "still open", o));
        }
        CommandOutput.incomplete(err, ledger);
        boolean isToBeRunAgain =
                outcomes.stream().anyMatch(o -> !o.isDone()) || ledger.failure().isPresent();
        if (isToBeRunAgain && outcomes.stream().anyMatch(o -> o.steps() > 0)) {
            err.println("    HINT: completed steps are kept; run holdfast " + resuming + " again to continue from there"
                    + (undoing.isEmpty() ? "" : ", or holdfast " + undoing + " to restore the earlier state"));
        }
        err.flush();
        long tookMillis = Duration.between(began.plus(Confirmation.waited()), Instant.now())
                .toMillis();
        Map<String, Object> data = ResultData.result(command, topology.name());
        data.putAll(new LinkedHashMap<>(ResultData.map(
                "exit",
                exit,
                "took_ms",
                tookMillis,
                "ledger",
                ledger.path().toString(),
                "clusters",
                outcomes.stream().map(ResultData::of).toList())));
        CommandOutput.result(spec, options, data, out -> {
            out.println("Estate " + topology.name() + sentence(outcomes, exit, tookMillis));
            out.println("Ledger: " + ledger.path());
        });
    }
}
