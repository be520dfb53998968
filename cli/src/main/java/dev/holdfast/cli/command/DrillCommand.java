package dev.holdfast.cli.command;

import dev.holdfast.BuiltIns;
import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.run.CommonOptions;
import dev.holdfast.cli.run.DrillCleanup;
import dev.holdfast.cli.run.DrillExecution;
import dev.holdfast.cli.run.DrillHistory;
import dev.holdfast.cli.run.DrillOptions;
import dev.holdfast.cli.run.DrillScopes;
import dev.holdfast.cli.run.DrillSummary;
import dev.holdfast.cli.run.LoadedEstate;
import dev.holdfast.config.Suggestion;
import dev.holdfast.drill.Drill;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code drill}: injects faults into a healthy estate under load, and accounts for every write. */
@Command(name = "drill", description = "Inject faults into a healthy estate under load, and account for every write.")
public final class DrillCommand implements Callable<Integer> {

    /** The requested action. */
    enum Ask {
        list,
        show,
        run,
        cleanup,
        history
    }

    private final CliContext cliContext;

    @Spec
    CommandSpec spec;

    @Mixin
    CommonOptions options;

    @Parameters(index = "0", paramLabel = "ACTION", description = "list, show, run, cleanup or history")
    Ask ask;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "the drill, e.g. mongo-primary-kill")
    String name;

    @Mixin
    DrillOptions choice;

    public DrillCommand(CliContext cliContext) {
        this.cliContext = cliContext;
    }

    @Override
    public Integer call() throws IOException {
        if (ask == Ask.list && !Files.exists(options.file)) {
            return new DrillSummary(options, spec).list("", BuiltIns.drills());
        }
        LoadedEstate estate = LoadedEstate.load(options, cliContext);
        estate.deprecations().forEach(d -> {
            spec.commandLine().getErr().println(d.place() + ": " + d.what());
            spec.commandLine().getErr().println("    HINT: " + d.hint());
        });
        return switch (ask) {
            case list -> new DrillSummary(options, spec).list(estate.topology().name(), estate.drills());
            case show -> {
                Drill drill = drill(estate);
                yield new DrillSummary(options, spec).show(drill, DrillScopes.of(estate.topology(), drill, choice));
            }
            case run -> {
                Drill drill = drill(estate);
                yield new DrillExecution(cliContext, options, spec, choice)
                        .run(drill, DrillScopes.of(estate.topology(), drill, choice));
            }
            case cleanup -> new DrillCleanup(cliContext, options, spec).of(estate.topology());
            case history -> new DrillHistory(cliContext, options, spec).print(estate);
        };
    }

    private Drill drill(LoadedEstate estate) {
        List<String> names = estate.drills().stream().map(Drill::name).toList();
        if (name == null) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    "drill " + ask,
                    "the name of the drill is missing",
                    "the drills are: " + String.join(", ", names));
        }
        return estate.drills().stream()
                .filter(d -> d.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new HoldfastException(
                        ExitCode.USAGE, name, "unknown drill", Suggestion.hint(name, names, "the drills are: ")));
    }
}
