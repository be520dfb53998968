package dev.holdfast.cli.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** The options that every command understands. */
public final class CommonOptions {

    /** How a result is written. */
    public enum Output {
        text,
        json,
        yaml
    }

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            defaultValue = "topology.yaml",
            description = "the topology file (default: ./topology.yaml)")
    Path file;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, json or yaml (default: text)")
    Output output;

    @Option(names = "--yes", description = "do not ask; data loss still needs its own flag")
    boolean yes;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10m",
            converter = TimeSpan.class,
            description = "end with exit code 9 after this long, e.g. 90s, 5m (default: 10m)")
    Duration timeout;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            defaultValue = "32",
            description = "how many things may be asked at once (default: 32)")
    int parallelism;

    @Option(names = "--no-color", description = "no colours (NO_COLOR does the same)")
    boolean noColor;

    @Option(
            names = {"-q", "--quiet"},
            description = "no progress on standard error")
    boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "say more; stack traces for unexpected errors")
    boolean verbose;

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "progress on standard error as text or json lines (default: text)")
    LogFormat logFormat;

    @Option(names = "--var", paramLabel = "K=V", description = "a value for $${var:K} in the topology; may be repeated")
    Map<String, String> vars = new LinkedHashMap<>();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help")
    boolean help;

    /** How progress is written. */
    public enum LogFormat {
        text,
        json
    }

    /** Durations as people write them: 500ms, 90s, 5m, 2h. */
    static final class TimeSpan implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            String number = text.replaceFirst("(ms|s|m|h)$", "");
            String unit = text.substring(number.length());
            long count = Long.parseLong(number);
            return switch (unit) {
                case "ms" -> Duration.ofMillis(count);
                case "", "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                default -> throw new IllegalArgumentException("not a time: " + text);
            };
        }
    }
}
