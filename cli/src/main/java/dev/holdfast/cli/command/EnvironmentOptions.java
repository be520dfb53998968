package dev.holdfast.cli.command;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * The values of options in environment variables: {@code HOLDFAST_TIMEOUT} sets {@code --timeout}. An option of the command line
 * takes precedence. Options that accept a loss, skip a check or begin a different action are valid for one run, and have no variable.
 */
public final class EnvironmentOptions implements IDefaultValueProvider {

    public static final String PREFIX = "HOLDFAST_";

    /** The variables with this prefix that are not options: those of the launcher, scripts and tests. */
    private static final Set<String> OTHERS =
            Set.of("HOLDFAST_HOME", "HOLDFAST_SERVERS", "HOLDFAST_JAVA_OPTS", "HOLDFAST_NO_BUILD", "HOLDFAST_NO_SETUP");

    /** Options for one run only. */
    private static final Set<String> TYPED_ONLY = Set.of(
            "--accept-data-loss",
            "--override",
            "--allow",
            "--estate",
            "--undo",
            "--discard",
            "--skip-preflight",
            "--help",
            "--version");

    private final Map<String, String> environment;
    private final Set<ArgSpec> given = new HashSet<>();

    public EnvironmentOptions(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Returns whether any variable can set an option. */
    public static boolean isAnySet(Map<String, String> environment) {
        for (String name : environment.keySet()) {
            if (name.startsWith(PREFIX) && !OTHERS.contains(name)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the variable of an option, unless the option must be typed. */
    public static Optional<String> variable(OptionSpec option) {
        String name = option.longestName();
        return TYPED_ONLY.contains(name) || !name.startsWith("--")
                ? Optional.empty()
                : Optional.of(PREFIX + name.substring(2).replace('-', '_').toUpperCase(Locale.ROOT));
    }

    /** Returns the variable that an unusable value is from; empty when the value was typed. */
    public Optional<String> source(ArgSpec argument) {
        return given.contains(argument) ? variable((OptionSpec) argument) : Optional.empty();
    }

    @Override
    public String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return null;
        }
        Optional<String> variable = variable(option);
        if (variable.isEmpty()) {
            mustBeUnset(option);
            return null;
        }
        String value = environment.getOrDefault(variable.get(), "");
        if (value.isEmpty()) {
            return null;
        }
        given.add(option);
        boolean isFlag = option.arity().max() == 0;
        return isFlag && value.equals("1") ? "true" : isFlag && value.equals("0") ? "false" : value;
    }

    private void mustBeUnset(OptionSpec option) {
        String variable = PREFIX
                + option.longestName().replaceFirst("^-+", "").replace('-', '_').toUpperCase(Locale.ROOT);
        boolean isConsent = !option.usageHelp() && !option.versionHelp();
        if (isConsent && !environment.getOrDefault(variable, "").isEmpty()) {
            throw new ParameterException(
                    option.command().commandLine(),
                    "the environment variable " + variable + " has no effect: " + option.longestName()
                            + " must be typed for each run. Nothing was changed");
        }
    }
}
