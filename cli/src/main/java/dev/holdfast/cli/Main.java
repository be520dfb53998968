package dev.holdfast.cli;

import dev.holdfast.cli.command.ApplyCommand;
import dev.holdfast.cli.command.BackupCommand;
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
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.cli.files.StateDirectory;
import dev.holdfast.cli.files.TopologyFile;
import dev.holdfast.cli.files.TopologyPrefetch;
import dev.holdfast.cli.live.LiveExecutionContext;
import dev.holdfast.cli.live.LiveSession;
import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.view.TerminalWriter;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Topology;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParseResult;

/** The program's entry point. It creates and connects all live objects; {@link #run} executes one command line and never exits. */
@Command(
        name = "holdfast",
        mixinStandardHelpOptions = true,
        version = "holdfast 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Build and operate MongoDB and PostgreSQL estates from one YAML file, and prove that they survive failures.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:done, or no change was needed; all claims held",
            " 1:Holdfast itself failed",
            " 2:changes are pending (plan --detailed-exitcode)",
            " 3:the topology is invalid",
            " 4:refused by a precondition; nothing was changed",
            " 5:incomplete: something was changed, and the named rest is left",
            " 6:an objective was missed, or a claim is broken",
            " 7:would lose data; requires --accept-data-loss",
            " 8:another run holds the lock",
            " 9:timed out",
            "10:a node is unreachable, or a claim is unknown",
            "64:wrong usage",
            "130:interrupted; faults were reverted"
        })
public final class Main {

    /** The verbs, in the order of the help. */
    private static final List<String> COMMANDS = List.of(
            "validate",
            "plan",
            "apply",
            "status",
            "schema",
            "switchover",
            "failover",
            "rejoin",
            "maintenance",
            "drill",
            "backup",
            "restore",
            "runbook",
            "report",
            "destroy");

    private Main() {}

    public static void main(String... args) {
        // picocli would look for Groovy in every jar and load converters for times and databases: a tenth of the start
        // time
        System.setProperty("picocli.disable.closures", "true");
        System.setProperty("picocli.converters.excludes", "java.sql.*,java.time.*");
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int exit = run(System.getenv(), System.console() != null, out, err, args);
        out.flush();
        err.flush();
        end(exit);
    }

    /**
     * Ends the process at once. {@link System#exit} first searches every jar for a logger of the call. When a signal is
     * ending the process already, the exit code is the signal's, as for every program.
     */
    private static void end(int exit) {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {}));
        } catch (IllegalStateException signalled) {
            System.exit(exit);
        }
        Runtime.getRuntime().halt(exit);
    }

    /** Executes one command line and returns its exit code. */
    public static int run(
            Map<String, String> environment, boolean terminal, PrintWriter out, PrintWriter err, String... args) {
        PrintWriter safeOut = TerminalWriter.around(out);
        PrintWriter safeErr = TerminalWriter.around(err);
        try {
            return safely(environment, terminal, safeOut, safeErr, args);
        } finally {
            safeOut.flush();
            safeErr.flush();
        }
    }

    private static int safely(
            Map<String, String> environment, boolean terminal, PrintWriter out, PrintWriter err, String... given) {
        String[] args = helpAsOption(given);
        boolean isOne = args.length > 0 && COMMANDS.contains(args[0]);
        TopologyPrefetch ahead =
                isOne ? TopologyPrefetch.begin(Arrays.asList(args), environment) : TopologyPrefetch.none(environment);
        CliContext cliContext = new LiveDesk(environment, terminal, ahead);
        CommandLine line = isOne ? one(args[0], cliContext) : all(cliContext);
        line.setOut(out).setErr(err);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        boolean plain = !terminal
                || environment.containsKey("NO_COLOR")
                || Arrays.asList(args).contains("--no-color");
        line.setColorScheme(CommandLine.Help.defaultColorScheme(plain ? Ansi.OFF : Ansi.ON));
        Endings endings = new Endings(err);
        line.setParameterExceptionHandler(endings);
        line.setExecutionExceptionHandler(endings);
        line.setExecutionStrategy(endings);
        return line.execute(isOne ? Arrays.copyOfRange(args, 1, args.length) : args);
    }

    /** Returns {@code help COMMAND} as {@code COMMAND --help}, since a command is created without the others. */
    private static String[] helpAsOption(String... args) {
        if (args.length == 0 || !args[0].equals("help")) {
            return args;
        }
        String[] words = Arrays.copyOfRange(args, 1, args.length);
        if (words.length > 0 && !COMMANDS.contains(words[0])) {
            return words; // which reports the unknown command
        }
        String[] changed = Arrays.copyOf(words, words.length + 1);
        changed[words.length] = "--help";
        return changed;
    }

    /** Returns only the command that was typed, as if it were the only one: creating all commands takes longer than many run. */
    private static CommandLine one(String name, CliContext cliContext) {
        return new CommandLine(command(name, cliContext)).setCommandName("holdfast " + name);
    }

    static CommandLine all(CliContext cliContext) {
        CommandLine line = new CommandLine(new Main());
        for (String name : COMMANDS) {
            line.addSubcommand(command(name, cliContext));
        }
        return line;
    }

    private static Object command(String name, CliContext cliContext) {
        return switch (name) {
            case "validate" -> new ValidateCommand(cliContext);
            case "plan" -> new PlanCommand(cliContext);
            case "apply" -> new ApplyCommand(cliContext);
            case "status" -> new StatusCommand(cliContext);
            case "schema" -> new SchemaCommand(cliContext);
            case "switchover" -> new SwitchoverCommand(cliContext);
            case "failover" -> new FailoverCommand(cliContext);
            case "rejoin" -> new RejoinCommand(cliContext);
            case "maintenance" -> new MaintenanceCommand(cliContext);
            case "drill" -> new DrillCommand(cliContext);
            case "backup" -> new BackupCommand(cliContext);
            case "restore" -> new RestoreCommand(cliContext);
            case "runbook" -> new RunbookCommand(cliContext);
            case "report" -> new ReportCommand(cliContext);
            case "destroy" -> new DestroyCommand(cliContext);
            default -> throw new IllegalArgumentException("unknown command " + name);
        };
    }

    /**
     * Handles the end of a command line. This is a class and not three lambdas: picocli's interfaces have an old class file
     * format, and the class archive leaves out such an interface once a lambda is linked to it. Then each start opens jars.
     */
    private record Endings(PrintWriter err)
            implements CommandLine.IExecutionStrategy,
                    CommandLine.IParameterExceptionHandler,
                    CommandLine.IExecutionExceptionHandler {

        @Override
        public int execute(ParseResult parsed) {
            boolean isCommandMissing = parsed.commandSpec().userObject() instanceof Main && !parsed.hasSubcommand();
            if (!isCommandMissing) {
                return new CommandLine.RunLast().execute(parsed);
            }
            Integer helped = CommandLine.executeHelpRequest(parsed);
            if (helped != null) {
                return helped;
            }
            parsed.commandSpec().commandLine().usage(err);
            return ExitCode.USAGE.code();
        }

        @Override
        public int handleParseException(CommandLine.ParameterException wrong, String[] given) {
            err.println("holdfast: " + wrong.getMessage());
            CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err);
            err.println("    HINT: " + wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            return ExitCode.USAGE.code();
        }

        /** Turns an exception into a message and an exit code; the only place that does so. */
        @Override
        public int handleExecutionException(Exception failed, CommandLine command, ParseResult parsed) {
            boolean verbose = parsed.originalArgs().contains("-v")
                    || parsed.originalArgs().contains("--verbose");
            int exit = ExitCode.TOOL_FAILED.code();
            if (failed instanceof HoldfastException trouble) {
                exit = trouble.exit().code();
                err.println("holdfast: " + trouble.where() + ": " + trouble.getMessage());
                trouble.code().ifPresent(c -> err.println("    CODE: " + c));
                if (!trouble.hint().isEmpty()) {
                    err.println("    HINT: " + trouble.hint());
                }
            } else {
                err.println("holdfast: internal error: " + failed);
                err.println("    HINT: run again with -v for the stack trace, and report the error");
            }
            if (verbose) {
                failed.printStackTrace(err);
            }
            err.flush();
            return exit;
        }
    }

    /** Returns the context of a real run. */
    private record LiveDesk(Map<String, String> environment, boolean isTerminal, TopologyPrefetch ahead)
            implements CliContext {

        @Override
        public TopologyFile.Loaded load(Path file, Map<String, String> vars) {
            return ahead.load(file, vars);
        }

        @Override
        public StateDirectory folders() {
            return new StateDirectory(environment);
        }

        @Override
        public Session forLooking(Topology topology, int parallelism) {
            return session(topology, parallelism, Optional.empty(), false);
        }

        @Override
        public Session forChanging(Topology topology, int parallelism, Ledger ledger, boolean makesSecrets) {
            return session(topology, parallelism, Optional.of(ledger), makesSecrets);
        }

        private Session session(Topology topology, int parallelism, Optional<Ledger> ledger, boolean makesSecrets) {
            SecretStore secrets =
                    new SecretStore(folders().secrets(topology.name()), topology.secrets(), environment, makesSecrets);
            return new LiveSession(
                    topology,
                    new LiveExecutionContext(secrets, environment, ledger.isPresent(), parallelism),
                    secrets,
                    ledger);
        }
    }
}
