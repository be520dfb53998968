package dev.holdfast.cli.run;

import dev.holdfast.BuiltIns;
import dev.holdfast.backup.BackupProvider;
import dev.holdfast.cli.files.LedgerFile;
import dev.holdfast.cli.files.RunDirectory;
import dev.holdfast.cli.view.BuildVersion;
import dev.holdfast.cli.view.ProgressReporter;
import dev.holdfast.cli.view.RefusalView;
import dev.holdfast.cli.view.ResultData;
import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillContext;
import dev.holdfast.drill.DrillScope;
import dev.holdfast.drill.LoadGenerator;
import dev.holdfast.drill.run.DrillRun;
import dev.holdfast.drill.run.PreconditionPhase;
import dev.holdfast.ledger.CheckRunner;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.ledger.Verdict;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Environment;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Workload;
import dev.holdfast.report.DrillReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Predicate;
import picocli.CommandLine.Model.CommandSpec;

/** Runs a drill once or several times: lock, ledger, load generator, evidence, and the end of the run. */
public final class DrillExecution {

    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final int PAYLOAD = 128;
    /** The time in which a role change completes and side-by-side restores are removed. */
    private static final Duration LONGEST_REVERT = Duration.ofMinutes(3);

    private static final int LATEST_BREAK_MILLIS = 3000;

    private final CliContext cliContext;
    private final CommonOptions options;
    private final CommandSpec spec;
    private final DrillOptions asked;

    public DrillExecution(CliContext cliContext, CommonOptions options, CommandSpec spec, DrillOptions asked) {
        this.cliContext = cliContext;
        this.options = options;
        this.spec = spec;
        this.asked = asked;
    }

    /** The end of one run; the report is absent when the run was refused. */
    private record Ended(int exit, Optional<DrillReport> report) {}

    public int run(Drill drill, DrillScope scope) throws IOException {
        scope.clusters().forEach(g -> g.engine().requireDrill(g.cluster(), drill.name()));
        if (asked.step && !cliContext.isTerminal()) {
            throw noTerminal(drill.name());
        }
        agreed(drill, scope);
        Random chance = new Random(asked.seed == null ? Instant.now().toEpochMilli() : asked.seed);
        List<Ended> all = new ArrayList<>();
        for (int i = 0; i < asked.repeat; i++) {
            Duration later = asked.repeat == 1 && asked.seed == null
                    ? Duration.ZERO
                    : Duration.ofMillis(chance.nextInt(LATEST_BREAK_MILLIS));
            Ended ended = once(scope, drill, later);
            all.add(ended);
            if (ended.report().isEmpty()) {
                return ended.exit();
            }
        }
        if (all.size() > 1) {
            new DrillSummary(options, spec)
                    .summary(
                            scope.topology().name(),
                            all.stream().flatMap(e -> e.report().stream()).toList());
        }
        return all.stream().mapToInt(Ended::exit).max().orElse(ExitCode.DONE.code());
    }

    /** Asks for confirmation. In production a person must type the estate's name; {@code --yes} does not replace it. */
    private void agreed(Drill drill, DrillScope scope) {
        HoldfastException noTerminal = new HoldfastException(
                ExitCode.REFUSED,
                drill.name(),
                "a drill of " + scope.name() + " needs confirmation and there is no terminal. Nothing was changed",
                "read holdfast drill show " + drill.name() + ", then run again with --yes");
        if (scope.topology().environment() == Environment.PRODUCTION) {
            String estate = scope.topology().name();
            if (estate.equals(asked.typed)) {
                return;
            }
            Confirmation.typed(
                    cliContext,
                    spec,
                    "This is PRODUCTION. " + drill.description() + " Target: " + scope.name()
                            + ". Type the estate's name: ",
                    estate,
                    new HoldfastException(
                            ExitCode.REFUSED,
                            drill.name(),
                            "a drill in production asks for the estate's name and there is no terminal. Nothing was changed",
                            "run the drill at a terminal, or add --estate " + estate
                                    + "; --yes does not replace the name"));
        } else if (!options.yes) {
            Confirmation.yes(
                    cliContext, spec, drill.description() + " Target: " + scope.name() + ". Continue?", noTerminal);
        }
    }

    private Ended once(DrillScope scope, Drill drill, Duration later) throws IOException {
        Instant began = Instant.now();
        Duration before = Confirmation.waited();
        Path ledgerPath = cliContext.folders().ledger(scope.topology().name(), "drill-" + drill.name(), began);
        List<Refusal> refusals;
        boolean isRecorded;
        try (ProgressReporter progress = CommandOutput.progress(
                        options, cliContext, spec.commandLine().getErr());
                LedgerFile ledger = new LedgerFile(ledgerPath, progress);
                CliContext.Session session =
                        cliContext.forChanging(scope.topology(), options.parallelism, ledger, false)) {
            session.lockEverywhere("drill run " + drill.name());
            ledger.note(
                    Ledger.Kind.RUN_STARTED,
                    ResultData.map(
                            "command",
                            "drill",
                            "estate",
                            scope.topology().name(),
                            "holdfast",
                            BuildVersion.read().version(),
                            "commit",
                            BuildVersion.read().commit()));
            try (LoadGenerator loadGenerator = session.loadGenerator(ledgerPath.getParent())) {
                DrillContext drillContext = new DrillContext(
                        session.context(),
                        ledger,
                        loadGenerator,
                        scope,
                        workload(drill, scope),
                        question(),
                        () -> began.plus(Confirmation.waited().minus(before)).plus(options.timeout));
                refusals = guarded(new DrillRun(
                        drill,
                        drillContext,
                        new PreconditionPhase(scope.topology().drills().enrolled(), DrillExecution::backupProvider),
                        later));
            }
            ledger.note(
                    Ledger.Kind.RUN_ENDED,
                    ResultData.map(
                            "refused", !refusals.isEmpty(), "sealed", RunDirectory.seals(ledgerPath.getParent())));
            progress.finish();
            isRecorded = ledger.failure().isEmpty();
            CommandOutput.incomplete(spec.commandLine().getErr(), ledger);
        }
        if (!isRecorded) {
            return new Ended(ExitCode.UNREACHABLE.code(), Optional.empty());
        }
        if (!refusals.isEmpty()) {
            refusals.forEach(r -> RefusalView.print(spec.commandLine().getErr(), r));
            spec.commandLine().getErr().flush();
            return new Ended(ExitCode.REFUSED.code(), Optional.empty());
        }
        return judged(RunDirectory.read(ledgerPath));
    }

    private Ended judged(RunDirectory saved) throws IOException {
        List<Verdict> verdicts = CheckRunner.judge(BuiltIns.checks(), saved.evidence());
        DrillReport report = ReportWriter.of(saved, verdicts);
        ReportWriter.write(report, saved.folder(), asked.out);
        ReportWriter.print(spec, options, report, saved.folder());
        return new Ended(report.exit(), Optional.of(report));
    }

    static Optional<BackupProvider> backupProvider(Cluster cluster) {
        return LoadedEstate.engine(cluster) instanceof BackupProvider provider
                ? Optional.of(provider)
                : Optional.empty();
    }

    private Workload workload(Drill drill, DrillScope scope) {
        List<Workload.Stream> streams = scope.streams();
        OptionalInt rate = asked.rate == null ? drill.circumstances().rate() : OptionalInt.of(asked.rate);
        String run = Long.toString(Instant.now().toEpochMilli(), Character.MAX_RADIX);
        return new Workload(
                run,
                rate.isEmpty()
                        ? streams
                        : streams.stream()
                                .map(s -> s.pace(rate.getAsInt(), Math.max(s.lanes(), rate.getAsInt() / 100)))
                                .toList(),
                DEADLINE,
                PAYLOAD,
                drill.circumstances().own());
    }

    private Predicate<String> question() {
        return stage -> !asked.step
                || Confirmation.agreed(cliContext, spec, "Next: " + stage + ". Continue?", noTerminal(stage));
    }

    private static HoldfastException noTerminal(String about) {
        return new HoldfastException(
                ExitCode.REFUSED,
                about,
                "--step asks before each phase and there is no terminal",
                "run without --step");
    }

    /** Requests a stop of the drill on Ctrl-C and waits for its reverts; the JVM then ends with 130. */
    private static List<Refusal> guarded(DrillRun run) {
        return SignalHandler.during(run::interrupt, LONGEST_REVERT, run::run);
    }
}
