package dev.holdfast.cli.command;

import dev.holdfast.cli.metrics.MetricsCommand;
import dev.holdfast.cli.monitoring.MonitoringCommand;
import dev.holdfast.cli.preflight.PreflightCommand;
import dev.holdfast.cli.run.CliContext;
import dev.holdfast.cli.upgrade.UpgradeCommand;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The tree of commands and subcommands, which creates only the command that was typed: creating all takes longer than many
 * commands run.
 */
public final class CommandTree {

    /** The commands, in the order of the help. */
    private static final List<String> COMMANDS = List.of(
            "init",
            "explain",
            "validate",
            "preflight",
            "plan",
            "apply",
            "status",
            "metrics",
            "monitoring",
            "schema",
            "switchover",
            "failover",
            "rejoin",
            "maintenance",
            "upgrade",
            "drill",
            "backup",
            "restore",
            "runbook",
            "report",
            "destroy",
            "version",
            "completion",
            "man");

    /** The commands that describe all commands, and are created together with them. */
    private static final List<String> ABOUT_ALL = List.of("completion", "man");

    private CommandTree() {}

    public static boolean isCommand(String word) {
        return COMMANDS.contains(word);
    }

    /** Returns whether a word is a command that {@link #one} can create. */
    public static boolean isAlone(String word) {
        return isCommand(word) && !ABOUT_ALL.contains(word);
    }

    /**
     * Returns the command that the words begin with, as if there were no other.
     *
     * @param words a command, for a command with subcommands perhaps one of them, then options and parameters
     */
    public static Typed one(CliContext cliContext, String... words) {
        String name = words[0];
        List<String> subcommands = subcommands(name);
        if (words.length > 1 && subcommands.contains(words[1])) {
            CommandLine line = new CommandLine(subcommand(name, words[1], cliContext));
            return new Typed(
                    line.setCommandName("holdfast " + name + " " + words[1]),
                    Arrays.copyOfRange(words, 2, words.length));
        }
        CommandLine line = whole(name, cliContext).setCommandName("holdfast " + name);
        String[] rest = Arrays.copyOfRange(words, 1, words.length);
        return new Typed(line, subcommands.isEmpty() ? rest : subcommandFirst(line, rest));
    }

    /**
     * A command with what follows it.
     *
     * @param words options and parameters
     */
    public record Typed(CommandLine line, String... words) {}

    /** Adds all commands with their subcommands. */
    public static CommandLine all(CommandLine root, CliContext cliContext) {
        COMMANDS.forEach(name -> root.addSubcommand(whole(name, cliContext)));
        return root;
    }

    private static CommandLine whole(String name, CliContext cliContext) {
        CommandLine line = new CommandLine(command(name, cliContext));
        subcommands(name).forEach(s -> line.addSubcommand(subcommand(name, s, cliContext)));
        return line.setSubcommandsCaseInsensitive(true);
    }

    /** Returns the words with the subcommand at the front, because options can be written before it. */
    private static String[] subcommandFirst(CommandLine group, String... words) {
        for (int i = 0; i < words.length; i++) {
            if (words[i].startsWith("-")) {
                i += takesNextWord(group, words[i]) ? 1 : 0;
                continue;
            }
            String[] moved = words.clone();
            System.arraycopy(words, 0, moved, 1, i);
            moved[0] = words[i].toLowerCase(Locale.ROOT);
            return moved;
        }
        return words;
    }

    private static boolean takesNextWord(CommandLine group, String word) {
        return group.getSubcommands().values().stream()
                .map(s -> s.getCommandSpec().optionsMap().get(word))
                .anyMatch(CommandTree::takesValue);
    }

    private static boolean takesValue(OptionSpec option) {
        return option != null && option.arity().min() > 0;
    }

    private static List<String> subcommands(String command) {
        return switch (command) {
            case "schema" -> SchemaCommand.SUBCOMMANDS;
            case "maintenance" -> MaintenanceCommand.SUBCOMMANDS;
            case "drill" -> DrillCommand.SUBCOMMANDS;
            case "backup" -> BackupCommand.SUBCOMMANDS;
            default -> List.of();
        };
    }

    private static Object subcommand(String command, String name, CliContext cliContext) {
        return switch (command) {
            case "schema" -> SchemaCommand.subcommand(name, cliContext);
            case "maintenance" -> MaintenanceCommand.subcommand(name, cliContext);
            case "drill" -> DrillCommand.subcommand(name, cliContext);
            case "backup" -> BackupCommand.subcommand(name, cliContext);
            default -> throw new IllegalArgumentException(command + " has no subcommands");
        };
    }

    private static Object command(String name, CliContext cliContext) {
        return switch (name) {
            case "init" -> new InitCommand(cliContext);
            case "explain" -> new ExplainCommand();
            case "validate" -> new ValidateCommand(cliContext);
            case "preflight" -> new PreflightCommand(cliContext);
            case "plan" -> new PlanCommand(cliContext);
            case "apply" -> new ApplyCommand(cliContext);
            case "status" -> new StatusCommand(cliContext);
            case "metrics" -> new MetricsCommand(cliContext);
            case "monitoring" -> new MonitoringCommand(cliContext);
            case "schema" -> new SchemaCommand();
            case "switchover" -> new SwitchoverCommand(cliContext);
            case "failover" -> new FailoverCommand(cliContext);
            case "rejoin" -> new RejoinCommand(cliContext);
            case "maintenance" -> new MaintenanceCommand();
            case "upgrade" -> new UpgradeCommand(cliContext);
            case "drill" -> new DrillCommand();
            case "backup" -> new BackupCommand();
            case "restore" -> new RestoreCommand(cliContext);
            case "runbook" -> new RunbookCommand(cliContext);
            case "report" -> new ReportCommand(cliContext);
            case "destroy" -> new DestroyCommand(cliContext);
            case "version" -> new VersionCommand();
            case "completion" -> new CompletionCommand();
            case "man" -> new ManCommand();
            default -> throw new IllegalArgumentException("unknown command " + name);
        };
    }
}
