package dev.holdfast.cli.run;

import dev.holdfast.cli.files.LedgerFile;
import dev.holdfast.cli.view.ProgressReporter;
import dev.holdfast.cli.view.ResultData;
import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;

/** The output of a command: one result on standard output, progress on standard error, in the requested formats. */
public final class CommandOutput {

    private CommandOutput() {}

    public static void result(
            CommandSpec spec, CommonOptions options, Map<String, Object> data, Consumer<PrintWriter> text) {
        result(spec, options.output, data, text);
    }

    public static void result(
            CommandSpec spec, CommonOptions.Output format, Map<String, Object> data, Consumer<PrintWriter> text) {
        PrintWriter out = spec.commandLine().getOut();
        switch (format) {
            case json -> out.print(ResultData.json(data));
            case yaml -> out.print(ResultData.yaml(data));
            default -> text.accept(out);
        }
        out.flush();
    }

    /** Reports that the record of a run is incomplete, if it is. */
    static void incomplete(PrintWriter err, LedgerFile ledger) {
        ledger.failure().ifPresent(why -> {
            err.println("the record is incomplete: entries are missing in " + ledger.path() + ": " + why);
            err.println("    HINT: df -h " + ledger.path().getParent() + "; free space there before the next run");
            err.flush();
        });
    }

    static ProgressReporter progress(CommonOptions options, CliContext cliContext, PrintWriter err) {
        if (options.quiet) {
            return ProgressReporter.none();
        }
        if (options.logFormat == CommonOptions.LogFormat.json) {
            return ProgressReporter.jsonLines(err);
        }
        return cliContext.isTerminal()
                ? ProgressReporter.drawn(err, cliContext.environment())
                : ProgressReporter.lines(err);
    }

    /**
     * Warns of a former word that a command still accepts.
     *
     * @param what the former word and what has changed, as a sentence
     * @param present what to type instead
     */
    public static void deprecated(CommandSpec spec, String what, String present) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("DEPRECATED: " + what);
        err.println("    HINT: use " + present);
    }
}
