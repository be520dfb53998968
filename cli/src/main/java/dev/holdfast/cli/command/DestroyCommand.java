package dev.holdfast.cli.command;

import dev.holdfast.cli.run.ChangeExecution;
import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.run.CommonOptions;
import dev.holdfast.cli.run.Confirmation;
import dev.holdfast.cli.run.LoadedEstate;
import dev.holdfast.model.Environment;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code destroy}: ends every process of a lab estate and removes its directories. */
@Command(
        name = "destroy",
        description =
                "End every process of a lab estate and remove its directories. Asks you to type the estate's name.",
        footer = {"  holdfast destroy", "  holdfast destroy --yes"})
public final class DestroyCommand implements Callable<Integer> {

    private final CliContext cliContext;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    public DestroyCommand(CliContext cliContext) {
        this.cliContext = cliContext;
    }

    @Override
    public Integer call() throws IOException {
        LoadedEstate estate = LoadedEstate.load(options, cliContext);
        Topology topology = estate.topology();
        if (topology.environment() != Environment.LAB) {
            throw new HoldfastException(
                    ExitCode.REFUSED,
                    topology.name(),
                    "environment is " + topology.environment().name().toLowerCase(java.util.Locale.ROOT)
                            + "; Holdfast destroys only a lab. Nothing was changed",
                    "no option overrides this; only an estate that declares environment: lab can be destroyed");
        }
        HoldfastException noTerminal = new HoldfastException(
                ExitCode.REFUSED,
                topology.name(),
                "destroy asks for the estate's name and there is no terminal. Nothing was changed",
                "use --yes");
        if (!options.yes) {
            Confirmation.mustHaveTerminal(cliContext, noTerminal);
        }
        int exit = new ChangeExecution(cliContext, options, spec, "destroy")
                .onEveryHost()
                .carryOut(
                        topology,
                        context -> {
                            List<Runbook<?>> runbooks = estate.destroy();
                            if (!options.yes) {
                                Confirmation.plan(spec, topology, LoadedEstate.plan(runbooks, context));
                                Confirmation.typed(
                                        cliContext,
                                        spec,
                                        "This ends every process of estate " + topology.name()
                                                + " and removes all its data. Type the estate's name: ",
                                        topology.name(),
                                        noTerminal);
                            }
                            return runbooks;
                        },
                        CliContext.Session::vacate);
        if (exit == ExitCode.DONE.code()) {
            cliContext.folders().forgetSecrets(topology.name());
        }
        return exit;
    }
}
