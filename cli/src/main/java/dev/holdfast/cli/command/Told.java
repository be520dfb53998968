package dev.holdfast.cli.command;

import dev.holdfast.cli.view.Data;
import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;

/** Writes a command's one result to standard output in the format that was asked for. */
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
}
