package dev.holdfast.cli.command;

import dev.holdfast.cli.files.AtomicFile;
import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.run.CommandOutput;
import dev.holdfast.cli.run.CommonOptions;
import dev.holdfast.cli.run.LoadedEstate;
import dev.holdfast.cli.run.PlanFile;
import dev.holdfast.cli.view.PlanView;
import dev.holdfast.cli.view.RefusalView;
import dev.holdfast.cli.view.ResultData;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code plan}: observes the estate and shows what {@code apply} would do, with reasons; changes nothing. */
@Command(
        name = "plan",
        description = "Show what apply would do, and why. Changes nothing.",
        footer = {"  holdfast plan", "  holdfast plan --out plan.json --detailed-exitcode"})
public final class PlanCommand implements Callable<Integer> {

    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final CliContext cliContext;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Option(names = "--out", paramLabel = "PLAN", description = "also write the plan to this file, for apply")
    Path plan;

    @Option(
            names = "--detailed-exitcode",
            description = "end with 2 when steps are planned, or a difference is open that apply does not change")
    boolean detailed;

    public PlanCommand(CliContext cliContext) {
        this.cliContext = cliContext;
    }

    @Override
    public Integer call() throws IOException {
        LoadedEstate estate = LoadedEstate.load(options, cliContext);
        List<Runbook.Planned> plans;
        try (CliContext.Session session = cliContext.forLooking(estate.topology(), options.parallelism)) {
            plans = LoadedEstate.plan(estate.provision(), session.context());
            if (plans.stream().anyMatch(p -> !p.plan().missing().isEmpty())) {
                // a server that answered slowly once is queried again before it is reported
                session.context().pause(AGAIN);
                plans = LoadedEstate.plan(estate.provision(), session.context());
            }
        }
        return print(estate, plans);
    }

    private int print(LoadedEstate estate, List<Runbook.Planned> plans) throws IOException {
        Map<String, Object> data = PlanFile.of(estate.topology(), plans);
        if (plan != null) {
            AtomicFile.write(plan, ResultData.json(data));
        }
        CommandOutput.result(
                spec,
                options,
                data,
                out -> new PlanView(out, spec.commandLine().getColorScheme().ansi(), options.verbose)
                        .print(estate.topology(), plans));
        if (RefusalView.print(spec, plans)) {
            boolean unreached = plans.stream()
                    .flatMap(p -> p.plan().refusals().stream())
                    .allMatch(r -> r.exit() == ExitCode.UNREACHABLE);
            return unreached ? ExitCode.UNREACHABLE.code() : ExitCode.REFUSED.code();
        }
        List<Plan.Refusal> missing = plans.stream()
                .flatMap(p -> p.plan().missing().stream())
                .distinct()
                .toList();
        missing.forEach(m -> RefusalView.print(spec.commandLine().getErr(), "missing", m));
        boolean reached = missing.stream().allMatch(m -> m.exit() == ExitCode.REFUSED);
        List<Plan.Refusal> open =
                plans.stream().flatMap(p -> p.plan().open().stream()).distinct().toList();
        open.forEach(o -> RefusalView.print(spec.commandLine().getErr(), "still open", o));
        boolean pending =
                !open.isEmpty() || plans.stream().anyMatch(p -> !p.plan().isEmpty());
        if (missing.stream().anyMatch(m -> m.exit() == ExitCode.WOULD_LOSE_DATA)) {
            return ExitCode.WOULD_LOSE_DATA.code();
        }
        return !missing.isEmpty()
                ? (reached ? ExitCode.REFUSED : ExitCode.UNREACHABLE).code()
                : pending && detailed ? ExitCode.CHANGES_PENDING.code() : ExitCode.DONE.code();
    }
}
