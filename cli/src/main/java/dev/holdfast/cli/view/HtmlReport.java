package dev.holdfast.cli.view;

import dev.holdfast.ledger.Outage;
import dev.holdfast.ledger.RecoveryPhases.Phase;
import dev.holdfast.ledger.Verdict;
import dev.holdfast.ledger.WriteReconciliation;
import dev.holdfast.report.DrillReport;
import dev.holdfast.report.DrillTopology;
import dev.holdfast.report.PredictionComparison;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A drill's report as one self-contained page: no network access, for light and dark, wide and narrow screens. The markup is in
 * {@code drillReport.jte}, which escapes all text; this class gives it the contents. Only the style sheet and the two charts,
 * which escape their own text, are markup.
 */
public final class HtmlReport {

    private static final double MILLI = 1e6;
    private static final int COLOURS = 7;
    private static final int NAMED = 50;

    private final DrillReport report;

    private HtmlReport(DrillReport report) {
        this.report = report;
    }

    public static String of(DrillReport report) {
        StringOutput page = new StringOutput();
        TemplateEngine.createPrecompiled(
                        null, ContentType.Html, HtmlReport.class.getClassLoader(), HtmlReport.class.getPackageName())
                .render("drillReport.jte", new HtmlReport(report), page);
        return page.toString();
    }

    /** One of the large figures at the top. */
    record Tile(String name, String value, String below) {}

    /**
     * One phase of the recovery.
     *
     * @param share its part of the bar, in tenths of a millisecond
     * @param colour the number of its colour in the style sheet
     */
    record PhaseRow(String name, String length, long share, int colour) {}

    /** One term of the prediction. */
    record Term(String name, String range, String because) {}

    /** The figures of one stream of writes; text where a figure is unknown. */
    record StreamRow(
            String name,
            boolean isPromised,
            String acknowledged,
            String refused,
            String indeterminate,
            String lost,
            String silence,
            List<String> reasons) {}

    static String css() {
        try (InputStream in = HtmlReport.class.getResourceAsStream("/report/report.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    String title() {
        return fact("drill") + " on " + fact("target");
    }

    String fact(String name) {
        return report.fact(name);
    }

    String began() {
        return report.began().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    String word() {
        return report.word().name();
    }

    List<Tile> tiles() {
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
        return List.of(
                new Tile("Recovery time", recovery(), declared),
                new Tile(
                        "Acknowledged writes lost",
                        lost.isPresent() ? count(lost.getAsLong()) : "unknown",
                        "at promised levels"),
                new Tile(
                        "Acknowledged",
                        count(acknowledged),
                        count(refused) + " refused, " + count(unsure) + " indeterminate"),
                new Tile("Redundancy restored", orUnknown(report.restored()), "after the fault"));
    }

    boolean hasOthers() {
        return report.evidence().streams().stream().anyMatch(s -> !s.affected());
    }

    String wideChart() {
        return TimelineChart.wide(report);
    }

    String narrowChart() {
        return TimelineChart.narrow(report);
    }

    List<PhaseRow> phases() {
        List<Phase> phases = report.phases();
        return IntStream.range(0, phases.size())
                .mapToObj(i -> new PhaseRow(
                        phases.get(i).name(),
                        span(phases.get(i).length()),
                        Math.max(1, phases.get(i).length() / 100_000),
                        i % COLOURS))
                .toList();
    }

    String phasesTotal() {
        return span(report.phases().stream().mapToLong(Phase::length).sum());
    }

    List<Term> terms() {
        return report.predicted().stream()
                .map(t -> new Term(t.name(), range(t.leastMillis(), t.mostMillis()), t.because()))
                .toList();
    }

    String predictedTotal() {
        List<DrillReport.RecoveryTerm> terms = report.predicted();
        return range(
                terms.stream().mapToLong(DrillReport.RecoveryTerm::leastMillis).sum(),
                terms.stream().mapToLong(DrillReport.RecoveryTerm::mostMillis).sum());
    }

    private static String range(long least, long most) {
        return span(least * 1_000_000) + " to " + span(most * 1_000_000);
    }

    /** Returns the comparison of the measured with the predicted recovery time; empty when nothing is predicted. */
    String comparison() {
        return report.comparison().map(PredictionComparison::sentence).orElse("");
    }

    /** Returns how prediction and measurement agree, as a class of the style sheet. */
    String agreement() {
        return report.comparison().map(c -> c.agreement().name()).orElse("");
    }

    List<String> findings() {
        return report.findings();
    }

    List<EventRow> events() {
        return EventRow.all(report.evidence());
    }

    String recovery() {
        return orUnknown(report.recovery());
    }

    List<String> tampered() {
        return report.tampered();
    }

    List<Verdict> verdicts() {
        return report.verdicts();
    }

    List<StreamRow> streams() {
        return report.lines().stream().map(HtmlReport::row).toList();
    }

    private static StreamRow row(DrillReport.StreamSummary line) {
        List<String> reasons = new ArrayList<>();
        line.reasons().forEach((reason, count) -> reasons.add(count(count) + " " + reason.sentence()));
        line.truth().filter(t -> !t.lost().isEmpty()).ifPresent(t -> reasons.add("lost: " + named(t)));
        return new StreamRow(
                line.stream().name(),
                line.stream().promised(),
                count(line.acknowledged()),
                count(line.refused()),
                line.truth()
                        .map(t -> count(t.indeterminatePresent().size()) + " / "
                                + count(t.indeterminateAbsent().size()))
                        .orElse(count(line.indeterminate())),
                line.truth().map(t -> count(t.lost().size())).orElse("unknown"),
                line.outage().map(Outage::silence).map(HtmlReport::span).orElse("unknown"),
                reasons);
    }

    private static String named(WriteReconciliation truth) {
        return truth.lost().stream().limit(NAMED).map(Object::toString).collect(Collectors.joining(", "))
                + (truth.lost().size() > NAMED ? ", …" : "");
    }

    List<String> unpromisedLosses() {
        return report.unpromisedLosses();
    }

    /** Returns the files of rollbacks; empty when the sentences about lost writes name them. */
    List<String> rolledBack() {
        return unpromisedLosses().isEmpty() ? report.evidence().rolledBack() : List.of();
    }

    List<String> untested() {
        return report.facts("untested");
    }

    DrillTopology topology() {
        return report.topology();
    }

    String link() {
        return report.link();
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
