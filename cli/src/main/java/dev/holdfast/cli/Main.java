package dev.holdfast.cli;

import dev.holdfast.cli.command.CommandTree;
import dev.holdfast.cli.command.EnvironmentOptions;
import dev.holdfast.cli.exec.Browser;
import dev.holdfast.cli.exec.SecretStore;
import dev.holdfast.cli.files.StateDirectory;
import dev.holdfast.cli.files.TopologyFile;
import dev.holdfast.cli.files.TopologyPrefetch;
import dev.holdfast.cli.live.LiveExecutionContext;
import dev.holdfast.cli.live.LiveSession;
import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.run.CommonOptions;
import dev.holdfast.cli.view.HelpPage;
import dev.holdfast.cli.view.TerminalWriter;
import dev.holdfast.config.Suggestion;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Topology;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The program's entry point. It creates and connects all live objects; {@link #run} executes one command line and never exits. */
@Command(
        name = "holdfast",
        mixinStandardHelpOptions = true,
        version = "holdfast 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Build and operate MongoDB and PostgreSQL estates from one YAML file, and prove that they survive failures.",
        footer = {"  holdfast validate -f examples/swapskill/topology.yaml", "  holdfast help drill run"},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:done, or no change was needed; all claims held",
            " 1:Holdfast itself failed",
            " 2:changes are pending (plan --detailed-exitcode)",
            " 3:the topology is invalid",
            " 4:refused by a precondition; nothing was changed",
            " 5:incomplete: something was changed, and the named rest is left",
            " 6:an objective was missed, or a claim is broken",
            " 7:refused, because data would be lost; nothing was changed; see --accept-data-loss",
            " 8:another run holds the lock",
            " 9:timed out",
            "10:a node is unreachable, or a claim is unknown",
            "64:wrong usage",
            "130:interrupted; faults were reverted"
        })
public final class Main {

    private Main() {}

    public static void main(String... args) {
        // picocli would look for Groovy in every jar and load converters for times and databases: a tenth of the start
        // time
        System.setProperty("picocli.disable.closures", "true");
        System.setProperty("picocli.converters.excludes", "java.sql.*,java.time.*");
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int exit = run(System.getenv(), System.console() != null, out, err, args);
        if (out.checkError() && exit != ExitCode.INTERRUPTED.code()) {
            err.println("holdfast: the result cannot be written completely to standard output");
            err.println("    HINT: df -h shows whether the disk is full; otherwise the reader of the output has ended");
            exit = ExitCode.TOOL_FAILED.code();
        }
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
        boolean isOne = args.length > 0 && CommandTree.isAlone(args[0]);
        TopologyPrefetch ahead =
                isOne ? TopologyPrefetch.begin(Arrays.asList(args), environment) : TopologyPrefetch.none(environment);
        CliContext cliContext = new LiveDesk(environment, terminal, ahead);
        CommandTree.Typed typed =
                isOne ? CommandTree.one(cliContext, args) : new CommandTree.Typed(all(cliContext), args);
        CommandLine line = typed.line();
        line.setOut(out).setErr(err);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        EnvironmentOptions variables = null;
        if (EnvironmentOptions.isAnySet(environment)) {
            variables = new EnvironmentOptions(environment);
            line.setDefaultValueProvider(variables);
        }
        Endings endings = new Endings(err, terminal, environment, variables);
        line.setParameterExceptionHandler(endings);
        line.setExecutionExceptionHandler(endings);
        line.setExecutionStrategy(endings);
        return line.execute(typed.words());
    }

    /** Returns {@code help COMMAND} as {@code COMMAND --help}, since a command is created without the others. */
    private static String[] helpAsOption(String... args) {
        if (args.length == 0 || !args[0].equals("help")) {
            return args;
        }
        String[] words = Arrays.copyOfRange(args, 1, args.length);
        if (words.length > 0 && !CommandTree.isCommand(words[0])) {
            return words; // which reports the unknown command
        }
        String[] changed = Arrays.copyOf(words, words.length + 1);
        changed[words.length] = "--help";
        return changed;
    }

    static CommandLine all(CliContext cliContext) {
        return CommandTree.all(new CommandLine(new Main()), cliContext);
    }

    /**
     * Handles the end of a command line. This is a class and not three lambdas: picocli's interfaces have an old class file
     * format, and the class archive leaves out such an interface once a lambda is linked to it. Then each start opens jars.
     */
    private record Endings(
            PrintWriter err, boolean isTerminal, Map<String, String> environment, EnvironmentOptions variables)
            implements CommandLine.IExecutionStrategy,
                    CommandLine.IParameterExceptionHandler,
                    CommandLine.IExecutionExceptionHandler {

        @Override
        public int execute(ParseResult parsed) {
            ParseResult last = parsed;
            while (last.hasSubcommand()) {
                last = last.subcommand();
            }
            CommandLine line = parsed.commandSpec().commandLine();
            line.setColorScheme(
                    CommandLine.Help.defaultColorScheme(isColoured(last.commandSpec()) ? Ansi.ON : Ansi.OFF));
            boolean isCommandMissing = !(last.commandSpec().userObject() instanceof Callable<?>);
            if (last.isUsageHelpRequested() || isCommandMissing) {
                HelpPage.arrange(line);
            }
            Integer helped = CommandLine.executeHelpRequest(parsed);
            if (helped != null) {
                return helped;
            }
            if (isCommandMissing) {
                last.commandSpec().commandLine().usage(err);
                return ExitCode.USAGE.code();
            }
            return new CommandLine.RunLast().execute(parsed);
        }

        /** Colours are for terminals, unless the user decides. See no-color.org for NO_COLOR. */
        private boolean isColoured(CommandSpec spec) {
            OptionSpec option = spec.findOption("--color");
            CommonOptions.Colour choice = option == null ? CommonOptions.Colour.auto : option.getValue();
            OptionSpec none = spec.findOption("--no-color");
            if (none != null && none.<Boolean>getValue()) {
                return false;
            }
            return choice == CommonOptions.Colour.always
                    || choice == CommonOptions.Colour.auto
                            && isTerminal
                            && environment.getOrDefault("NO_COLOR", "").isEmpty()
                            && !"dumb".equals(environment.get("TERM"));
        }

        @Override
        public int handleParseException(CommandLine.ParameterException wrong, String[] given) {
            if (wrong instanceof CommandLine.UnmatchedArgumentException unmatched && isUnknownCommand(unmatched)) {
                return unknownCommand(unmatched.getUnmatched().get(0), wrong.getCommandLine());
            }
            String source = variables == null
                    ? ""
                    : variables
                            .source(wrong.getArgSpec())
                            .map(v -> "the environment variable " + v + ": ")
                            .orElse("");
            err.println("holdfast: " + source + wrong.getMessage());
            CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err);
            err.println("    HINT: " + wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            return ExitCode.USAGE.code();
        }

        private static boolean isUnknownCommand(CommandLine.UnmatchedArgumentException wrong) {
            CommandSpec spec = wrong.getCommandLine().getCommandSpec();
            return !wrong.isUnknownOption()
                    && !spec.subcommands().isEmpty()
                    && spec.positionalParameters().isEmpty();
        }

        private int unknownCommand(String word, CommandLine command) {
            String name = command.getCommandSpec().qualifiedName();
            err.println("holdfast: " + word + ": unknown command");
            err.println("    HINT: "
                    + Suggestion.to(word, command.getSubcommands().keySet())
                            .map(near -> "did you mean \"" + name + " " + near + "\"?")
                            .orElse(name + " --help"));
            return ExitCode.USAGE.code();
        }

        /** Turns an exception into a message and an exit code; the only place that does so. */
        @Override
        public int handleExecutionException(Exception failed, CommandLine command, ParseResult parsed) {
            OptionSpec verbose = command.getCommandSpec().findOption("--verbose");
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
            if (verbose != null && verbose.<Boolean>getValue()) {
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
        public void openPage(Path page) {
            new Browser(environment).open(page);
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
