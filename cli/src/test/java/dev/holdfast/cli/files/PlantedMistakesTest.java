package dev.holdfast.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The published examples with one mistake each, as people make it: exactly one rule finds it. */
@Tag("unit")
class PlantedMistakesTest {

    static Stream<String> mistakes() throws IOException {
        try (InputStream planted = PlantedMistakesTest.class.getResourceAsStream("/advice/planted.txt")) {
            return new String(planted.readAllBytes(), StandardCharsets.UTF_8)
                    .lines().filter(l -> !l.startsWith("#")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void one_rule_finds_the_mistake(String line) throws IOException {
        String[] parts = line.split(" \\| ", 4);
        String text = Files.readString(Written.EXAMPLES.resolve(parts[0] + "/topology.yaml"));
        assertThat(text).contains(parts[1]);
        Written estate = Written.text(text.replace(parts[1], parts[2].replace("~", "\n")));
        assertThat(estate.loaded().problems().stream().map(Problem::rule).distinct())
                .as(estate.description())
                .containsExactly(parts[3]);
    }

    @Test
    void there_are_many() throws IOException {
        List<String> rules = mistakes()
                .map(l -> l.substring(l.lastIndexOf('|') + 2))
                .distinct()
                .toList();
        assertThat(mistakes().count()).isGreaterThanOrEqualTo(60);
        assertThat(rules).hasSizeGreaterThanOrEqualTo(60);
    }
}
