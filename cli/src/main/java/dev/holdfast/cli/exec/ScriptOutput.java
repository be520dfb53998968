package dev.holdfast.cli.exec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.execution.ActionResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The output of a script, with the JSON of other programs in it parsed for {@code topology}, which has no library. A script
 * passes on such an object as the text of a record {@code document}.
 */
public final class ScriptOutput {

    private static final String DOCUMENT = "{\"t\":\"document\",\"json\":";

    /** Loaded by the first script that passes on a document. */
    private static final class Parser {
        static final ObjectMapper MAPPER = new ObjectMapper();
        static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
    }

    private ScriptOutput() {}

    /** Returns the result with one row for each document. */
    public static ActionResult parsed(ActionResult answer) {
        String text = answer.text();
        if (!answer.isOk() || !text.contains("\n" + DOCUMENT)) {
            return answer;
        }
        List<Map<String, Object>> rows = text.lines()
                .filter(l -> l.startsWith(DOCUMENT))
                .flatMap(l -> object(l).stream())
                .toList();
        return new ActionResult(answer.outcome(), answer.code(), text, rows);
    }

    /** Returns empty for what is no object: the decision that needs the object reports it as missing. */
    private static Optional<Map<String, Object>> object(String line) {
        try {
            String json = Parser.MAPPER.readTree(line).path("json").asText();
            return Optional.of(Parser.MAPPER.readValue(json, Parser.OBJECT));
        } catch (JsonProcessingException noObject) {
            return Optional.empty();
        }
    }
}
