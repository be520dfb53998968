package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Every option of every command that takes a number, a duration or one of a few words, given what it cannot use. */
@Tag("unit")
class OptionsTest {

    private static final Set<Class<?>> COUNTS = Set.of(int.class, Integer.class);
    private static final Set<Class<?>> NUMBERS =
            Set.of(int.class, Integer.class, long.class, Long.class, Duration.class, double.class, Double.class);

    private record Case(String command, OptionSpec option, String value) {
        /** How many words the command and the option are; the value can contain spaces. */
        int words() {
            return command.split(" ").length + 1;
        }

        @Override
        public String toString() {
            return command + " " + option.longestName() + "=" + value;
        }
    }

    private static Stream<OptionCase> options() {
        return commands(Main.all(null))
                .flatMap(command -> command.getCommandSpec().options().stream()
                        .map(option -> new OptionCase(
                                command.getCommandSpec().qualifiedName().replaceFirst("^holdfast ", ""), option)));
    }

    /** Returns every command, and in place of a command with subcommands these. */
    private static Stream<CommandLine> commands(CommandLine line) {
        return line.getSubcommands().isEmpty()
                ? Stream.of(line)
                : line.getSubcommands().values().stream().flatMap(OptionsTest::commands);
    }

    private record OptionCase(String command, OptionSpec option) {
        boolean isNumber() {
            return NUMBERS.contains(option.type());
        }

        Stream<Case> with(List<String> values) {
            return values.stream().map(v -> new Case(command, option, v));
        }
    }

    private static Stream<Case> unusable() {
        List<String> nowhere = List.of("", " ", "soon", "1x", "0x10", "1e3", "1.5", "--", "9".repeat(30), "\u0663");
        return options().flatMap(o -> {
            if (o.option().type().isEnum()) {
                return o.with(List.of("", "soon", "0"));
            }
            if (!o.isNumber()) {
                return Stream.of();
            }
            boolean isSeed = o.option().longestName().equals("--seed");
            List<String> range = o.option().type() == Duration.class
                    ? List.of("0", "0s", "-1", "-1s", "1 s", "5 minutes", "10000d", "99999999999d", "1s2")
                    : COUNTS.contains(o.option().type()) ? List.of("0", "-1", "2147483648", "1000001") : List.of();
            return isSeed ? o.with(nowhere) : Stream.concat(o.with(nowhere), o.with(range));
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unusable")
    void an_unusable_value_is_wrong_usage_with_a_sentence(Case one) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = Main.run(
                Map.of(),
                false,
                new PrintWriter(out),
                new PrintWriter(err),
                (one.command() + " " + one.option().longestName() + "=" + one.value()).split(" ", one.words()));
        assertThat(exit).as(err.toString()).isEqualTo(64);
        assertThat(err.toString())
                .contains(one.option().longestName())
                .contains("HINT: holdfast " + one.command() + " --help")
                .doesNotContain("internal error")
                .doesNotContain("Exception")
                .doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void every_option_that_takes_a_number_or_a_duration_is_read_in_the_one_place_that_knows_the_limits() {
        List<OptionCase> numbers = options().filter(OptionCase::isNumber).toList();
        assertThat(numbers).extracting(o -> o.option().longestName()).contains("--timeout", "--parallelism", "--rate");
        assertThat(numbers)
                .allSatisfy(o -> assertThat(o.option().converters())
                        .as(o.command() + " " + o.option().longestName())
                        .singleElement()
                        .satisfies(c -> assertThat(c.getClass().getName()).contains(".OptionValues$")));
    }

    @Test
    void usual_values_are_taken() {
        for (String timeout : List.of("90", "500ms", "1m30s", "2h", "7d")) {
            CommandLine line = Main.all(null);
            line.parseArgs("drill", "run", "x", "--timeout", timeout, "--rate=1", "--repeat=1000", "--seed=-5");
            Object value = line.getSubcommands()
                    .get("drill")
                    .getSubcommands()
                    .get("run")
                    .getCommandSpec()
                    .findOption("--timeout")
                    .getValue();
            assertThat((Duration) value).isPositive();
        }
    }
}
