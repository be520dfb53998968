package dev.holdfast.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class TerminalWriterTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "\"plain text\", \"plain text\"",
                "\"\u001b[1m bold \u001b[21;39m\", \"\u001b[1m bold \u001b[21;39m\"",
                "\"\u001b[1A\u001b[2K\", \"\u001b[1A\u001b[2K\"",
                "\"\u001b]0;title\u0007\", \"\uFFFD]0;title\uFFFD\"",
                "\"\u001b[2J\u001b[H gone\", \"\uFFFD[2J\uFFFD[H gone\"",
                "\"a\u0000b\u0008c\u007fd\u009be\", \"a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\"",
                "\"left\u202eright\", \"left\uFFFDright\"",
                "\"done\rFAILED\", \"done\uFFFDFAILED\""
            })
    void only_colours_and_the_movements_of_progress_reach_the_terminal(String text, String shown) {
        StringWriter out = new StringWriter();
        TerminalWriter.around(new PrintWriter(out)).println(text);
        assertThat(out.toString()).isEqualTo(shown + System.lineSeparator());
    }
}
