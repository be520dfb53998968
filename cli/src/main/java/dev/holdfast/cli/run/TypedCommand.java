package dev.holdfast.cli.run;

import java.lang.reflect.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The command line as it was typed, without the options that all commands have: the command that a hint names to continue. */
final class TypedCommand {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,+@%-]+");

    private TypedCommand() {}

    /** Returns for example {@code rejoin payments/servers/a1 --override=rows-not-kept}, without {@code holdfast}. */
    static String of(CommandSpec spec) {
        List<String> words = new ArrayList<>(List.of(spec.qualifiedName().replaceFirst("^holdfast ", "")));
        CommandLine.ParseResult parsed = spec.commandLine().getParseResult();
        if (parsed == null) {
            return words.get(0);
        }
        parsed.matchedPositionals().stream()
                .filter(TypedCommand::isOwn)
                .flatMap(p -> p.originalStringValues().stream())
                .map(TypedCommand::quoted)
                .forEach(words::add);
        for (OptionSpec option : parsed.matchedOptions()) {
            if (!isOwn(option) || isConsent(spec, option)) {
                continue;
            }
            if (option.arity().max() == 0) {
                words.add(option.longestName());
            } else {
                option.originalStringValues().forEach(v -> words.add(option.longestName() + "=" + quoted(v)));
            }
        }
        return String.join(" ", words);
    }

    private static boolean isOwn(ArgSpec argument) {
        return !(argument.userObject() instanceof Member member && member.getDeclaringClass() == CommonOptions.class);
    }

    /** Returns whether an option accepts a loss. A role change prints the loss of the new run before it is accepted again. */
    private static boolean isConsent(CommandSpec spec, OptionSpec option) {
        return option.longestName().equals("--accept-data-loss")
                && !spec.qualifiedName().endsWith("restore");
    }

    private static String quoted(String value) {
        return PLAIN.matcher(value).matches() ? value : "'" + value.replace("'", "'\\''") + "'";
    }
}
