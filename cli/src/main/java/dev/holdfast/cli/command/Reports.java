package dev.holdfast.cli.command;

import dev.holdfast.cli.files.SavedRun;
import dev.holdfast.cli.view.Data;
import dev.holdfast.cli.view.HtmlReport;
import dev.holdfast.cli.view.JsonReport;
import dev.holdfast.cli.view.JunitReport;
import dev.holdfast.cli.view.MetricsReport;
import dev.holdfast.ledger.Judge;
import dev.holdfast.ledger.Verdict;
import dev.holdfast.model.Exit;
import dev.holdfast.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import picocli.CommandLine.Model.CommandSpec;

/** Puts a judged run's reports beside its ledger, and tells it on standard output. */
final class Reports {

    private Reports() {}

    /** What is told of a judged run; evidence that was tampered with shows nothing. */
    static Report of(SavedRun saved, List<Verdict> verdicts) {
        int exit = Judge.exit(verdicts).code();
        if (!saved.broken().isEmpty()) {
            exit = Math.max(exit, Exit.UNREACHABLE.code());
        }
        return new Report(saved.evidence(), verdicts, exit, saved.broken(), saved.link());
    }

    static void write(Report report, Path... folders) throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("report.html", HtmlReport.of(report));
        files.put("report.json", Data.json(JsonReport.of(report)));
        files.put("junit.xml", JunitReport.of(report));
        files.put("metrics.prom", MetricsReport.of(report));
        for (Path folder : folders) {
            if (folder != null) {
                Files.createDirectories(folder);
                for (Map.Entry<String, String> file : files.entrySet()) {
                    Files.writeString(folder.resolve(file.getKey()), file.getValue());
                }
            }
        }
    }

    static void tell(CommandSpec spec, CommonOptions options, Report report, Path folder) {
        Map<String, Object> data = JsonReport.of(report);
        data.put("folder", folder.toString());
        Told.result(spec, options, data, to -> {
            for (Verdict verdict : report.verdicts()) {
                to.printf(
                        "%-8s %s: %s%n         %s%n",
                        verdict.word(), verdict.about(), verdict.claim(), verdict.because());
            }
            report.tampered().forEach(t -> to.println("TAMPERED " + t));
            List<String> forgone = report.forgone();
            forgone.forEach(g -> to.println("GONE     " + g));
            if (forgone.isEmpty()) {
                report.evidence().rolledBack().forEach(f -> to.println("ROLLED   back, and kept in " + f));
            }
            long least = report.predicted().stream()
                    .mapToLong(Report.Term::leastMillis)
                    .sum();
            long most = report.predicted().stream()
                    .mapToLong(Report.Term::mostMillis)
                    .sum();
            to.println("RTO      measured " + seconds(report.recovery())
                    + (report.predicted().isEmpty()
                            ? ""
                            : String.format(Locale.ROOT, ", predicted %.1f to %.1f s", least / 1e3, most / 1e3))
                    + "; redundancy restored after " + seconds(report.restored()));
            to.println(report.word() + ": " + report.fact("drill") + " on " + report.fact("target"));
            to.println("Report: " + folder.resolve("report.html"));
            to.println("Ledger: " + folder.resolve("ledger.jsonl"));
        });
    }

    private static String seconds(OptionalLong nanos) {
        return nanos.isPresent() ? String.format(Locale.ROOT, "%.3f s", nanos.getAsLong() / 1e9) : "unknown";
    }
}
