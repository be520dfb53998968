package dev.holdfast.cli.command;

import dev.holdfast.BuiltIns;
import dev.holdfast.cli.advice.AdvicePage;
import dev.holdfast.cli.advice.RuleFile;
import dev.holdfast.cli.advice.SarifLog;
import dev.holdfast.cli.files.TopologyFile;
import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.run.CommandOutput;
import dev.holdfast.cli.run.CommonOptions;
import dev.holdfast.cli.view.OutputSchema;
import dev.holdfast.cli.view.ResultData;
import dev.holdfast.cli.view.ValidateView;
import dev.holdfast.config.ConfigSchema;
import dev.holdfast.config.EstateSchema;
import dev.holdfast.config.JsonSchemaExport;
import dev.holdfast.config.ReferencePage;
import dev.holdfast.lint.FailureImpact;
import dev.holdfast.lint.FailureSimulator;
import dev.holdfast.model.ExitCode;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code validate}: checks a topology file, its references and its availability, without contacting a server. */
@Command(
        name = "validate",
        description =
                "Check the topology: syntax, references, high availability. Contacts no server; -v simulates each failure.",
        footer = {"  holdfast validate -f examples/swapskill/topology.yaml", "  holdfast validate -v --strict"})
public final class ValidateCommand implements Callable<Integer> {

    /** The documents that a JSON Schema can be printed for. */
    enum SchemaOf {
        topology,
        output
    }

    private final CliContext cliContext;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Option(names = "--strict", description = "end with 3 for advice (WARN) too")
    boolean strict;

    @Option(
            names = "--json-schema",
            arity = "0..1",
            paramLabel = "OF",
            fallbackValue = "topology",
            description =
                    "print a JSON Schema and end: topology for the topology file, for use in editors (the default),"
                            + " or output for the documents that commands print with -o json")
    SchemaOf jsonSchema;

    @Option(names = "--reference", description = "print a table of all keys of the topology file, and end")
    boolean reference;

    @Option(names = "--rules", description = "print the page of all rules of advice, and end")
    boolean rules;

    @Option(names = "--sarif", description = "print the problems as SARIF 2.1.0, for code scanning")
    boolean sarif;

    public ValidateCommand(CliContext cliContext) {
        this.cliContext = cliContext;
    }

    @Override
    public Integer call() {
        if (rules) {
            print(AdvicePage.of(ruleFiles()));
            return ExitCode.DONE.code();
        }
        if (jsonSchema != null || reference) {
            print(jsonSchema == SchemaOf.output ? OutputSchema.text() : described(EstateSchema.of(BuiltIns.engines())));
            return ExitCode.DONE.code();
        }
        TopologyFile.Loaded loaded = cliContext.load(options.file, options.vars).mustUse(options.vars);
        if (sarif) {
            print(ResultData.json(SarifLog.of(ruleFiles(), loaded.problems(), loaded.accepted())));
            return exit(loaded);
        }
        boolean showsOutcomes = options.verbose || options.output != CommonOptions.Output.text;
        List<FailureImpact> outcomes =
                showsOutcomes ? loaded.topology().map(FailureSimulator::run).orElse(List.of()) : List.of();
        CommandOutput.result(
                spec,
                options,
                showsOutcomes
                        ? ValidateView.data(
                                options.file.toString(),
                                loaded.topology(),
                                loaded.problems(),
                                loaded.accepted(),
                                outcomes)
                        : ResultData.map(),
                out -> new ValidateView(out, spec.commandLine().getColorScheme().ansi())
                        .print(
                                options.file.toString(),
                                loaded.topology(),
                                loaded.problems(),
                                loaded.accepted(),
                                outcomes));
        return exit(loaded);
    }

    private int exit(TopologyFile.Loaded loaded) {
        boolean wrong =
                loaded.topology().isEmpty() || strict && !loaded.problems().isEmpty();
        return wrong ? ExitCode.TOPOLOGY_WRONG.code() : ExitCode.DONE.code();
    }

    private static List<RuleFile> ruleFiles() {
        return BuiltIns.rules().stream().map(r -> RuleFile.of(r.id())).toList();
    }

    private String described(ConfigSchema.ObjectOf shape) {
        return jsonSchema == null
                ? ReferencePage.of(shape)
                : ResultData.json(JsonSchemaExport.of(shape, "Holdfast topology"));
    }

    private void print(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
    }
}
