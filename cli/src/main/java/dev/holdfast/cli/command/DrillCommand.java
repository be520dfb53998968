package dev.holdfast.cli.command;

import dev.holdfast.BuiltIns;
import dev.holdfast.cli.files.TopologyFile;
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
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code drill}: injects faults into a healthy estate under load, and accounts for every write. */
@Command(
        name = "drill",
        description = "Inject faults into a healthy estate under load, and account for every write.",
        footer = {"  holdfast drill list", "  holdfast drill run pg-primary-kill --yes"})
public final class DrillCommand {

    static final List<String> SUBCOMMANDS = List.of("list", "show", "run", "cleanup", "history");

    @Mixin
    HelpOption help;

    static Object subcommand(String name, CliContext cliContext) {
        return switch (name) {
            case "list" -> new ListDrills(cliContext);
            case "show" -> new ShowDrill(cliContext);
            case "run" -> new RunDrill(cliContext);
            case "cleanup" -> new CleanUp(cliContext);
            case "history" -> new History(cliContext);
            default -> throw new IllegalArgumentException("unknown subcommand " + name);
        };
    }

    /** What all subcommands have: the estate and its drills. */
    private abstract static class OnEstate implements Callable<Integer> {

        final CliContext cliContext;

        @Spec
        CommandSpec spec;

        @Mixin
        CommonOptions options;

        OnEstate(CliContext cliContext) {
            this.cliContext = cliContext;
        }

        LoadedEstate estate() {
            LoadedEstate estate = LoadedEstate.load(options, cliContext);
            estate.deprecations().forEach(d -> {
                spec.commandLine().getErr().println(d.place() + ": " + d.what());
                spec.commandLine().getErr().println("    HINT: " + d.hint());
            });
            return estate;
        }

        Drill drill(LoadedEstate estate, String action, String name) {
            List<String> names = estate.drills().stream().map(Drill::name).toList();
            if (name == null) {
                throw new HoldfastException(
                        ExitCode.USAGE,
                        "drill " + action,
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

    /** The command {@code drill list}. */
    @Command(
            name = "list",
            description = "List the built-in drills, and the drill files next to the topology file.",
            footer = "  holdfast drill list -f examples/swapskill/topology.yaml")
    private static final class ListDrills extends OnEstate {

        ListDrills(CliContext cliContext) {
            super(cliContext);
        }

        @Override
        public Integer call() throws IOException {
            if (!TopologyFile.isThere(options.file)) {
                return new DrillSummary(options, spec).list("", BuiltIns.drills());
            }
            LoadedEstate estate = estate();
            return new DrillSummary(options, spec).list(estate.topology().name(), estate.drills());
        }
    }

    /** The command {@code drill show}. */
    @Command(
            name = "show",
            description = "Show what a drill does to this estate, and its predicted recovery. Contacts no server.",
            footer = "  holdfast drill show pg-primary-kill --cluster payments")
    private static final class ShowDrill extends OnEstate {

        @Parameters(arity = "0..1", paramLabel = "NAME", description = "the drill, e.g. mongo-primary-kill")
        String name;

        @Mixin
        DrillOptions choice;

        ShowDrill(CliContext cliContext) {
            super(cliContext);
        }

        @Override
        public Integer call() throws IOException {
            LoadedEstate estate = estate();
            Drill drill = drill(estate, "show", name);
            return new DrillSummary(options, spec).show(drill, DrillScopes.of(estate.topology(), drill, choice));
        }
    }

    /** The command {@code drill run}. */
    @Command(
            name = "run",
            description = "Run a drill: check the estate, start load, inject the fault, recover, revert, and judge.",
            footer = {
                "  holdfast drill run mongo-primary-kill --cluster social --group shard-a",
                "  holdfast drill run pg-primary-kill --yes --repeat 5 --seed 42 --out reports"
            })
    private static final class RunDrill extends OnEstate {

        @Parameters(arity = "0..1", paramLabel = "NAME", description = "the drill, e.g. mongo-primary-kill")
        String name;

        @Mixin
        DrillOptions choice;

        RunDrill(CliContext cliContext) {
            super(cliContext);
        }

        @Override
        public Integer call() throws IOException {
            LoadedEstate estate = estate();
            Drill drill = drill(estate, "run", name);
            return new DrillExecution(cliContext, options, spec, choice)
                    .run(drill, DrillScopes.of(estate.topology(), drill, choice));
        }
    }

    /** The command {@code drill cleanup}. */
    @Command(
            name = "cleanup",
            description = "Revert the faults that an interrupted drill has left on the hosts.",
            footer = "  holdfast drill cleanup --yes")
    private static final class CleanUp extends OnEstate {

        CleanUp(CliContext cliContext) {
            super(cliContext);
        }

        @Override
        public Integer call() throws IOException {
            return new DrillCleanup(cliContext, options, spec).of(estate().topology());
        }
    }

    /** The command {@code drill history}. */
    @Command(
            name = "history",
            description =
                    "Show the last runs of each drill with their recovery times, and the drills that are overdue.",
            footer = "  holdfast drill history -o json")
    private static final class History extends OnEstate {

        History(CliContext cliContext) {
            super(cliContext);
        }

        @Override
        public Integer call() throws IOException {
            return new DrillHistory(cliContext, options, spec).print(estate());
        }
    }
}
