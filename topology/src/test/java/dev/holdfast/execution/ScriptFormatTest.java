package dev.holdfast.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.world.FakeOutput;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The output of a script is read completely or not at all. */
@Tag("unit")
class ScriptFormatTest {

    private static final String SCRIPT = "host/test.sh";

    private enum State {
        UP,
        IN_SYNC
    }

    private record Node(String id, State state, int port, long rows, double age) {}

    private record WalEnd(String lsn) {}

    private static final ScriptFormat FORMAT = new ScriptFormat(SCRIPT, Node.class, WalEnd.class);

    private static FakeOutput output() {
        return new FakeOutput(SCRIPT)
                .record("node", "id", "a1", "state", "in-sync", "port", 5432, "rows", 1L << 40, "age", 1.5)
                .record("wal-end", "lsn", "0/1");
    }

    private static ScriptAnswer read(String text) {
        return FORMAT.read(ActionResult.ok(text));
    }

    private static ActionResult unreadable(String text) {
        ScriptAnswer answer = read(text);
        assertThat(answer.records()).isEmpty();
        assertThat(answer.isOk()).isFalse();
        return answer.result();
    }

    @Test
    void records_arrive_in_order_with_typed_fields() {
        ScriptAnswer answer = read(output().text());
        assertThat(answer.isOk()).isTrue();
        assertThat(answer.records())
                .containsExactly(new Node("a1", State.IN_SYNC, 5432, 1L << 40, 1.5), new WalEnd("0/1"));
        assertThat(answer.all(WalEnd.class)).containsExactly(new WalEnd("0/1"));
        assertThat(answer.first(Node.class, n -> n.port() == 1)).isEmpty();
    }

    @Test
    void text_that_a_login_prints_before_the_header_does_not_count() {
        assertThat(read("Welcome, \"dba\"\n" + output().text()).records()).hasSize(2);
        assertThat(read("no line end: " + output().text()).records()).hasSize(2);
    }

    @Test
    void an_answer_that_did_not_arrive_stays_what_it_was() {
        ActionResult silent = ActionResult.silent("no route to host");
        ActionResult refused = ActionResult.refused("1", "no such directory");
        assertThat(FORMAT.read(silent)).isEqualTo(new ScriptAnswer(silent, List.of()));
        assertThat(FORMAT.read(refused)).isEqualTo(new ScriptAnswer(refused, List.of()));
    }

    /** Wherever the output is cut off, nothing is read from it. */
    @Test
    void every_truncated_answer_counts_as_no_answer() {
        String whole = output().text().strip();
        for (int length = 0; length < whole.length(); length++) {
            ActionResult result = unreadable(whole.substring(0, length));
            assertThat(result.isSilent()).isTrue();
            assertThat(result.sentence()).startsWith("no answer: truncated output of host/test.sh: ");
        }
        assertThat(read(whole).isOk()).isTrue();
    }

    @Test
    void a_lost_record_counts_as_truncated() {
        String text = output().text().replaceFirst("(?m)^.*wal-end.*\n", "");
        assertThat(unreadable(text).text()).isEqualTo("truncated output of host/test.sh: 1 of 2 records");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "in-sync   | zombie   | node: state is \"zombie\", not up or in-sync",
                "in-sync   | IN_SYNC  | node: state is \"IN_SYNC\", not up or in-sync",
                "\"5432\"  | \"x\"    | node: port is \"x\", not a number",
                "\"5432\"  | \"\"     | node: port is \"\", not a number",
                "1.5       | NaN      | node: age is \"NaN\", not a number",
                "\"port\"  | \"prt\"  | node lacks the field port",
                "\"wal-end\" | \"wal-start\" | unknown type \"wal-start\"",
                "\"lsn\":  | \"lsn\"  | no : at character"
            })
    void an_unknown_word_a_missing_field_and_broken_json_are_problems(String was, String now, String why) {
        assertThat(output().text()).contains(was);
        ActionResult result = unreadable(output().text().replace(was, now));
        assertThat(result.isSilent()).isTrue();
        assertThat(result.text())
                .startsWith("unreadable output of host/test.sh, record ")
                .contains(why);
    }

    @Test
    void a_missing_field_is_never_an_empty_one() {
        String text = output().text().replace(",\"port\":\"5432\"", "");
        assertThat(unreadable(text).text())
                .isEqualTo("unreadable output of host/test.sh, record 1: node lacks the field port");
        assertThat(unreadable(new FakeOutput(SCRIPT).record("wal-end").text()).text())
                .endsWith("wal-end lacks the field lsn");
        assertThat(unreadable(new FakeOutput(SCRIPT)
                                .record("wal-end", "lsn", "1", "lsn", "2")
                                .text())
                        .text())
                .endsWith("lsn occurs twice");
        assertThat(unreadable(new FakeOutput(SCRIPT)
                                .record("wal-end", "lsn", "1", "more", "2")
                                .text())
                        .text())
                .endsWith("wal-end has an unknown field more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"t\":\"wal-end\",\"lsn\":\"1\"}", "x", "{\"t\":\"end\",\"records\":2}"})
    void nothing_follows_the_end(String line) {
        assertThat(unreadable(output().text() + line + "\n").isSilent()).isTrue();
    }

    @Test
    void the_output_of_another_script_is_no_answer() {
        assertThat(unreadable(new FakeOutput("host/look.sh").text()).text())
                .isEqualTo("truncated output of host/test.sh: its header is missing");
    }

    @Test
    void escapes_are_read_and_control_codes_never_reach_a_terminal() {
        String text = output().text().replace("0/1", "q\\\" b\\\\ t\\t n\\n é \\u00e9 \\ufffd \\u001b \\u009b \\u202e");
        assertThat(read(text).all(WalEnd.class))
                .containsExactly(new WalEnd("q\" b\\ t\t n\n é é \uFFFD \uFFFD \uFFFD \uFFFD"));
        assertThat(unreadable(output().text().replace("0/1", "\\x")).text()).contains("an unknown escape");
        assertThat(unreadable(output().text().replace("0/1", "\\u00g0")).text()).contains("an unknown escape");
        assertThat(unreadable(output().text().replace("0/1", "a\tb")).text()).contains("a control code");
    }

    @Test
    void a_format_names_each_type_once() {
        assertThatThrownBy(() -> new ScriptFormat(SCRIPT, Node.class, Node.class))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
