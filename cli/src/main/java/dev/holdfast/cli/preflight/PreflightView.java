package dev.holdfast.cli.preflight;

import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.view.ResultData;
import dev.holdfast.preflight.ConnectionCounts;
import dev.holdfast.preflight.Finding;
import dev.holdfast.preflight.Finding.Level;
import dev.holdfast.preflight.PreflightReport;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/** The findings of preflight, as text and as data. */
final class PreflightView {

    private final PrintWriter out;
    private final Ansi ansi;

    PreflightView(PrintWriter out, Ansi ansi) {
        this.out = out;
        this.ansi = ansi;
    }

    /** Hosts with the same finding are named together. */
    void print(PreflightReport report) {
        Map<Finding, List<String>> hosts = new LinkedHashMap<>();
        report.findings()
                .forEach(f ->
                        hosts.computeIfAbsent(on(f, ""), k -> new ArrayList<>()).add(f.host()));
        hosts.forEach((finding, names) -> {
            String colour = switch (finding.level()) {
                case ERROR -> "red";
                case WARNING -> "yellow";
                case INFORMATION -> "cyan";
            };
            out.println(ansi.string("@|" + colour + " " + finding.level() + "|@ ") + lines(on(finding, joined(names))));
        });
        report.unreachable().forEach(u -> {
            out.println(ansi.string("@|red UNREACHABLE|@ ") + u.host() + ": " + u.why());
            out.println("    HINT: " + CliContext.UnreachableHost.HINT);
        });
        ConnectionCounts links = report.connections();
        out.println("Connections between hosts: " + links.connected() + " to a server, " + links.refused()
                + " to a port where nothing listens yet, " + links.blocked() + " blocked, " + links.untested()
                + " not tested.");
        out.println("Estate " + report.estate() + ": "
                + counted(report.hosts() - report.unreachable().size(), "host") + " observed, "
                + (report.unreachable().isEmpty() ? "" : report.unreachable().size() + " unreachable, ")
                + counted(report.all(Level.ERROR).size(), "error") + ", "
                + counted(report.all(Level.WARNING).size(), "warning") + ".");
    }

    private static String joined(List<String> names) {
        return String.join(", ", names);
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private static Finding on(Finding f, String host) {
        return new Finding(host, f.peer(), f.code(), f.level(), f.what(), f.value(), f.limit(), f.hint());
    }

    /** Returns a finding as a line and its hint. */
    static String lines(Finding finding) {
        return finding.host() + ": " + finding.what() + ": " + finding.value() + ", desired " + finding.limit() + " ("
                + finding.code().word() + ")\n    HINT: " + finding.hint();
    }

    static Map<String, Object> data(PreflightReport report) {
        Map<String, Object> data = ResultData.result("preflight", report.estate());
        data.put("exit", report.exit().code());
        data.put("hosts", report.hosts());
        data.put("findings", report.findings().stream().map(PreflightView::data).toList());
        data.put(
                "unreachable",
                report.unreachable().stream()
                        .map(u -> ResultData.map("host", u.host(), "why", u.why()))
                        .toList());
        ConnectionCounts links = report.connections();
        data.put(
                "connections",
                ResultData.map(
                        "connected",
                        links.connected(),
                        "refused",
                        links.refused(),
                        "blocked",
                        links.blocked(),
                        "untested",
                        links.untested()));
        return data;
    }

    private static Map<String, Object> data(Finding finding) {
        return ResultData.map(
                "host",
                finding.host(),
                "peer",
                finding.peer(),
                "code",
                finding.code().word(),
                "severity",
                finding.level().name().toLowerCase(Locale.ROOT),
                "what",
                finding.what(),
                "value",
                finding.value(),
                "limit",
                finding.limit(),
                "hint",
                finding.hint());
    }
}
