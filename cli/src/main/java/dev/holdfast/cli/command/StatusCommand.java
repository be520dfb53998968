package dev.holdfast.cli.command;

import dev.holdfast.cli.view.Data;
import dev.holdfast.cli.view.StatusView;
import dev.holdfast.engine.Maintenance;
import dev.holdfast.model.Exit;
import dev.holdfast.world.Observation;
import dev.holdfast.world.State;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what is there: clusters, groups and nodes with role, lag and state; changes nothing. */
@Command(name = "status", description = "Show clusters, groups and nodes with role, lag and state. Changes nothing.")
public final class StatusCommand implements Callable<Integer> {

    private static final Duration BETWEEN = Duration.ofSeconds(2);
    private static final int CRITICAL = 2;
    private static final int WARNING = 1;

    private final Desk desk;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Option(names = "--watch", description = "look again every 2 s until --timeout or Ctrl-C")
    boolean watch;

    @Option(names = "--nagios", description = "one line with perfdata; ends with 0, 1, 2 or 3")
    boolean nagios;

    public StatusCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() {
        Estate estate = Estate.load(options, desk);
        Instant end = Instant.now().plus(options.timeout);
        try (Desk.Hands hands = desk.forLooking(estate.topology(), options.parallelism)) {
            while (true) {
                List<Estate.Seen> seen = estate.look(hands.world());
                List<Maintenance> maintained =
                        Maintenance.look(hands.world(), estate.topology().clusters());
                if (watch && desk.isTerminal() && options.output == CommonOptions.Output.text) {
                    spec.commandLine().getOut().print("\033[H\033[2J");
                }
                int exit = nagios ? nagios(estate, seen) : tell(estate, seen, maintained);
                if (!watch || !Instant.now().isBefore(end)) {
                    return exit;
                }
                hands.world().pause(BETWEEN);
            }
        }
    }

    private int tell(Estate estate, List<Estate.Seen> seen, List<Maintenance> maintained) {
        Map<String, Object> data = Data.result("status", estate.topology().name());
        data.put("at", Instant.now().toString());
        data.put(
                "healthy", seen.stream().allMatch(s -> s.observed().complaints().isEmpty()));
        data.put(
                "maintenance",
                maintained.stream()
                        .map(m -> Data.map(
                                "cluster", m.cluster(), "since", m.since().toString(), "reason", m.reason()))
                        .toList());
        data.put("clusters", seen.stream().map(s -> data(estate, s)).toList());
        Told.result(spec, options, data, out -> {
            StatusView view =
                    new StatusView(out, spec.commandLine().getColorScheme().ansi());
            out.println("estate " + estate.topology().name());
            seen.forEach(s -> view.print(s.cluster(), s.observed()));
            maintained.forEach(m -> out.println(m.told() + ": its roles are not changed"));
        });
        return nodes(seen).anyMatch(o -> o.state() == State.SILENT) ? Exit.UNREACHABLE.code() : Exit.DONE.code();
    }

    private static Map<String, Object> data(Estate estate, Estate.Seen seen) {
        return Data.map(
                "cluster",
                seen.cluster().name(),
                "engine",
                seen.cluster().engine(),
                "healthy",
                seen.observed().complaints().isEmpty(),
                "complaints",
                seen.observed().complaints(),
                "nodes",
                seen.observed().nodes().stream().map(Data::of).toList(),
                "connection",
                estate.profile(seen.cluster()));
    }

    private static Stream<Observation> nodes(List<Estate.Seen> seen) {
        return seen.stream().flatMap(s -> s.observed().nodes().stream());
    }

    /** The monitoring plugin convention: a group without its primary is critical, any other complaint a warning. */
    private int nagios(Estate estate, List<Estate.Seen> seen) {
        List<String> complaints =
                seen.stream().flatMap(s -> s.observed().complaints().stream()).toList();
        long all = nodes(seen).count();
        long up = nodes(seen).filter(o -> o.state() == State.UP).count();
        boolean headless = complaints.stream().anyMatch(c -> c.contains("no primary"));
        int exit = headless ? CRITICAL : complaints.isEmpty() ? 0 : WARNING;
        String word = List.of("OK", "WARNING", "CRITICAL").get(exit);
        PrintWriter out = spec.commandLine().getOut();
        out.println("HOLDFAST " + word + " - " + estate.topology().name() + ": "
                + (complaints.isEmpty() ? "healthy" : String.join("; ", complaints)) + " | nodes_up=" + up + ";" + all
                + ";" + all + ";0;" + all + " complaints=" + complaints.size());
        out.flush();
        return exit;
    }
}
