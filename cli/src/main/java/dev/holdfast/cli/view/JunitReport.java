package dev.holdfast.cli.view;

import static dev.holdfast.cli.view.SvgWriter.escaped;

import dev.holdfast.ledger.Verdict;
import dev.holdfast.ledger.Verdict.Word;
import dev.holdfast.report.DrillReport;
import java.util.Locale;

/** A drill's verdicts as JUnit XML, so that CI shows claims as tests; UNKNOWN is an error and not a pass. */
public final class JunitReport {

    private JunitReport() {}

    public static String of(DrillReport report) {
        StringBuilder cases = new StringBuilder();
        report.verdicts().forEach(v -> cases.append(one(report, v)));
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuite name="%s" timestamp="%s" tests="%d" failures="%d" errors="%d" skipped="0" time="%s">
            %s</testsuite>
            """.formatted(
                        escaped(report.fact("drill") + " " + report.fact("target")),
                        report.began().toString().replaceFirst("\\..*", ""),
                        report.verdicts().size(),
                        count(report, Word.BROKEN),
                        count(report, Word.UNKNOWN),
                        String.format(Locale.ROOT, "%.3f", seconds(report)),
                        cases);
    }

    private static double seconds(DrillReport report) {
        var entries = report.evidence().entries();
        return java.time.Duration.between(
                                entries.get(0).at(),
                                entries.get(entries.size() - 1).at())
                        .toMillis()
                / 1000.0;
    }

    private static long count(DrillReport report, Word word) {
        return report.verdicts().stream().filter(v -> v.word() == word).count();
    }

    private static String one(DrillReport report, Verdict verdict) {
        String head = "<testcase classname=\"" + escaped(report.fact("estate") + "." + report.fact("drill"))
                + "\" name=\"" + escaped(verdict.about() + ": " + verdict.claim()) + "\" time=\"0\"";
        return switch (verdict.word()) {
            case HELD -> head + "><system-out>" + escaped(verdict.because()) + "</system-out></testcase>\n";
            case BROKEN -> head + "><failure message=\"" + escaped(verdict.because()) + "\"/></testcase>\n";
            case UNKNOWN -> head + "><error message=\"" + escaped(verdict.because()) + "\"/></testcase>\n";
        };
    }
}
