package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.holdfast.cli.view.OutputSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** What commands print with {@code -o json}, compared with the published schema. */
public final class OutputDocuments {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(OutputSchema.text());

    private OutputDocuments() {}

    /** Returns the documents of a text; there is none where a command ended with an error alone. */
    public static List<JsonNode> in(String text) {
        try (MappingIterator<JsonNode> documents =
                JSON.readerFor(JsonNode.class).readValues(text)) {
            return new ArrayList<>(documents.readAll());
        } catch (IOException notJson) {
            throw new UncheckedIOException(text, notJson);
        }
    }

    /** Every document agrees with the schema. */
    public static void mustAgree(String text) {
        for (JsonNode document : in(text)) {
            assertThat(SCHEMA.validate(document)).as(document.toString()).isEmpty();
        }
    }

    /** Every kind of document that the schema describes. */
    static List<String> kinds() throws IOException {
        List<String> kinds = new ArrayList<>();
        JSON.readTree(OutputSchema.text()).at("/properties/kind/enum").forEach(k -> kinds.add(k.asText()));
        return kinds;
    }

    /** Whether a document is refused. */
    static boolean isRefused(JsonNode document) {
        return !SCHEMA.validate(document).isEmpty();
    }
}
