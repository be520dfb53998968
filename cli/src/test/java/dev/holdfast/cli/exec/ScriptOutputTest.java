package dev.holdfast.cli.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.execution.ActionResult;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ScriptOutputTest {

    private static String document(String json) {
        return "{\"t\":\"document\",\"json\":\"" + json.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}\n";
    }

    @Test
    void each_document_becomes_a_row_and_the_text_stays() {
        String text = "{\"t\":\"disk\",\"free\":\"12\"}\n"
                + document("{\"a\":[1,{\"b\":null}],\"c\":\"\u00e9 \\\"x\\\"\"}")
                + "{\"d\":1}\n"
                + document("{broken")
                + document("{\"e\":5000000000}");
        ActionResult parsed = ScriptOutput.parsed(ActionResult.ok(text));
        assertThat(parsed.text()).isEqualTo(text);
        assertThat(parsed.rows()).hasSize(2);
        assertThat(parsed.row()).containsEntry("c", "\u00e9 \"x\"");
        assertThat(((List<?>) parsed.row().get("a")).get(0)).isEqualTo(1);
        assertThat(parsed.rows().get(1)).isEqualTo(Map.of("e", 5_000_000_000L));
    }

    @Test
    void an_answer_without_documents_and_a_refusal_stay_as_they_are() {
        ActionResult plain = ActionResult.ok("free\t12\n{\"a\":1}\n");
        ActionResult refused = ActionResult.refused("1", "x\n" + document("{\"a\":1}"));
        assertThat(ScriptOutput.parsed(plain)).isSameAs(plain);
        assertThat(ScriptOutput.parsed(refused)).isSameAs(refused);
    }
}
