package dev.holdfast.cli;

import dev.holdfast.cli.command.ApplyCommand;
import dev.holdfast.cli.command.BackupCommand;
import dev.holdfast.cli.command.Desk;
import dev.holdfast.cli.command.DestroyCommand;
import dev.holdfast.cli.command.DrillCommand;
import dev.holdfast.cli.command.FailoverCommand;
import dev.holdfast.cli.command.MaintenanceCommand;
import dev.holdfast.cli.command.PlanCommand;
import dev.holdfast.cli.command.RejoinCommand;
import dev.holdfast.cli.command.ReportCommand;
import dev.holdfast.cli.command.RestoreCommand;
import dev.holdfast.cli.command.RunbookCommand;
import dev.holdfast.cli.command.SchemaCommand;
import dev.holdfast.cli.command.StatusCommand;
import dev.holdfast.cli.command.SwitchoverCommand;
import dev.holdfast.cli.command.ValidateCommand;
import dev.holdfast.cli.files.Folders;
import dev.holdfast.cli.hands.LiveHands;
import dev.holdfast.cli.hands.LiveWorld;
import dev.holdfast.cli.hands.Secrets;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Topology;
import dev.holdfast.model.Trouble;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParseResult;

/** Where live things are made and joined; {@link #run} is the only door and never exits. */
@Command(
        name = "holdfast",
        mixinStandardHelpOptions = true,
        version = "holdfast 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        description = "One YAML file to running MongoDB and PostgreSQL estates, and proof that they survive.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:done; no change needed; claims held",
            " 1:the tool itself failed",
            " 2:changes pending (plan --detailed-exitcode)",
            " 3:the topology is wrong",
            " 4:refused by a precondition; nothing was changed",
            " 5:incomplete: changed, needs follow-up (named)",
            " 6:an objective was missed, or a claim is broken",
            " 7:would lose data; needs --accept-data-loss",
            " 8:another run holds the lock",
            " 9:timed out",
            "10:unreachable, or a claim is unknown",
            "64:wrong usage",
            "130:interrupted, mends done"
        })
public final class Main {

    private Main() {}

    public static void main(String... args) {
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int exit = run(System.getenv(), System.console() != null, out, err, args);
        out.flush();
        err.flush();
        System.exit(exit);
    }

    /** Runs one command line and answers its exit code. */
    public static int run(
            Map<String, String> environment, boolean terminal, PrintWriter out, PrintWriter err, String... args) {
        Desk desk = new LiveDesk(environment, terminal);
        CommandLine line = new CommandLine(new Main());
        Map<String, Function<Desk, Object>> all = commands();
        List<String> needed =
                args.length > 0 && all.containsKey(args[0]) ? List.of(args[0]) : List.copyOf(all.keySet());
        needed.forEach(name -> line.addSubcommand(all.get(name).apply(desk)));
        line.setOut(out).setErr(err);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        boolean plain = !terminal
                || environment.containsKey("NO_COLOR")
                || Arrays.asList(args).contains("--no-color");
        line.setColorScheme(CommandLine.Help.defaultColorScheme(plain ? Ansi.OFF : Ansi.ON));
        line.setParameterExceptionHandler((wrong, given) -> {
            err.println("holdfast: " + wrong.getMessage());
            CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err);
            err.println("    HINT: " + wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            return Exit.USAGE.code();
        });
        line.setExecutionExceptionHandler((failed, command, parsed) -> told(failed, parsed, err));
        line.setExecutionStrategy(
                parsed -> parsed.hasSubcommand() ? new CommandLine.RunLast().execute(parsed) : usage(parsed, err));
        return line.execute(args);
    }

    /** The verbs, in the order of the help. Only the one that is typed is made: making all takes most of a start. */
    private static Map<String, Function<Desk, Object>> commands() {
        Map<String, Function<Desk, Object>> all = new LinkedHashMap<>();
        all.put("validate", ValidateCommand::new);
        all.put("plan", PlanCommand::new);
        all.put("apply", ApplyCommand::new);
        all.put("status", StatusCommand::new);
        all.put("schema", SchemaCommand::new);
        all.put("switchover", SwitchoverCommand::new);
        all.put("failover", FailoverCommand::new);
        all.put("rejoin", RejoinCommand::new);
        all.put("maintenance", MaintenanceCommand::new);
        all.put("drill", DrillCommand::new);
        all.put("backup", BackupCommand::new);
        all.put("restore", RestoreCommand::new);
        all.put("runbook", RunbookCommand::new);
        all.put("report", ReportCommand::new);
        all.put("destroy", DestroyCommand::new);
        return all;
    }

    private static int usage(ParseResult parsed, PrintWriter err) {
        Integer helped = CommandLine.executeHelpRequest(parsed);
        if (helped != null) {
            return helped;
        }
        parsed.commandSpec().commandLine().usage(err);
        return Exit.USAGE.code();
    }

    /** The one place where what went wrong becomes a sentence and an exit code. */
    private static int told(Exception failed, ParseResult parsed, PrintWriter err) {
        boolean verbose =
                parsed.originalArgs().contains("-v") || parsed.originalArgs().contains("--verbose");
        int exit = Exit.TOOL_FAILED.code();
        if (failed instanceof Trouble trouble) {
            exit = trouble.exit().code();
            err.println("holdfast: " + trouble.where() + ": " + trouble.getMessage());
            if (!trouble.hint().isEmpty()) {
                err.println("    HINT: " + trouble.hint());
            }
        } else {
            err.println("holdfast: this is a fault of Holdfast itself: " + failed);
            err.println("    HINT: run again with -v for the stack trace, and report it");
        }
        if (verbose) {
            failed.printStackTrace(err);
        }
        err.flush();
        return exit;
    }

    /** The desk of a real run. */
    private record LiveDesk(Map<String, String> environment, boolean isTerminal) implements Desk {

        @Override
        public Folders folders() {
            return new Folders(environment);
        }

        @Override
        public Hands forLooking(Topology topology, int parallelism) {
            return hands(topology, parallelism, Optional.empty());
        }

        @Override
        public Hands forChanging(Topology topology, int parallelism, Ledger ledger) {
            return hands(topology, parallelism, Optional.of(ledger));
        }

        private Hands hands(Topology topology, int parallelism, Optional<Ledger> ledger) {
            Secrets secrets = new Secrets(
                    folders().secrets(topology.name()), topology.secrets(), environment, ledger.isPresent());
            return new LiveHands(
                    topology, new LiveWorld(secrets, environment, ledger.isPresent(), parallelism), secrets, ledger);
        }
    }
}
