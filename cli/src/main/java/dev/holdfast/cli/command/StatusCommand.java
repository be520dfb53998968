package dev.holdfast.cli.command;

import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.run.CommandOutput;
import dev.holdfast.cli.run.CommonOptions;
import dev.holdfast.cli.run.LoadedEstate;
import dev.holdfast.cli.run.Severity;
import dev.holdfast.cli.view.ProgressReporter;
import dev.holdfast.cli.view.ResultData;
import dev.holdfast.cli.view.StatusView;
import dev.holdfast.engine.MaintenanceMode;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.ExitCode;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code status}: shows clusters, groups and nodes with role, lag and state; changes nothing. */
@Command(
        name = "status",
        description = "Show clusters, groups and nodes with role, lag and state. Changes nothing.",
        footer = {"  holdfast status", "  holdfast status --watch", "  holdfast status --nagios"})
public final class StatusCommand implements Callable<Integer> {

    private static final Duration BETWEEN = Duration.ofSeconds(2);

    private final CliContext cliContext;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Option(names = "--watch", description = "observe again every 2 s until --timeout or Ctrl-C")
    boolean watch;

    @Option(names = "--nagios", description = "one line with perfdata; ends with 0, 1, 2 or 3")
    boolean nagios;

    @Option(
            names = "--exit-code",
            description =
                    "for scripts: end with 0 when healthy, 5 when something needs attention, 10 when a node or host does "
                            + "not answer; without this option, 5 becomes 0")
    boolean exitCode;

    public StatusCommand(CliContext cliContext) {
        this.cliContext = cliContext;
    }

    @Override
    public Integer call() {
        LoadedEstate estate = LoadedEstate.load(options, cliContext);
        Instant end = Instant.now().plus(options.timeout);
        try (CliContext.Session session = cliContext.forLooking(estate.topology(), options.parallelism)) {
            while (true) {
                LoadedEstate.Observation observation = estate.observe(session.context());
                if (watch && cliContext.isTerminal() && options.output == CommonOptions.Output.text) {
                    spec.commandLine().getOut().print("\033[H\033[2J");
                }
                int exit = nagios ? nagios(estate, observation) : print(estate, observation);
                boolean isRead = !spec.commandLine().getOut().checkError();
                if (!watch || !isRead || !Instant.now().isBefore(end)) {
                    return exit;
                }
                session.context().pause(BETWEEN);
            }
        }
    }

    private int print(LoadedEstate estate, LoadedEstate.Observation observation) {
        List<LoadedEstate.ObservedCluster> state = observation.clusters();
        List<MaintenanceMode> maintained = observation.maintained();
        Map<String, Object> data = ResultData.result("status", estate.topology().name());
        data.put("at", Instant.now().toString());
        data.put("healthy", observation.isHealthy());
        data.put(
                "maintenance",
                maintained.stream()
                        .map(m -> ResultData.map(
                                "cluster", m.cluster(), "since", m.since().toString(), "reason", m.reason()))
                        .toList());
        data.put("clusters", state.stream().map(s -> data(estate, s)).toList());
        CommandOutput.result(spec, options, data, out -> {
            StatusView view = new StatusView(
                    out,
                    spec.commandLine().getColorScheme().ansi(),
                    cliContext.isTerminal() ? ProgressReporter.columns(cliContext.environment()) : Integer.MAX_VALUE,
                    observation.nodes().toList());
            view.printHeader(estate.topology().name());
            state.forEach(s -> {
                view.print(s.cluster(), s.observed());
                advice(s).forEach(a -> out.println("  advice: " + a));
            });
            maintained.forEach(
                    m -> out.println(m.description() + ": role changes are suspended; holdfast maintenance off "
                            + m.cluster() + " ends the maintenance"));
            long problems = state.stream()
                    .mapToLong(s -> s.observed().problems().size())
                    .sum();
            view.printSummary(estate.topology().name(), state.size(), problems);
        });
        if (observation.isPartlyUnreached()) {
            return ExitCode.UNREACHABLE.code();
        }
        return exitCode && !observation.isHealthy() ? ExitCode.INCOMPLETE.code() : ExitCode.DONE.code();
    }

    private static Map<String, Object> data(LoadedEstate estate, LoadedEstate.ObservedCluster state) {
        return ResultData.map(
                "cluster",
                state.cluster().name(),
                "engine",
                state.cluster().engine(),
                "healthy",
                state.observed().problems().isEmpty(),
                "problems",
                state.observed().problems(),
                "advice",
                advice(state),
                "nodes",
                state.observed().nodes().stream().map(ResultData::of).toList(),
                "connection",
                estate.profile(state.cluster()));
    }

    /** Returns what is known against the versions that run. */
    private static List<String> advice(LoadedEstate.ObservedCluster state) {
        return state.observed().nodes().stream()
                .map(o -> String.valueOf(o.facts().getOrDefault("version", "")))
                .distinct()
                .flatMap(v -> LoadedEstate.engine(state.cluster())
                        .versions()
                        .advice(v, state.observed().at())
                        .stream())
                .toList();
    }

    /** Returns the text in the convention of monitoring plugins; a range "1:" alerts below 1, a range "0" above 0. */
    private int nagios(LoadedEstate estate, LoadedEstate.Observation observation) {
        List<String> problems = observation.clusters().stream()
                .flatMap(s -> s.observed().problems().stream())
                .toList();
        long all = observation.nodes().count();
        long up = observation
                .nodes()
                .filter(o -> o.state() == NodeAvailability.UP)
                .count();
        Severity severity = Severity.of(observation.clusters());
        PrintWriter out = spec.commandLine().getOut();
        out.println("HOLDFAST " + severity + " - " + estate.topology().name() + ": "
                + (problems.isEmpty() ? "healthy" : String.join("; ", problems)) + " | nodes_up=" + up + ";" + all
                + ":;1:;0;" + all + " problems=" + problems.size() + ";0;;0");
        out.flush();
        return severity.ordinal();
    }
}
