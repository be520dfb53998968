package dev.holdfast.cli.command;

import dev.holdfast.cli.view.Data;
import dev.holdfast.cli.view.Progress;
import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;

/** How a command tells: its one result on standard output, its progress on standard error, in the formats that were asked for. */
final class Told {

    private Told() {}

    static void result(CommandSpec spec, CommonOptions options, Map<String, Object> data, Consumer<PrintWriter> text) {
        PrintWriter out = spec.commandLine().getOut();
        switch (options.output) {
            case json -> out.print(Data.json(data));
            case yaml -> out.print(Data.yaml(data));
            default -> text.accept(out);
        }
        out.flush();
    }

    static Progress progress(CommonOptions options, Desk desk, PrintWriter err) {
        if (options.quiet) {
            return Progress.none();
        }
        if (options.logFormat == CommonOptions.LogFormat.json) {
            return Progress.jsonLines(err);
        }
        return desk.isTerminal() ? Progress.drawn(err, desk.environment()) : Progress.lines(err);
    }
}
