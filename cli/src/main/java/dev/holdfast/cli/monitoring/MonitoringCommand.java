package dev.holdfast.cli.monitoring;

import dev.holdfast.cli.files.AtomicFile;
import dev.holdfast.cli.metrics.ListenAddress;
import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.run.CommandOutput;
import dev.holdfast.cli.run.CommonOptions;
import dev.holdfast.cli.run.LoadedEstate;
import dev.holdfast.cli.run.OptionValues;
import dev.holdfast.cli.view.ResultData;
import dev.holdfast.model.ExitCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code monitoring}: writes the configuration of Prometheus, Alertmanager and Grafana for an estate. */
@Command(
        name = "monitoring",
        description = "Write Prometheus rules, a Grafana dashboard and routing for this estate. Contacts no server.",
        footer = {
            "  holdfast monitoring --out monitoring",
            "  holdfast monitoring --out monitoring --target metrics.example.net:9847"
        })
public final class MonitoringCommand implements Callable<Integer> {

    private final CliContext cliContext;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "write the files to this directory; files of the same names are replaced")
    Path out;

    @Option(
            names = "--target",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1:9847",
            converter = ListenAddress.Parser.class,
            description = "HOST:PORT where Prometheus reaches holdfast metrics --listen (default: 127.0.0.1:9847)")
    ListenAddress target;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "15s",
            converter = OptionValues.WholeSeconds.class,
            description = "how often Prometheus scrapes and evaluates (default: 15s)")
    Duration interval;

    @Option(
            names = "--pages",
            paramLabel = "URL",
            defaultValue = "ALERTS.md",
            description = "where you publish ALERTS.md; the alerts link to it (default: ALERTS.md)")
    String pages;

    public MonitoringCommand(CliContext cliContext) {
        this.cliContext = cliContext;
    }

    @Override
    public Integer call() {
        LoadedEstate estate = LoadedEstate.load(options, cliContext);
        Map<String, String> files = new MonitoringFiles(estate.topology(), target, interval, pages).all();
        AtomicFile.folder(out);
        List<String> written = new ArrayList<>();
        files.forEach((name, text) -> {
            Path file = out.resolve(name);
            AtomicFile.write(file, text);
            written.add(file.toString());
        });
        Map<String, Object> data =
                ResultData.result("monitoring", estate.topology().name());
        data.put("files", written);
        CommandOutput.result(spec, options, data, to -> written.forEach(to::println));
        return ExitCode.DONE.code();
    }
}
