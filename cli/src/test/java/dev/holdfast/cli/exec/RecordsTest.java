package dev.holdfast.cli.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.RealEstate;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code scripts/host/records.sh} prints any value so that Java reads the same value. */
@Tag("unit")
class RecordsTest {

    private record Value(String name, String text) {}

    private record Empty() {}

    private static final ScriptFormat FORMAT = new ScriptFormat("host/test.sh", Value.class, Empty.class);

    private static final List<String> VALUES = List.of(
            "",
            "plain",
            " blanks  stay ",
            "quote \" and 'another'",
            "back\\slash \\n \\\" \\",
            "tab\tand line\nend\n",
            "\n",
            "Grüße, 日本語, 🐘",
            "$HOME `id` $(id) * ? [a-z] ~ %s %d",
            "{\"t\":\"end\",\"records\":0}",
            "-n",
            "-e \\t",
            "control \u001b[31m \u0001 \r \u007f codes");

    private static String program(String rest) throws IOException {
        Path scripts = RealEstate.repositoryFolder().resolve("scripts/host");
        return Files.readString(scripts.resolve("preamble.sh"))
                + Files.readString(scripts.resolve("records.sh"))
                + rest;
    }

    /** Returns a value as it arrives: codes that a terminal would obey are replaced. */
    private static String arrived(String value) {
        return value.replaceAll("[\\u0001-\\u0008\\u000b-\\u001f\\u007f]", "\uFFFD");
    }

    private static void isRead(ScriptAnswer answer, List<Value> values) {
        assertThat(answer.isOk()).as(answer.sentence()).isTrue();
        assertThat(answer.all(Value.class)).isEqualTo(values);
    }

    @ParameterizedTest
    @EnumSource
    void hostile_values_of_the_shell_arrive(PosixShell shell) throws Exception {
        shell.assumed();
        String records = VALUES.stream()
                .map(v -> "record value name n text " + CommandRunner.quoted(v) + "\n")
                .collect(Collectors.joining());
        isRead(
                FORMAT.read(shell.run(program("begin_records host/test\n" + records + "end_records\n"))),
                VALUES.stream().map(v -> new Value("n", arrived(v))).toList());
    }

    @ParameterizedTest
    @EnumSource
    void hostile_values_of_awk_arrive_and_are_counted(PosixShell shell) throws Exception {
        shell.assumed();
        String records = VALUES.stream()
                .map(v -> "lines=$(V=" + CommandRunner.quoted(v)
                        + " awk \"$awk_records\"'BEGIN {record(\"value\", \"name\", \"n\", \"text\", ENVIRON[\"V\"])}')\n"
                        + "add_records \"$lines\"\n")
                .collect(Collectors.joining());
        String more = """
                add_records ''
                lines=$(awk "$awk_records"'BEGIN {record("empty"); record("empty")}')
                set -- a 'b c'
                add_records "$lines"
                [ "$#$1$2" = '2ab c' ] || fail "the arguments have changed"
                """;
        ScriptAnswer answer =
                FORMAT.read(shell.run(program("begin_records host/test\n" + records + more + "end_records\n")));
        isRead(answer, VALUES.stream().map(v -> new Value("n", arrived(v))).toList());
        assertThat(answer.all(Empty.class)).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void a_script_that_fails_or_stops_early_is_not_read(PosixShell shell) throws Exception {
        shell.assumed();
        String begin = "begin_records host/test\nrecord empty\n";
        assertThat(FORMAT.read(shell.run(program(begin + "exit 0\n"))).sentence())
                .isEqualTo("no answer: truncated output of host/test.sh: its end is missing");
        assertThat(FORMAT.read(shell.run(program(begin + "fail broken\n"))).sentence())
                .isEqualTo("refused (1): broken");
    }
}
