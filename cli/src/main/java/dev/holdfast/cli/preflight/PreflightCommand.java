package dev.holdfast.cli.preflight;

import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.run.CommandOutput;
import dev.holdfast.cli.run.CommonOptions;
import dev.holdfast.cli.run.LoadedEstate;
import dev.holdfast.preflight.PreflightReport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code preflight}: observes all declared hosts and reports what they lack; changes nothing. */
@Command(
        name = "preflight",
        description = {
            "Report what the hosts lack: software, rights, ports, connections, settings. Changes nothing.",
            "Ends with 4 when a finding is an error, with 10 when a host does not answer and nothing else is an error."
        },
        footer = {"  holdfast preflight", "  holdfast preflight -o json", "  holdfast preflight --timeout 20s"})
public final class PreflightCommand implements Callable<Integer> {

    private final CliContext cliContext;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    public PreflightCommand(CliContext cliContext) {
        this.cliContext = cliContext;
    }

    @Override
    public Integer call() {
        LoadedEstate estate = LoadedEstate.load(options, cliContext);
        try (CliContext.Session session = cliContext.forLooking(estate.topology(), options.parallelism)) {
            PreflightReport report = new HostPreflight(estate).report(session.context(), options.timeout);
            CommandOutput.result(
                    spec,
                    options,
                    PreflightView.data(report),
                    out -> new PreflightView(
                                    out, spec.commandLine().getColorScheme().ansi())
                            .print(report));
            return report.exit().code();
        }
    }
}
