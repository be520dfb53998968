package dev.holdfast.cli.command;

import dev.holdfast.Catalogue;
import dev.holdfast.cli.files.TopologyFile;
import dev.holdfast.cli.view.Data;
import dev.holdfast.cli.view.ValidateView;
import dev.holdfast.engine.EstateShape;
import dev.holdfast.engine.JsonSchema;
import dev.holdfast.engine.KeyReference;
import dev.holdfast.engine.Shape;
import dev.holdfast.lint.Outcome;
import dev.holdfast.lint.Simulator;
import dev.holdfast.model.Exit;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks a topology file without asking any server: form, references, high availability, imagined failures. */
@Command(
        name = "validate",
        description =
                "Check the topology: form, references, high availability. Asks no server; -v imagines each failure.")
public final class ValidateCommand implements Callable<Integer> {

    private final Desk desk;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Option(names = "--strict", description = "end with 3 for advice (WARN) too")
    boolean strict;

    @Option(names = "--json-schema", description = "print the JSON Schema of the topology file, for editors, and end")
    boolean jsonSchema;

    @Option(names = "--reference", description = "print a table of all keys of the topology file, and end")
    boolean reference;

    public ValidateCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() {
        if (jsonSchema || reference) {
            print(EstateShape.of(Catalogue.engines()));
            return Exit.DONE.code();
        }
        TopologyFile.Loaded loaded = desk.load(options.file, options.vars);
        boolean wantsOutcomes = options.verbose || options.output != CommonOptions.Output.text;
        List<Outcome> outcomes =
                wantsOutcomes ? loaded.topology().map(Simulator::run).orElse(List.of()) : List.of();
        Told.result(
                spec,
                options,
                wantsOutcomes
                        ? ValidateView.data(options.file.toString(), loaded.topology(), loaded.problems(), outcomes)
                        : Data.map(),
                out -> new ValidateView(out, spec.commandLine().getColorScheme().ansi())
                        .print(options.file.toString(), loaded.topology(), loaded.problems(), outcomes));
        boolean wrong =
                loaded.topology().isEmpty() || strict && !loaded.problems().isEmpty();
        return wrong ? Exit.TOPOLOGY_WRONG.code() : Exit.DONE.code();
    }

    private void print(Shape.Keys shape) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(jsonSchema ? Data.json(JsonSchema.of(shape, "Holdfast topology")) : KeyReference.of(shape));
        out.flush();
    }
}
