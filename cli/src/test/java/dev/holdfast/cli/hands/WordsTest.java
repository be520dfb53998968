package dev.holdfast.cli.hands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.cli.RealEstate;
import dev.holdfast.model.Secret;
import dev.holdfast.world.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordsTest {

    private final Words words;

    WordsTest(@TempDir Path folder) {
        Map<String, Secret.Source> sources = Map.of("p", new Secret.Source.Env("P"));
        words = new Words(new Secrets(folder, sources, Map.of("P", "it's \"secret\""), false));
    }

    @Test
    void identifiers_and_literals_of_sql_are_quoted_whatever_they_hold() {
        Script script = Script.of("postgres/test-role.sql")
                .with("role", "app\"; DROP ROLE postgres; --")
                .with("password", new Secret("p"));
        assertThat(words.sql(script))
                .isEqualTo("CREATE ROLE \"app\"\"; DROP ROLE postgres; --\" PASSWORD 'it''s \"secret\"';\n"
                        + "SELECT '10:20'::time, 'a'::text;\n");
    }

    @Test
    void values_of_a_command_keep_their_types_and_order() {
        Script script = Script.of("mongodb/test-command.json")
                .with("user", "a\"b")
                .with("password", new Secret("p"))
                .with("roles", List.of(Map.of("role", "root")))
                .with("limit", 5);
        assertThat(words.json(script))
                .isEqualTo("{\"createUser\":\"a\\\"b\",\"pwd\":\"it's \\\"secret\\\"\","
                        + "\"roles\":[{\"role\":\"root\"}],\"limit\":5,\"$match\":\"$other\"}");
    }

    @Test
    void a_value_that_a_script_wants_and_does_not_get_is_a_fault_that_names_both() {
        assertThatThrownBy(() -> words.sql(Script.of("postgres/test-role.sql").with("role", "x")))
                .hasMessageContaining("test-role.sql")
                .hasMessageContaining("password");
    }

    @Test
    void shell_variables_have_names_that_cannot_be_anything_else() {
        assertThatThrownBy(() -> words.shell(Script.of("host/test-echo.sh").with("a;b", "x")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** A word that is missing would be noticed only where its line is reached, on a host. */
    @Test
    void every_script_is_said_with_the_words_that_it_uses() throws IOException {
        Path scripts = RealEstate.repositoryFolder().resolve("scripts");
        List<Path> all;
        try (Stream<Path> files = Files.walk(scripts, 2)) {
            all = files.filter(f -> f.toString().endsWith(".sh"))
                    .filter(f -> !f.toString().contains("bench.d"))
                    .toList();
        }
        Set<String> shared = new TreeSet<>();
        for (Path file : all) {
            if (file.endsWith("preamble.sh")) {
                shared.addAll(defined(Files.readString(file)));
            }
        }
        assertThat(all).hasSizeGreaterThan(90);
        assertThat(shared).contains("alone", "reaped", "show_routes", "show_pooler");
        for (Path file : all) {
            String name = file.getParent().getFileName() + "/" + file.getFileName();
            Set<String> said = defined(words.shell(Script.of(name)));
            assertThat(used(Files.readString(file), shared)).as(name).isSubsetOf(said);
        }
    }

    private static Set<String> defined(String text) {
        return Pattern.compile("(?m)^([a-z_]+)\\(\\)")
                .matcher(text)
                .results()
                .map(m -> m.group(1))
                .collect(Collectors.toSet());
    }

    /** Those of the shared words that stand where a command does. */
    private static Set<String> used(String text, Set<String> shared) {
        String code = text.replaceAll("(?m)^\\s*#.*", "");
        return shared.stream()
                .filter(word -> Pattern.compile(
                                "(?m)(^|[;&|({!]|\\b(then|do|else|if|until|while)\\b) *" + word + "(?![-=\\w./)])")
                        .matcher(code)
                        .find())
                .collect(Collectors.toSet());
    }
}
