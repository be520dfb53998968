package dev.holdfast.cli.command;

import dev.holdfast.cli.files.SavedRun;
import dev.holdfast.cli.view.Data;
import dev.holdfast.drill.Drill;
import dev.holdfast.drill.Scene;
import dev.holdfast.engine.Rehearsal.Term;
import dev.holdfast.ledger.Evidence;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Topology;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

/** What is told of drills: what one will do, what was run when, and how repeated runs compare. */
final class DrillTold {

    private static final Duration OVERDUE = Duration.ofDays(90);

    private final Desk desk;
    private final CommonOptions options;
    private final CommandSpec spec;

    DrillTold(Desk desk, CommonOptions options, CommandSpec spec) {
        this.desk = desk;
        this.options = options;
        this.spec = spec;
    }

    int show(Drill drill, Scene scene) {
        List<Term> terms = drill.course().predicted(scene);
        Map<String, Object> data = Data.result("drill show", scene.topology().name());
        data.put("drill", drill.name());
        data.put("target", scene.name());
        data.put("story", drill.story());
        data.put("strikes", drill.course().whom());
        data.put("faults", drill.course().sentences());
        data.put("recovery", drill.course().byWhom());
        data.put("claims", drill.claims());
        data.put("untested", drill.untested());
        Told.result(spec, options, data, out -> {
            out.println(drill.name() + " on " + scene.name());
            out.println("  " + drill.story());
            out.println("gates     healthy, settled (empty plan), nothing broken by an earlier drill, clients served");
            out.println("workload  " + scene.streams().size() + " streams: "
                    + String.join(
                            "; ", scene.streams().stream().map(s -> s.name()).toList()));
            out.println("strikes   " + drill.course().whom());
            drill.course().sentences().forEach(s -> out.println("does      " + s));
            out.println("recovery  " + drill.course().byWhom());
            out.println("claims    " + String.join(", ", drill.claims()));
            drill.untested().forEach(u -> out.println("not shown " + u));
            predicted(out, terms);
        });
        return Exit.DONE.code();
    }

    private static void predicted(PrintWriter out, List<Term> terms) {
        for (Term term : terms) {
            out.printf(
                    Locale.ROOT,
                    "predicted %-10s %6d to %6d ms  %s%n",
                    term.name(),
                    term.least().toMillis(),
                    term.most().toMillis(),
                    term.because());
        }
        if (!terms.isEmpty()) {
            long least = terms.stream().mapToLong(t -> t.least().toMillis()).sum();
            long most = terms.stream().mapToLong(t -> t.most().toMillis()).sum();
            out.printf(Locale.ROOT, "predicted %-10s %6d to %6d ms%n", "RTO", least, most);
        }
    }

    /** The recovery times of repeated runs. */
    static void summary(CommandSpec spec, List<Evidence> runs) {
        List<Long> known = runs.stream()
                .map(Evidence::recovery)
                .filter(OptionalLong::isPresent)
                .map(r -> r.getAsLong() / 1_000_000)
                .sorted()
                .toList();
        PrintWriter out = spec.commandLine().getOut();
        if (known.isEmpty()) {
            out.println(runs.size() + " runs; the recovery time of none is known");
        } else {
            out.println(runs.size() + " runs; recovery time of " + known.size() + ": p50 " + percentile(known, 50)
                    + " ms, p95 " + percentile(known, 95) + " ms, max " + percentile(known, 100) + " ms");
        }
        out.flush();
    }

    private static long percentile(List<Long> sorted, int percent) {
        int index = (int) Math.ceil(percent / 100.0 * sorted.size()) - 1;
        return sorted.get(Math.max(0, index));
    }

    private record Past(Instant at, String drill, String target, OptionalLong recovery, Optional<Integer> exit) {}

    /** Every run that is on this machine, oldest first, and which drills are overdue. */
    int history(Topology topology) throws IOException {
        List<Past> runs = past(topology);
        Map<String, Past> last = new LinkedHashMap<>();
        runs.forEach(r -> last.put(r.drill + " on " + r.target, r));
        Instant overdue = Instant.now().minus(OVERDUE);
        List<String> warnings = new ArrayList<>();
        last.forEach((what, run) -> {
            if (run.at.isBefore(overdue)) {
                warnings.add("WARN " + what + " was last run " + run.at);
            }
        });
        dev.holdfast.Catalogue.drills().stream()
                .filter(d -> d.target().fits(topology))
                .filter(d -> runs.stream().noneMatch(r -> r.drill.equals(d.name())))
                .forEach(d -> warnings.add("WARN " + d.name() + " was never run"));
        Map<String, Object> data = Data.result("drill history", topology.name());
        data.put("runs", runs.stream().map(DrillTold::data).toList());
        data.put("warnings", warnings);
        Told.result(spec, options, data, out -> {
            runs.forEach(r -> out.printf(
                    Locale.ROOT,
                    "%s  %-22s %-22s RTO %s%n",
                    r.at,
                    r.drill,
                    r.target,
                    r.recovery.isPresent() ? r.recovery.getAsLong() / 1_000_000 + " ms" : "unknown"));
            warnings.forEach(out::println);
        });
        return Exit.DONE.code();
    }

    private static Map<String, Object> data(Past run) {
        return Data.map(
                "at",
                run.at.toString(),
                "drill",
                run.drill,
                "target",
                run.target,
                "rto_ms",
                run.recovery.isPresent() ? run.recovery.getAsLong() / 1_000_000 : null);
    }

    private List<Past> past(Topology topology) throws IOException {
        Path folder = desk.folders().estate(topology.name()).resolve("runs");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Past> runs = new ArrayList<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path run : all.filter(p -> p.getFileName().toString().contains("-drill-"))
                    .sorted()
                    .toList()) {
                Evidence evidence = SavedRun.read(run).evidence();
                if (evidence.mark("break").isPresent()) {
                    runs.add(new Past(
                            evidence.entries().get(0).at(),
                            evidence.drill().get("drill").toString(),
                            evidence.drill().get("target").toString(),
                            evidence.recovery(),
                            Optional.empty()));
                }
            }
        }
        return runs;
    }
}
