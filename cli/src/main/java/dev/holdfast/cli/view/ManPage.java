package dev.holdfast.cli.view;

import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The man page of a command, in the macros of man(7). */
public final class ManPage {

    private final CommandSpec spec;
    private final StringBuilder page = new StringBuilder();

    private ManPage(CommandSpec spec) {
        this.spec = spec;
    }

    /** Returns the name of the page: the words of the command with hyphens between them. */
    public static String name(CommandSpec spec) {
        return spec.qualifiedName("-");
    }

    public static String of(CommandSpec spec) {
        return new ManPage(spec).text();
    }

    private String text() {
        String[] description = spec.usageMessage().description();
        String summary = description.length == 0 ? "" : description[0];
        page.append(".TH \"")
                .append(name(spec).toUpperCase(java.util.Locale.ROOT))
                .append("\" \"1\" \"\" \"Holdfast\"\n");
        section("NAME");
        page.append(escaped(name(spec)))
                .append(" \\- ")
                .append(escaped(firstSentence(summary)))
                .append('\n');
        section("SYNOPSIS");
        page.append(".nf\n")
                .append(escaped(spec.commandLine().getHelp().synopsis(0)))
                .append(".fi\n");
        section("DESCRIPTION");
        for (String line : description) {
            page.append(escaped(line)).append('\n');
        }
        parameters();
        HelpPage.grouped(spec).forEach(this::options);
        commands();
        exitCodes();
        examples();
        return page.toString();
    }

    private static String firstSentence(String text) {
        int end = text.indexOf(". ");
        return (end < 0 ? text : text.substring(0, end)).replaceFirst("\\.$", "");
    }

    private void parameters() {
        if (!spec.positionalParameters().isEmpty()) {
            section("PARAMETERS");
            spec.positionalParameters().forEach(p -> item(p.paramLabel(), p));
        }
    }

    private void options(String heading, List<OptionSpec> options) {
        section(heading.toUpperCase(java.util.Locale.ROOT));
        for (OptionSpec option : options) {
            String value = option.arity().max() == 0 ? "" : "=" + option.paramLabel();
            item(String.join(", ", option.names()) + value, option);
        }
    }

    private void item(String title, ArgSpec argument) {
        page.append(".TP\n.B ").append(escaped(title)).append('\n');
        page.append(escaped(String.join(" ", argument.description()))).append('\n');
    }

    private void commands() {
        Map<String, CommandLine> commands = spec.subcommands();
        if (commands.isEmpty()) {
            return;
        }
        section("COMMANDS");
        commands.values().forEach(c -> {
            page.append(".TP\n.BR ").append(escaped(name(c.getCommandSpec()))).append(" (1)\n");
            page.append(escaped(
                            String.join(" ", c.getCommandSpec().usageMessage().description())))
                    .append('\n');
        });
    }

    private void exitCodes() {
        if (spec.usageMessage().exitCodeList().isEmpty()) {
            return;
        }
        section("EXIT STATUS");
        spec.usageMessage()
                .exitCodeList()
                .forEach((code, meaning) -> page.append(".TP\n.B ")
                        .append(code.strip())
                        .append('\n')
                        .append(escaped(meaning))
                        .append('\n'));
    }

    private void examples() {
        section("EXAMPLES");
        page.append(".nf\n");
        for (String example : spec.usageMessage().footer()) {
            page.append(escaped(example)).append('\n');
        }
        page.append(".fi\n");
    }

    private void section(String title) {
        page.append(".SH \"").append(escaped(title)).append("\"\n");
    }

    /** Returns text that no macro or escape sequence begins in. */
    private static String escaped(String text) {
        return text.replace("\r", "").replace("\\", "\\e").replace("-", "\\-").replaceAll("(?m)^([.'])", "\\\\&$1");
    }
}
