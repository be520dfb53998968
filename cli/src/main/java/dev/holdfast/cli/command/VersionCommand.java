package dev.holdfast.cli.command;

import dev.holdfast.BuiltIns;
import dev.holdfast.cli.run.CommandOutput;
import dev.holdfast.cli.run.CommonOptions;
import dev.holdfast.cli.view.BuildVersion;
import dev.holdfast.cli.view.ResultData;
import dev.holdfast.engine.VersionProblems;
import dev.holdfast.model.ExitCode;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code version}: prints what runs, and the server versions whose end of support Holdfast knows. */
@Command(
        name = "version",
        description = "Print the version, the commit, Java, and the server versions that Holdfast knows.",
        footer = {"  holdfast version", "  holdfast version -o json"})
public final class VersionCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Mixin
    HelpOption help;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, json or yaml (default: text)")
    CommonOptions.Output output;

    /**
     * One release series of a server.
     *
     * @param ends the last day with security fixes, as YYYY-MM-DD
     */
    private record Series(String server, String series, String ends, boolean supported) {}

    @Override
    public Integer call() {
        String version = BuildVersion.read().version();
        String commit = BuildVersion.read().commit();
        String java = System.getProperty("java.runtime.version");
        String vendor = System.getProperty("java.vendor");
        List<Series> all =
                BuiltIns.engines().stream().flatMap(e -> series(e.versions())).toList();
        Map<String, Object> data = ResultData.result("version", "");
        data.put("version", version);
        data.put("commit", commit);
        data.put("java", ResultData.map("version", java, "vendor", vendor));
        data.put(
                "servers",
                all.stream()
                        .map(s -> ResultData.map(
                                "server",
                                s.server(),
                                "series",
                                s.series(),
                                "ends",
                                s.ends(),
                                "supported",
                                s.supported()))
                        .toList());
        CommandOutput.result(spec, output, data, out -> {
            out.println("holdfast    " + version);
            out.println("commit      " + commit);
            out.println("Java        " + java + " (" + vendor + ")");
            all.stream()
                    .collect(Collectors.groupingBy(Series::server, LinkedHashMap::new, Collectors.toList()))
                    .forEach((server, series) -> out.println(server
                            + " ".repeat(Math.max(1, 12 - server.length()))
                            + series.stream().map(VersionCommand::text).collect(Collectors.joining(", "))));
        });
        return ExitCode.DONE.code();
    }

    private static Stream<Series> series(VersionProblems versions) {
        String today = LocalDate.now().toString();
        return versions.ends().entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(e -> new Series(
                        versions.title(), e.getKey(), e.getValue(), e.getValue().compareTo(today) >= 0));
    }

    private static String text(Series series) {
        return series.series() + (series.supported() ? " (supported until " : " (no security fixes since ")
                + series.ends() + ")";
    }
}
