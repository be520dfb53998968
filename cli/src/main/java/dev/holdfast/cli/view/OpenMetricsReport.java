package dev.holdfast.cli.view;

import dev.holdfast.ledger.RecoveryPhases.Phase;
import dev.holdfast.ledger.Verdict.Word;
import dev.holdfast.report.DrillReport;
import java.util.Locale;

/** A drill's figures as OpenMetrics text for the textfile directory of a node exporter; unknown values are left out. */
public final class OpenMetricsReport {

    private final StringBuilder text = new StringBuilder();
    private final String labels;

    private OpenMetricsReport(DrillReport report) {
        labels = label("estate", report.fact("estate")) + "," + label("drill", report.fact("drill")) + ","
                + label("target", report.fact("target"));
    }

    public static String of(DrillReport report) {
        return new OpenMetricsReport(report).written(report);
    }

    private String written(DrillReport report) {
        family("holdfast_drill_run_timestamp_seconds", "Start time of the drill.");
        sample("holdfast_drill_run_timestamp_seconds", "", report.began().toEpochMilli() / 1000.0);
        family("holdfast_drill_claims", "Verdicts by result.");
        for (Word word : Word.values()) {
            sample(
                    "holdfast_drill_claims",
                    label("verdict", word.name()),
                    report.verdicts().stream().filter(v -> v.word() == word).count());
        }
        family("holdfast_drill_recovery_seconds", "From the fault to the first acknowledged write.");
        report.recovery().ifPresent(r -> sample("holdfast_drill_recovery_seconds", "", r / 1e9));
        family("holdfast_drill_redundancy_seconds", "From the fault to restored redundancy.");
        report.restored().ifPresent(r -> sample("holdfast_drill_redundancy_seconds", "", r / 1e9));
        family("holdfast_drill_phase_seconds", "Phases of the recovery.");
        for (Phase phase : report.phases()) {
            sample("holdfast_drill_phase_seconds", label("phase", phase.name()), phase.length() / 1e9);
        }
        writes(report);
        return text + "# EOF\n";
    }

    private void writes(DrillReport report) {
        family("holdfast_drill_writes", "Writes of the load generator by outcome.");
        for (DrillReport.StreamSummary line : report.lines()) {
            String stream = label("stream", line.stream().name());
            sample("holdfast_drill_writes", stream + "," + label("fate", "acknowledged"), line.acknowledged());
            sample("holdfast_drill_writes", stream + "," + label("fate", "refused"), line.refused());
            sample("holdfast_drill_writes", stream + "," + label("fate", "indeterminate"), line.indeterminate());
            line.truth()
                    .ifPresent(t -> sample(
                            "holdfast_drill_writes",
                            stream + "," + label("fate", "lost"),
                            t.lost().size()));
        }
    }

    private void family(String name, String help) {
        text.append("# TYPE ")
                .append(name)
                .append(" gauge\n# HELP ")
                .append(name)
                .append(' ')
                .append(help)
                .append('\n');
    }

    private void sample(String name, String more, double value) {
        text.append(name)
                .append('{')
                .append(labels)
                .append(more.isEmpty() ? "" : "," + more)
                .append("} ");
        text.append(
                        value == Math.rint(value) && Math.abs(value) < 1e15
                                ? Long.toString((long) value)
                                : String.format(Locale.ROOT, "%.6f", value))
                .append('\n');
    }

    private static String label(String name, String value) {
        return name + "=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }
}
