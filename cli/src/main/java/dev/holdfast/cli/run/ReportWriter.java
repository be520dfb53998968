package dev.holdfast.cli.run;

import dev.holdfast.cli.files.AtomicFile;
import dev.holdfast.cli.files.RunDirectory;
import dev.holdfast.cli.view.HtmlReport;
import dev.holdfast.cli.view.JsonReport;
import dev.holdfast.cli.view.JunitReport;
import dev.holdfast.cli.view.OpenMetricsReport;
import dev.holdfast.cli.view.ResultData;
import dev.holdfast.ledger.CheckRunner;
import dev.holdfast.ledger.Verdict;
import dev.holdfast.model.ExitCode;
import dev.holdfast.report.DrillReport;
import dev.holdfast.report.DrillTopology;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** Writes the reports of a judged run next to its ledger, and prints the summary. */
public final class ReportWriter {

    private static final String ARROW = " -> ";

    private ReportWriter() {}

    /** Prints the result of a judged run; evidence that was tampered with proves nothing. */
    public static DrillReport of(RunDirectory saved, List<Verdict> verdicts) {
        int exit = CheckRunner.exit(verdicts).code();
        if (!saved.broken().isEmpty()) {
            exit = Math.max(exit, ExitCode.UNREACHABLE.code());
        }
        return new DrillReport(saved.evidence(), verdicts, exit, saved.broken(), saved.link());
    }

    public static void write(DrillReport report, Path... folders) throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("report.html", HtmlReport.of(report));
        files.put("report.json", ResultData.json(JsonReport.of(report)));
        files.put("junit.xml", JunitReport.of(report));
        files.put("metrics.prom", OpenMetricsReport.of(report));
        for (Path folder : folders) {
            if (folder != null) {
                AtomicFile.folder(folder);
                for (Map.Entry<String, String> file : files.entrySet()) {
                    AtomicFile.write(folder.resolve(file.getKey()), file.getValue());
                }
            }
        }
    }

    public static void print(CommandSpec spec, CommonOptions options, DrillReport report, Path folder) {
        Map<String, Object> data = JsonReport.of(report);
        data.put("folder", folder.toString());
        CommandOutput.result(spec, options, data, to -> {
            for (Verdict verdict : report.verdicts()) {
                to.printf(
                        "%-8s %s: %s%n         %s%n",
                        verdict.word(), verdict.about(), verdict.claim(), verdict.because());
            }
            report.tampered().forEach(t -> to.println("TAMPERED " + t));
            List<String> unpromisedLosses = report.unpromisedLosses();
            unpromisedLosses.forEach(g -> to.println("GONE     " + g));
            if (unpromisedLosses.isEmpty()) {
                report.evidence().rolledBack().forEach(f -> to.println("ROLLED   back, and saved in " + f));
            }
            report.findings().forEach(f -> to.println("FINDING  " + f));
            printTopology(to, report.topology());
            to.println("RTO      measured " + seconds(report.recovery())
                    + report.comparison()
                            .map(c -> String.format(
                                    Locale.ROOT, ", predicted %.1f to %.1f s", c.least() / 1e9, c.most() / 1e9))
                            .orElse("")
                    + "; redundancy restored after " + seconds(report.restored()));
            to.println(report.word() + ": " + report.fact("drill") + " on " + report.fact("target"));
            to.println("Report: " + folder.resolve("report.html"));
            to.println("Ledger: " + folder.resolve("ledger.jsonl"));
        });
    }

    /** Prints a line per group, one per operating system, and one with the version of Holdfast. */
    private static void printTopology(PrintWriter to, DrillTopology topology) {
        topology.byGroup()
                .forEach((group, members) -> to.println("MEMBERS  " + group + ": "
                        + members.stream().map(ReportWriter::text).collect(Collectors.joining("; "))));
        Map<String, List<String>> hosts = new LinkedHashMap<>();
        topology.hosts()
                .forEach(h -> hosts.computeIfAbsent(h.description(), d -> new ArrayList<>())
                        .add(h.host()));
        hosts.forEach((system, names) -> to.println("HOSTS    " + String.join(", ", names) + ": " + system));
        if (!topology.holdfast().version().isEmpty()) {
            to.println("VERSION  holdfast " + topology.holdfast().version() + " ("
                    + topology.holdfast().commit() + ")");
        }
    }

    private static String text(DrillTopology.Member member) {
        String version = member.versions(ARROW).isEmpty() ? "" : ", " + member.program() + " " + member.versions(ARROW);
        return member.name() + " (" + member.place() + version + ") " + member.roles(ARROW);
    }

    private static String seconds(OptionalLong nanos) {
        return nanos.isPresent() ? String.format(Locale.ROOT, "%.3f s", nanos.getAsLong() / 1e9) : "unknown";
    }
}
