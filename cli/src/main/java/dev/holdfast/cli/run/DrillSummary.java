package dev.holdfast.cli.run;

import dev.holdfast.BuiltIns;
import dev.holdfast.cli.view.ResultData;
import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillScope;
import dev.holdfast.drill.DrillSettings;
import dev.holdfast.drill.fault.Fault;
import dev.holdfast.engine.DrillProfile.RecoveryTerm;
import dev.holdfast.ledger.Check;
import dev.holdfast.model.ExitCode;
import dev.holdfast.report.DrillReport;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import picocli.CommandLine.Model.CommandSpec;

/** Prints information about drills: what one will do, which exist, and how repeated runs compare. */
public final class DrillSummary {

    private final CommonOptions options;
    private final CommandSpec spec;

    public DrillSummary(CommonOptions options, CommandSpec spec) {
        this.options = options;
        this.spec = spec;
    }

    /** @param estate the estate whose own drills are included; empty when there is no topology file */
    public int list(String estate, List<Drill> drills) {
        Map<String, Object> data = ResultData.result("drill list", estate);
        data.put(
                "drills",
                drills.stream()
                        .map(d -> ResultData.map(
                                "name",
                                d.name(),
                                "for",
                                d.target().word(),
                                "built_in",
                                BuiltIns.drills().contains(d),
                                "story",
                                d.description()))
                        .toList());
        data.put(
                "faults",
                BuiltIns.faults().stream()
                        .map(f -> ResultData.map("name", f.name(), "story", f.description()))
                        .toList());
        data.put(
                "claims",
                BuiltIns.checks().stream()
                        .map(c -> ResultData.map("name", c.name(), "claim", c.claim()))
                        .toList());
        CommandOutput.result(spec, options, data, to -> {
            drills.forEach(d -> to.printf("%-22s %s%n", d.name(), d.description()));
            to.println("faults of drill files: "
                    + String.join(
                            ", ", BuiltIns.faults().stream().map(Fault::name).toList()));
            to.println("claims of drill files: "
                    + String.join(
                            ", ", BuiltIns.checks().stream().map(Check::name).toList()));
        });
        return ExitCode.DONE.code();
    }

    public int show(Drill drill, DrillScope scope) {
        List<RecoveryTerm> terms = drill.scenario().predicted(scope);
        Map<String, Object> data =
                ResultData.result("drill show", scope.topology().name());
        data.put("drill", drill.name());
        data.put("target", scope.name());
        data.put("story", drill.description());
        data.put("affects", drill.scenario().target());
        data.put("faults", drill.scenario().sentences());
        data.put("recovery", drill.scenario().recoveredBy());
        data.put("claims", drill.claims());
        data.put("untested", drill.untested());
        CommandOutput.result(spec, options, data, out -> {
            out.println(drill.name() + " on " + scope.name());
            out.println("  " + drill.description());
            out.println("gates     " + gates(drill));
            out.println("workload  " + scope.streams().size() + " streams: "
                    + String.join(
                            "; ", scope.streams().stream().map(s -> s.name()).toList()));
            out.println("affects   " + drill.scenario().target());
            drill.scenario().sentences().forEach(s -> out.println("injects   " + s));
            out.println("recovery  " + drill.scenario().recoveredBy());
            out.println("claims    " + String.join(", ", drill.claims()));
            drill.untested().forEach(u -> out.println("not shown " + u));
            predicted(out, terms);
        });
        return ExitCode.DONE.code();
    }

    private static String gates(Drill drill) {
        DrillSettings under = drill.circumstances();
        return "environment, healthy, lag at most " + under.lag().toSeconds()
                + " s, converged (empty plan), reverted (no fault of an earlier drill), disk at least "
                + (under.freeBytes() >> 20) + " MiB, "
                + under.backup()
                        .map(b -> "backup at most " + b.toHours() + " h old, ")
                        .orElse("")
                + "served (writes are acknowledged)";
    }

    private static void predicted(PrintWriter out, List<RecoveryTerm> terms) {
        for (RecoveryTerm term : terms) {
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

    /** Prints the recovery times of repeated runs, and the promised writes that they lost. */
    void summary(String estate, List<DrillReport> runs) {
        List<Long> known = runs.stream()
                .map(DrillReport::recovery)
                .filter(OptionalLong::isPresent)
                .map(r -> r.getAsLong() / 1_000_000)
                .sorted()
                .toList();
        List<OptionalLong> losses = runs.stream().map(DrillReport::lost).toList();
        Long lost = losses.stream().allMatch(OptionalLong::isPresent)
                ? (Long) losses.stream().mapToLong(OptionalLong::getAsLong).sum()
                : null;
        Map<String, Object> data = ResultData.result("drill repeat", estate);
        data.put("runs", runs.size());
        data.put("rto_known", known.size());
        data.put("rto_p50_ms", percentile(known, 50));
        data.put("rto_p95_ms", percentile(known, 95));
        data.put("rto_max_ms", percentile(known, 100));
        data.put("acknowledged_and_lost", lost);
        CommandOutput.result(
                spec,
                options,
                data,
                out -> out.println(runs.size() + " runs; "
                        + (known.isEmpty()
                                ? "no recovery time is known"
                                : "recovery times of " + known.size() + ": p50 " + percentile(known, 50) + " ms, p95 "
                                        + percentile(known, 95) + " ms, max " + percentile(known, 100) + " ms")
                        + "; acknowledged writes lost at promised levels: " + (lost == null ? "unknown" : lost)));
    }

    /** Returns null for an empty list. */
    private static Long percentile(List<Long> sorted, int percent) {
        int index = (int) Math.ceil(percent / 100.0 * sorted.size()) - 1;
        return sorted.isEmpty() ? null : sorted.get(Math.max(0, index));
    }
}
