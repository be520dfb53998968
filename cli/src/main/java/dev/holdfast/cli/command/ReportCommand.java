package dev.holdfast.cli.command;

import dev.holdfast.BuiltIns;
import dev.holdfast.cli.files.RunDirectory;
import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.run.CommonOptions;
import dev.holdfast.cli.run.ReportWriter;
import dev.holdfast.ledger.CheckRunner;
import dev.holdfast.ledger.Verdict;
import dev.holdfast.report.DrillReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code report}: judges a saved run again and writes its reports again. */
@Command(
        name = "report",
        description = "Judge a saved drill run again, and write its reports again.",
        footer = {"  holdfast report ledger.jsonl --out reports", "  holdfast report ledger.jsonl --open"})
public final class ReportCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Parameters(paramLabel = "LEDGER", description = "the ledger.jsonl of a drill, or its directory")
    Path ledger;

    @Option(names = "--out", paramLabel = "DIR", description = "also write the reports to this directory")
    Path out;

    @Option(names = "--open", description = "open the HTML report in the browser")
    boolean isOpened;

    private final CliContext cliContext;

    public ReportCommand(CliContext cliContext) {
        this.cliContext = cliContext;
    }

    @Override
    public Integer call() throws IOException {
        RunDirectory saved = RunDirectory.read(ledger);
        List<Verdict> verdicts = CheckRunner.judge(BuiltIns.checks(), saved.evidence());
        DrillReport report = ReportWriter.of(saved, verdicts);
        ReportWriter.write(report, saved.folder(), out);
        ReportWriter.print(spec, options, report, saved.folder());
        if (isOpened) {
            cliContext.openPage(saved.folder().resolve("report.html"));
        }
        return report.exit();
    }
}
