package dev.holdfast.cli.run;

import dev.holdfast.cli.files.RunDirectory;
import dev.holdfast.cli.view.ResultData;
import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillScope;
import dev.holdfast.ledger.CheckRunner;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Topology;
import dev.holdfast.report.DrillReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/** The drills that were run per failure and cluster, the trend of their recovery times, and what is overdue. */
public final class DrillHistory {

    private static final int SHOWN = 5;

    private final CliContext cliContext;
    private final CommonOptions options;
    private final CommandSpec spec;

    public DrillHistory(CliContext cliContext, CommonOptions options, CommandSpec spec) {
        this.cliContext = cliContext;
        this.options = options;
        this.spec = spec;
    }

    /**
     * One run of a drill.
     *
     * @param recovery nanoseconds from the fault to the first acknowledged write; empty when that is unknown
     * @param lost acknowledged writes with a promise that are lost; empty when not every write was read back
     * @param hasEnded false while the run goes on, and when it was killed
     */
    public record Run(
            Instant at,
            String drill,
            String target,
            OptionalLong recovery,
            OptionalLong lost,
            int exit,
            boolean hasEnded) {
        String rto() {
            return recovery.isPresent() ? String.format(Locale.ROOT, "%.2f s", recovery.getAsLong() / 1e9) : "unknown";
        }

        Long millis() {
            return recovery.isPresent() ? recovery.getAsLong() / 1_000_000 : null;
        }
    }

    public int print(LoadedEstate estate) throws IOException {
        Topology topology = estate.topology();
        List<Run> runs = past(topology);
        Map<String, List<Run>> coverage = new LinkedHashMap<>();
        estate.drills()
                .forEach(d ->
                        targets(topology, d).forEach(t -> coverage.put(d.name() + " on " + t, new ArrayList<>())));
        runs.forEach(r -> coverage.computeIfAbsent(r.drill + " on " + r.target, k -> new ArrayList<>())
                .add(r));
        List<String> warnings = warnings(topology, coverage);
        Map<String, Object> data = ResultData.result("drill history", topology.name());
        data.put("runs", runs.stream().map(DrillHistory::data).toList());
        data.put(
                "coverage",
                coverage.entrySet().stream()
                        .map(c -> ResultData.map(
                                "what",
                                c.getKey(),
                                "runs",
                                c.getValue().size(),
                                "last",
                                c.getValue().isEmpty()
                                        ? null
                                        : last(c.getValue()).at.toString()))
                        .toList());
        data.put("warnings", warnings);
        CommandOutput.result(spec, options, data, out -> {
            coverage.forEach((what, all) -> out.printf(Locale.ROOT, "%-46s %s%n", what, trend(all)));
            warnings.forEach(out::println);
        });
        return ExitCode.DONE.code();
    }

    /** Returns every target that a drill can run on. */
    private static List<String> targets(Topology topology, Drill drill) {
        if (drill.target().isWholeEstate()) {
            return List.of(topology.name());
        }
        return topology.clusters().stream()
                .filter(drill.target()::fits)
                .flatMap(c -> DrillScopes.drillGroups(topology, drill, c).stream())
                .map(s -> DrillScope.of(s).name())
                .toList();
    }

    private static Run last(List<Run> all) {
        return all.get(all.size() - 1);
    }

    private static String trend(List<Run> all) {
        if (all.isEmpty()) {
            return "never";
        }
        List<String> shown = all.stream()
                .skip(Math.max(0, all.size() - SHOWN))
                .map(p -> p.rto() + (p.exit == 0 ? "" : " (exit " + p.exit + ")"))
                .toList();
        return all.size() + (all.size() == 1 ? " run" : " runs") + ", last " + last(all).at + ", RTO "
                + String.join(" -> ", shown);
    }

    private static List<String> warnings(Topology topology, Map<String, List<Run>> coverage) {
        Instant overdue = Instant.now().minus(topology.drills().overdue());
        List<String> warnings = new ArrayList<>();
        coverage.forEach((what, all) -> {
            if (all.isEmpty()) {
                warnings.add("WARN " + what + " has never run");
            } else if (last(all).at.isBefore(overdue)) {
                warnings.add("WARN " + what + " is overdue: the last run was at " + last(all).at + ", desired every "
                        + topology.drills().overdue().toDays() + " days");
            } else if (last(all).exit != 0) {
                warnings.add("WARN " + what + " ended with exit code " + last(all).exit + " in its last run");
            }
        });
        return warnings;
    }

    private static Map<String, Object> data(Run run) {
        return ResultData.map(
                "at",
                run.at.toString(),
                "drill",
                run.drill,
                "target",
                run.target,
                "rto_ms",
                run.millis(),
                "exit",
                run.exit);
    }

    private List<Run> past(Topology topology) throws IOException {
        List<Run> runs = new ArrayList<>();
        for (Path run : folders(folder(cliContext.folders().estate(topology.name())))) {
            read(run).ifPresent(runs::add);
        }
        return runs;
    }

    /** Returns the directory of the runs of an estate. */
    public static Path folder(Path state) {
        return state.resolve("runs");
    }

    /** Returns the directories of drill runs, oldest first. */
    public static List<Path> folders(Path runs) throws IOException {
        if (!Files.isDirectory(runs)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(runs)) {
            return all.filter(p -> p.getFileName().toString().contains("-drill-"))
                    .sorted()
                    .toList();
        }
    }

    /** Reads and judges one run; empty when it did not come to its fault. */
    public static Optional<Run> read(Path run) throws IOException {
        RunDirectory saved = RunDirectory.read(run);
        Evidence evidence = saved.evidence();
        if (evidence.mark("fault").isEmpty()) {
            return Optional.empty();
        }
        DrillReport report = ReportWriter.of(saved, CheckRunner.judge(dev.holdfast.BuiltIns.checks(), evidence));
        return Optional.of(new Run(
                evidence.entries().get(0).at(),
                evidence.drill().get("drill").toString(),
                evidence.drill().get("target").toString(),
                evidence.recovery(),
                lost(report),
                report.exit(),
                evidence.entries().get(evidence.entries().size() - 1).kind() == Ledger.Kind.RUN_ENDED));
    }

    private static OptionalLong lost(DrillReport report) {
        List<DrillReport.StreamSummary> promised =
                report.lines().stream().filter(l -> l.stream().promised()).toList();
        boolean isKnown =
                !promised.isEmpty() && promised.stream().allMatch(l -> l.truth().isPresent());
        return isKnown
                ? OptionalLong.of(promised.stream()
                        .mapToLong(l -> l.truth().orElseThrow().lost().size())
                        .sum())
                : OptionalLong.empty();
    }
}
