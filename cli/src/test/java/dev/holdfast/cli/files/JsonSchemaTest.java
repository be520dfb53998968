package dev.holdfast.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.holdfast.BuiltIns;
import dev.holdfast.cli.view.ResultData;
import dev.holdfast.config.EstateSchema;
import dev.holdfast.config.JsonSchemaExport;
import dev.holdfast.config.ReferencePage;
import dev.holdfast.config.TopologyReader;
import dev.holdfast.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The JSON Schema for editors accepts exactly what Holdfast itself accepts. */
@Tag("unit")
class JsonSchemaTest {

    private static final Schema SCHEMA = schema();

    private static Schema schema() {
        JsonNode schema = new ObjectMapper()
                .valueToTree(JsonSchemaExport.of(EstateSchema.of(BuiltIns.engines()), "Holdfast topology"));
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema);
    }

    /** What the JSON Schema holds against a text; nothing when the text is not one YAML document. */
    static List<Error> errors(String yaml) {
        try {
            return SCHEMA.validate(new YAMLMapper().readTree(yaml));
        } catch (IOException notYaml) {
            return List.of();
        }
    }

    /** What Holdfast holds against the form of a text, without keys written twice and unknown hosts. */
    static List<Problem> form(String yaml) {
        List<Problem> found = new ArrayList<>();
        YamlParser.read("t", yaml, new VariableSubstitution(Map.of(), Map.of()), found)
                .ifPresent(t -> found.addAll(new TopologyReader(BuiltIns.engines(), (n, reach) -> "/" + n).form(t)));
        found.removeIf(p -> p.what().contains("written twice") || p.what().startsWith("no host has the name"));
        return found;
    }

    @Test
    void the_published_schema_is_what_validate_prints() throws IOException {
        published(
                "topology.schema.json",
                ResultData.json(JsonSchemaExport.of(EstateSchema.of(BuiltIns.engines()), "Holdfast topology")));
    }

    @Test
    void the_published_reference_is_what_validate_prints() throws IOException {
        published("REFERENCE.md", ReferencePage.of(EstateSchema.of(BuiltIns.engines())));
    }

    private static void published(String file, String printed) throws IOException {
        Path path = Written.EXAMPLES.resolve(file);
        if (System.getenv("HOLDFAST_REWRITE") != null) {
            Files.writeString(path, printed);
        }
        assertThat(Files.readString(path)).isEqualTo(printed);
    }

    @ParameterizedTest
    @MethodSource("dev.holdfast.cli.files.ExamplesTest#estates")
    void the_schema_accepts_every_example(String folder) throws IOException {
        String text = Files.readString(Written.EXAMPLES.resolve(folder).resolve("topology.yaml"));
        assertThat(errors(text)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.holdfast.cli.files.ExamplesTest#broken")
    void the_schema_and_holdfast_agree_on_the_form_of_every_broken_example(String file) throws IOException {
        byte[] bytes = Files.readAllBytes(Written.EXAMPLES.resolve("broken").resolve(file));
        String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
        if (List.of(
                        "anchors-and-merges.yaml",
                        "two-documents.yaml",
                        "not-filled-in.yaml",
                        "not-utf8.yaml",
                        "control-character.yaml")
                .contains(file)) {
            return; // what is wrong with these, a schema cannot see
        }
        boolean readable = form(text).stream()
                .noneMatch(p -> p.what().contains("not YAML")
                        || p.what().contains("is empty") && text.lines().count() == 1);
        if (readable) {
            assertThat(errors(text).isEmpty())
                    .as("schema: %s%nform: %s", errors(text), form(text))
                    .isEqualTo(form(text).isEmpty());
        }
    }
}
