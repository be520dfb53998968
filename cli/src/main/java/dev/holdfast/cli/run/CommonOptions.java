package dev.holdfast.cli.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options that every command accepts. */
public final class CommonOptions {

    /** When to print colours. */
    public enum Colour {
        auto,
        always,
        never
    }

    /** The format of a result. */
    public enum Output {
        text,
        json,
        yaml
    }

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            defaultValue = "topology.yaml",
            description = "the topology file, or - for standard input (default: ./topology.yaml)")
    public Path file;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, json or yaml (default: text)")
    public Output output;

    @Option(names = "--yes", description = "do not ask; data loss still needs its own option")
    public boolean yes;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10m",
            converter = OptionValues.Span.class,
            description =
                    "end with exit code 9 after this long, e.g. 90s, 5m; the default (10m) lets a running copy of data"
                            + " finish")
    public Duration timeout;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            defaultValue = "32",
            converter = OptionValues.Parallelism.class,
            description = "how many actions run at the same time (default: 32)")
    public int parallelism;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            defaultValue = "auto",
            description =
                    "auto, always or never; auto: at a terminal, unless NO_COLOR is set or TERM is dumb (default: auto)")
    Colour colour;

    @Option(names = "--no-color", description = "the same as --color never")
    boolean noColor;

    @Option(
            names = {"-q", "--quiet"},
            description = "no progress on standard error")
    boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "print more, and stack traces for unexpected errors")
    public boolean verbose;

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "progress on standard error as text or JSON lines (default: text)")
    LogFormat logFormat;

    @Option(names = "--var", paramLabel = "K=V", description = "a value for $${var:K} in the topology; repeatable")
    public Map<String, String> vars = new LinkedHashMap<>();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help")
    boolean help;

    /** The format of progress. */
    public enum LogFormat {
        text,
        json
    }

    /** Returns whether the user set the time limit of the run, in the command line or in an environment variable. */
    boolean hasTimeout(CommandSpec spec) {
        return spec.commandLine().getParseResult().hasMatchedOption("--timeout")
                || !timeout.equals(Duration.ofMinutes(10));
    }
}
