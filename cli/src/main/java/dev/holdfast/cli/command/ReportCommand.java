package dev.holdfast.cli.command;

import dev.holdfast.Catalogue;
import dev.holdfast.cli.files.SavedRun;
import dev.holdfast.ledger.Judge;
import dev.holdfast.ledger.Verdict;
import dev.holdfast.report.Report;
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

/** Judges a saved run again and draws its reports again. */
@Command(name = "report", description = "Judge a saved run again, and draw its reports again.")
public final class ReportCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Parameters(paramLabel = "LEDGER", description = "the ledger.jsonl of a drill, or its folder")
    Path ledger;

    @Option(names = "--out", paramLabel = "DIR", description = "put the reports there, too")
    Path out;

    public ReportCommand(Desk desk) {}

    @Override
    public Integer call() throws IOException {
        SavedRun saved = SavedRun.read(ledger);
        List<Verdict> verdicts = Judge.judge(Catalogue.checks(), saved.evidence());
        Report report = Reports.of(saved, verdicts);
        Reports.write(report, saved.folder(), out);
        Reports.tell(spec, options, report, saved.folder());
        return report.exit();
    }
}
