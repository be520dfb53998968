package dev.holdfast.cli.command;

import dev.holdfast.cli.preflight.HostPreflight;
import dev.holdfast.cli.run.ChangeExecution;
import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.run.CommonOptions;
import dev.holdfast.cli.run.Confirmation;
import dev.holdfast.cli.run.LoadedEstate;
import dev.holdfast.cli.run.PlanFile;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code apply}: brings the estate from its observed state to the desired state. */
@Command(
        name = "apply",
        description = "Bring the estate from its observed state to the declared state.",
        footer = {"  holdfast apply", "  holdfast apply plan.json", "  holdfast apply --yes --timeout 30m"})
public final class ApplyCommand implements Callable<Integer> {

    private final CliContext cliContext;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Parameters(
            arity = "0..1",
            paramLabel = "PLAN",
            description = "a file written by plan --out; refused when the plan is different now")
    Path plan;

    @Option(
            names = "--skip-preflight",
            description = "create servers also on hosts where holdfast preflight reports an error")
    boolean skipsPreflight;

    public ApplyCommand(CliContext cliContext) {
        this.cliContext = cliContext;
    }

    @Override
    public Integer call() throws IOException {
        LoadedEstate estate = LoadedEstate.load(options, cliContext);
        Topology topology = estate.topology();
        List<Runbook<?>> runbooks = estate.provision();
        return new ChangeExecution(cliContext, options, spec, "apply").carryOut(topology, context -> {
            if (!skipsPreflight) {
                new HostPreflight(estate).requireForCreation(context, options.timeout);
            }
            if (plan != null) {
                return PlanFile.checked(plan, topology, runbooks);
            }
            if (options.yes) {
                return runbooks;
            }
            List<Runbook.Planned> plans = LoadedEstate.plan(runbooks, context);
            Confirmation.goOn(
                    cliContext,
                    spec,
                    topology,
                    plans,
                    "read the output of `holdfast plan`, then run again with --yes or with a saved plan");
            return Confirmation.checked(runbooks, plans);
        });
    }
}
