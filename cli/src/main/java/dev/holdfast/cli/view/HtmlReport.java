package dev.holdfast.cli.view;

import static dev.holdfast.cli.view.SvgWriter.escaped;

import dev.holdfast.ledger.Outage;
import dev.holdfast.ledger.RecoveryPhases.Phase;
import dev.holdfast.ledger.Verdict;
import dev.holdfast.ledger.WriteReconciliation;
import dev.holdfast.report.DrillReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** A drill's report as one self-contained page: no network access, for light and dark, wide and narrow screens. */
public final class HtmlReport {

    private static final double MILLI = 1e6;

    private final DrillReport report;

    private HtmlReport(DrillReport report) {
        this.report = report;
    }

    public static String of(DrillReport report) {
        return new HtmlReport(report).page();
    }

    private String page() {
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>%s</title>
            <style>
            %s</style>
            </head>
            <body><main>
            %s%s%s%s%s%s%s%s
            </main></body></html>
            """.formatted(
                        escaped(report.fact("drill") + " on " + report.fact("target")),
                        css(),
                        head(),
                        tiles(),
                        timeline(),
                        "<div class=\"pair\">" + phases() + predicted() + "</div>",
                        verdicts(),
                        streams(),
                        untested(),
                        foot());
    }

    private static String css() {
        try (InputStream in = HtmlReport.class.getResourceAsStream("/report/report.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private String head() {
        return """
            <header>
            <p class="over">Estate %s · %s · %s</p>
            <h1>%s on %s <span class="word %s">%s</span></h1>
            <p class="story">%s</p>
            </header>
            """.formatted(
                        escaped(report.fact("estate")),
                        escaped(report.fact("engine")),
                        escaped(report.began().truncatedTo(ChronoUnit.SECONDS).toString()),
                        escaped(report.fact("drill")),
                        escaped(report.fact("target")),
                        report.word(),
                        report.word(),
                        escaped(report.fact("story")));
    }

    private String tiles() {
        long acknowledged = report.lines().stream()
                .mapToLong(DrillReport.StreamSummary::acknowledged)
                .sum();
        long unsure = report.lines().stream()
                .mapToLong(DrillReport.StreamSummary::indeterminate)
                .sum();
        long refused = report.lines().stream()
                .mapToLong(DrillReport.StreamSummary::refused)
                .sum();
        String declared = report.evidence()
                .objective("rto_ms")
                .map(d -> "declared " + span(d.toNanos()))
                .orElse("none declared");
        OptionalLong lost = report.lost();
        return "<div class=\"tiles\">"
                + tile("Recovery time", orUnknown(report.recovery()), declared)
                + tile(
                        "Acknowledged writes lost",
                        lost.isPresent() ? count(lost.getAsLong()) : "unknown",
                        "at promised levels")
                + tile(
                        "Acknowledged",
                        count(acknowledged),
                        count(refused) + " refused, " + count(unsure) + " indeterminate")
                + tile("Redundancy restored", orUnknown(report.restored()), "after the fault")
                + "</div>\n";
    }

    private static String tile(String name, String value, String below) {
        return "<div class=\"tile\"><span class=\"name\">" + escaped(name) + "</span><b>" + escaped(value)
                + "</b><span>" + escaped(below) + "</span></div>";
    }

    private String timeline() {
        return """
            <section>
            <h2>What clients observed</h2>
            <ul class="legend"><li>%s acknowledged, affected group</li>%s<li>%s refused</li>\
            <li>%s indeterminate</li><li>%s until the first acknowledged write</li></ul>
            %s
            %s
            </section>
            """.formatted(
                        dot("--ack"),
                        hasOthers() ? "<li>" + dot("--other") + " acknowledged, others</li>" : "",
                        dot("--bad"),
                        dot("--unsure"),
                        dot("--band"),
                        TimelineChart.wide(report),
                        TimelineChart.narrow(report));
    }

    private boolean hasOthers() {
        return report.evidence().streams().stream().anyMatch(s -> !s.affected());
    }

    private static String dot(String colour) {
        return "<i style=\"background:var(" + colour + ")\"></i>";
    }

    private String phases() {
        List<Phase> phases = report.phases();
        if (phases.isEmpty()) {
            return "<section><h2>Recovery, phase by phase</h2><p>The recovery time is unknown: no client was out of"
                    + " service, or no later write was acknowledged.</p></section>\n";
        }
        StringBuilder bar = new StringBuilder();
        StringBuilder rows = new StringBuilder();
        long sum = 0;
        for (int i = 0; i < phases.size(); i++) {
            Phase phase = phases.get(i);
            sum += phase.length();
            String colour = "background:var(--p" + i % 7 + ")";
            bar.append("<i style=\"flex:")
                    .append(Math.max(1, phase.length() / 100_000))
                    .append(' ')
                    .append("1 0;");
            bar.append(colour).append("\"></i>");
            rows.append("<tr><td><span class=\"swatch\" style=\"")
                    .append(colour)
                    .append("\"></span>");
            rows.append(escaped(phase.name())).append("</td><td class=\"n\">");
            rows.append(span(phase.length())).append("</td></tr>");
        }
        return "<section><h2>Recovery, phase by phase</h2><div class=\"bar\">" + bar + "</div><table>" + rows
                + "<tr><td><b>total</b></td><td class=\"n\"><b>" + span(sum) + "</b></td></tr></table></section>\n";
    }

    private String predicted() {
        List<DrillReport.RecoveryTerm> terms = report.predicted();
        if (terms.isEmpty()) {
            return "<section><h2>Predicted and measured</h2><p>Nothing is predicted for this drill.</p></section>\n";
        }
        String rows = terms.stream()
                .map(t -> "<tr><td>" + escaped(t.name()) + "<br><small>" + escaped(t.because())
                        + "</small></td><td class=\"n\">" + range(t.leastMillis(), t.mostMillis()) + "</td></tr>")
                .collect(Collectors.joining());
        long least =
                terms.stream().mapToLong(DrillReport.RecoveryTerm::leastMillis).sum();
        long most =
                terms.stream().mapToLong(DrillReport.RecoveryTerm::mostMillis).sum();
        return "<section><h2>Predicted and measured</h2><table>" + rows
                + "<tr><td><b>predicted</b></td><td class=\"n\"><b>"
                + range(least, most) + "</b></td></tr><tr><td><b>measured</b></td><td class=\"n\"><b>"
                + orUnknown(report.recovery()) + "</b></td></tr></table></section>\n";
    }

    private static String range(long least, long most) {
        return span(least * 1_000_000) + " to " + span(most * 1_000_000);
    }

    private String verdicts() {
        String all = report.verdicts().stream().map(HtmlReport::verdict).collect(Collectors.joining());
        String tampered = report.tampered().stream()
                .map(t ->
                        "<div class=\"verdict\"><span class=\"BROKEN\">TAMPERED</span><p>" + escaped(t) + "</p></div>")
                .collect(Collectors.joining());
        return "<section><h2>Claims</h2>" + tampered + all + "</section>\n";
    }

    private static String verdict(Verdict verdict) {
        return "<div class=\"verdict\"><div><span class=\"word " + verdict.word() + "\">" + verdict.word()
                + "</span></div><div><p>" + escaped(verdict.about()) + ": " + escaped(verdict.claim())
                + "</p><p class=\"why\">" + escaped(verdict.because()) + "</p></div></div>";
    }

    private String streams() {
        String rows = report.lines().stream().map(HtmlReport::row).collect(Collectors.joining());
        return """
            <section><h2>Streams of writes</h2><div class="scroll"><table>
            <tr><th>stream</th><th class="n">acknow&shy;ledged</th><th class="n">refused</th>
            <th class="n">indeterminate<br>there / not</th><th class="n">lost</th><th class="n">longest pause</th>
            <th>why not acknowledged</th></tr>
            %s</table></div>%s</section>
            """.formatted(rows, rolledBack());
    }

    private String rolledBack() {
        List<String> files = report.evidence().rolledBack();
        List<String> forgone = report.forgone();
        if (!forgone.isEmpty()) {
            return forgone.stream()
                    .map(g -> "<p><small>" + escaped(g) + "</small></p>")
                    .collect(Collectors.joining());
        }
        return files.isEmpty()
                ? ""
                : "<p><small>Writes removed by rollbacks are saved in "
                        + files.stream().map(SvgWriter::escaped).collect(Collectors.joining("<br>")) + "</small></p>";
    }

    private static String row(DrillReport.StreamSummary line) {
        String lost = line.truth().map(t -> count(t.lost().size())).orElse("unknown");
        String unsure = line.truth()
                .map(t -> count(t.indeterminatePresent().size()) + " / "
                        + count(t.indeterminateAbsent().size()))
                .orElse(count(line.indeterminate()));
        String silence =
                line.outage().map(Outage::silence).map(HtmlReport::span).orElse("unknown");
        String why = line.reasons().entrySet().stream()
                .map(e -> count(e.getValue()) + " " + escaped(e.getKey().sentence()))
                .collect(Collectors.joining("<br>"));
        return "<tr><td>" + escaped(line.stream().name())
                + (line.stream().promised() ? "" : "<br><small>not promised</small>")
                + "</td><td class=\"n\">" + count(line.acknowledged()) + "</td><td class=\"n\">" + count(line.refused())
                + "</td><td class=\"n\">" + unsure + "</td><td class=\"n\">" + lost + "</td><td class=\"n\">" + silence
                + "</td><td>" + why + named(line.truth().orElse(null)) + "</td></tr>\n";
    }

    private static String named(WriteReconciliation truth) {
        if (truth == null || truth.lost().isEmpty()) {
            return "";
        }
        return "<br>lost: "
                + truth.lost().stream().limit(50).map(Object::toString).collect(Collectors.joining(", "))
                + (truth.lost().size() > 50 ? ", …" : "");
    }

    private String untested() {
        return "<section><h2>What was not tested</h2><ul class=\"plain\">"
                + report.facts("untested").stream()
                        .map(u -> "<li>" + escaped(u) + "</li>")
                        .collect(Collectors.joining())
                + "<li>writes of the application itself: the load generator sends its own writes through the same endpoint</li>"
                + "</ul></section>\n";
    }

    private String foot() {
        return "<footer>Latency is measured on the client from the scheduled start of a write, on one monotonic clock. Late answers are"
                + " therefore not hidden by waiting writers. The verdicts are based on the run's ledger, sealed by "
                + escaped(report.link())
                + "; <code>holdfast report</code> judges the ledger again.</footer>";
    }

    private static String orUnknown(OptionalLong nanos) {
        return nanos.isPresent() ? span(nanos.getAsLong()) : "unknown";
    }

    static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n).replace(',', '\u202f');
    }

    static String span(long nanos) {
        double millis = nanos / MILLI;
        return millis < 1000
                ? String.format(Locale.ROOT, "%.0f ms", millis)
                : millis < 120_000
                        ? String.format(Locale.ROOT, "%.2f s", millis / 1000)
                        : String.format(Locale.ROOT, "%.1f min", millis / 60_000);
    }
}
