package dev.holdfast.cli.metrics;

import dev.holdfast.cli.files.AtomicFile;
import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.run.CommonOptions;
import dev.holdfast.cli.run.LoadedEstate;
import dev.holdfast.cli.run.OptionValues;
import dev.holdfast.cli.run.SignalHandler;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code metrics}: prints or serves the observed state as metrics; changes nothing. */
@Command(
        name = "metrics",
        description = "Print or serve the observed state as OpenMetrics text. Changes nothing.",
        footer = {
            "  holdfast metrics",
            "  holdfast metrics --textfile /var/lib/prometheus/node-exporter/holdfast.prom",
            "  holdfast metrics --listen 127.0.0.1:9847"
        })
public final class MetricsCommand implements Callable<Integer> {

    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    private final CliContext cliContext;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Option(
            names = "--textfile",
            paramLabel = "PATH",
            description =
                    "write this file for the textfile collector of a node exporter; readers never see a part of the file")
    Path textfile;

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            converter = ListenAddress.Parser.class,
            description =
                    "serve /metrics by HTTP on HOST:PORT until a signal ends it; a port alone means 127.0.0.1; --timeout"
                            + " does not apply")
    ListenAddress listen;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "15s",
            converter = OptionValues.WholeSeconds.class,
            description = "with --listen: how often to observe the estate; scrapes get the last one (default: 15s)")
    Duration interval;

    public MetricsCommand(CliContext cliContext) {
        this.cliContext = cliContext;
    }

    @Override
    public Integer call() {
        if (listen != null && textfile != null) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    "--listen",
                    "--listen and --textfile exclude each other",
                    "run one command for the endpoint, and one by cron or a timer for the file");
        }
        if (options.output != CommonOptions.Output.text
                && spec.commandLine().getParseResult().hasMatchedOption("--output")) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    "--output",
                    "metrics has one format, the text of OpenMetrics",
                    "leave out -o, or use holdfast status -o " + options.output);
        }
        LoadedEstate estate = LoadedEstate.load(options, cliContext);
        try (CliContext.Session session = cliContext.forLooking(estate.topology(), options.parallelism)) {
            LastDrills drills =
                    new LastDrills(cliContext.folders().estate(estate.topology().name()));
            return listen == null ? once(estate, session, drills) : serve(estate, session, drills);
        }
    }

    private int once(LoadedEstate estate, CliContext.Session session, LastDrills drills) {
        ObservedEstate observed = look(estate, session, drills);
        MetricSnapshots metrics = EstateMetrics.of(estate.topology().name(), observed, Instant.now());
        if (textfile != null) {
            AtomicFile.write(textfile, Exposition.PROMETHEUS.text(metrics));
        } else {
            PrintWriter out = spec.commandLine().getOut();
            out.print(Exposition.OPEN_METRICS.text(metrics));
            out.flush();
        }
        return observed.observation().isPartlyUnreached() ? ExitCode.UNREACHABLE.code() : ExitCode.DONE.code();
    }

    private static ObservedEstate look(LoadedEstate estate, CliContext.Session session, LastDrills drills) {
        long begin = System.nanoTime();
        LoadedEstate.Observation observation = estate.observe(session.context());
        Duration duration = Duration.ofNanos(System.nanoTime() - begin);
        return new ObservedEstate(observation, duration, drills.look());
    }

    private int serve(LoadedEstate estate, CliContext.Session session, LastDrills drills) {
        String name = estate.topology().name();
        ObservationLoop loop = new ObservationLoop(name, () -> look(estate, session, drills), this::log);
        try (MetricsEndpoint endpoint = MetricsEndpoint.start(listen, loop::metrics)) {
            log("serves the metrics of " + name + " at " + endpoint.url());
            return SignalHandler.during(Thread.currentThread()::interrupt, LONGEST_END, () -> {
                loop.run(interval);
                Thread.interrupted(); // the stop was requested
                log("ends");
                return ExitCode.DONE.code();
            });
        }
    }

    private void log(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + "  " + line);
        err.flush();
    }
}
