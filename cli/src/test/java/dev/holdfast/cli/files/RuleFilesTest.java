package dev.holdfast.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.holdfast.BuiltIns;
import dev.holdfast.cli.advice.AdvicePage;
import dev.holdfast.cli.advice.RuleFile;
import dev.holdfast.lint.LintRule;
import dev.holdfast.model.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule has a file with an estate that has one mistake, which that rule alone finds, and one without a mistake. */
@Tag("unit")
class RuleFilesTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    static Stream<String> rules() {
        return BuiltIns.rules().stream().map(LintRule::id);
    }

    private static JsonNode base(String name) throws IOException {
        try (InputStream base = RuleFilesTest.class.getResourceAsStream("/advice/" + name + ".yaml")) {
            return YAML.readTree(base);
        }
    }

    /** Changes a tree by RFC 7396: null removes a key, maps are merged, and everything else is replaced. */
    private static JsonNode merged(JsonNode target, JsonNode patch) {
        if (!patch.isObject()) {
            return patch;
        }
        ObjectNode result = target != null && target.isObject() ? target.deepCopy() : YAML.createObjectNode();
        patch.properties().forEach(f -> {
            if (f.getValue().isNull()) {
                result.remove(f.getKey());
            } else {
                result.set(f.getKey(), merged(result.get(f.getKey()), f.getValue()));
            }
        });
        return result;
    }

    private static Written changed(RuleFile rule, JsonNode change) throws IOException {
        return Written.text(YAML.writeValueAsString(merged(base(rule.base()), change)));
    }

    private static List<String> found(Written estate) {
        return estate.loaded().problems().stream()
                .map(p -> p.rule().isEmpty() ? p.what() : p.rule())
                .distinct()
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mongodb", "sharded", "postgresql"})
    void an_estate_without_a_mistake_has_no_finding(String name) throws IOException {
        Written estate = Written.text(YAML.writeValueAsString(base(name)));
        assertThat(estate.description()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void a_rule_alone_finds_its_mistake(String id) throws IOException {
        RuleFile rule = RuleFile.of(id);
        Written estate = changed(rule, rule.fails());
        assertThat(found(estate)).as(estate.description()).containsExactly(id);
        assertThat(estate.loaded().problems())
                .allSatisfy(p -> assertThat(p.severity()).isEqualTo(rule.severity()))
                .allSatisfy(p -> assertThat(p.hint()).isNotEmpty());
        boolean isError = rule.severity() == Problem.Severity.ERROR;
        assertThat(estate.loaded().topology().isEmpty()).isEqualTo(isError);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void a_rule_is_silent_without_its_mistake(String id) throws IOException {
        RuleFile rule = RuleFile.of(id);
        assertThat(changed(rule, rule.passes()).description()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void a_file_says_what_people_need_to_know(String id) {
        RuleFile rule = RuleFile.of(id);
        assertThat(rule.id()).isEqualTo(id);
        assertThat(List.of(rule.title(), rule.reason(), rule.source(), rule.hint()))
                .allSatisfy(t -> assertThat(t).hasSizeGreaterThan(5));
        assertThat(List.of(rule.reason(), rule.hint()))
                .allSatisfy(t -> assertThat(t).endsWith("."));
        for (String sentence : (rule.title() + ". " + rule.reason() + " " + rule.hint()).split("\\. ")) {
            assertThat(sentence.split(" ")).as(sentence).hasSizeLessThanOrEqualTo(25);
        }
    }

    @Test
    void ids_are_unique_and_each_file_belongs_to_a_rule() throws IOException {
        List<String> ids = rules().toList();
        assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThan(150);
        assertThat(ids.stream().filter(i -> i.startsWith("mongodb-"))).hasSizeGreaterThanOrEqualTo(60);
        assertThat(ids.stream().filter(i -> i.startsWith("postgres-"))).hasSizeGreaterThanOrEqualTo(40);
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/advice"))) {
            assertThat(files.map(f -> f.getFileName().toString().replace(".yaml", "")))
                    .containsExactlyInAnyOrderElementsOf(ids);
        }
    }

    @Test
    void the_published_page_is_what_validate_prints() throws IOException {
        String printed = AdvicePage.of(rules().map(RuleFile::of).toList());
        Path page = Written.EXAMPLES.resolve("ADVICE.md");
        if (System.getenv("HOLDFAST_REWRITE") != null) {
            Files.writeString(page, printed);
        }
        assertThat(Files.readString(page)).isEqualTo(printed);
    }
}
