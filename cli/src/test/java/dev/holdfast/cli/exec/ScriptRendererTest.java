package dev.holdfast.cli.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.cli.RealEstate;
import dev.holdfast.execution.ScramVerifier;
import dev.holdfast.execution.Script;
import dev.holdfast.model.SecretRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class ScriptRendererTest {

    private final ScriptRenderer words;

    ScriptRendererTest(@TempDir Path folder) {
        Map<String, SecretRef.Source> sources = Map.of("p", new SecretRef.Source.Env("P"));
        words = new ScriptRenderer(new SecretStore(folder, sources, Map.of("P", "it's \"secret\""), false));
    }

    @Test
    void identifiers_and_literals_of_sql_are_quoted_whatever_they_hold() {
        Script script = Script.of("postgres/test-role.sql")
                .with("role", "app\"; DROP ROLE postgres; --")
                .with("password", new SecretRef("p"));
        assertThat(words.sql(script))
                .isEqualTo("CREATE ROLE \"app\"\"; DROP ROLE postgres; --\" PASSWORD 'it''s \"secret\"';\n"
                        + "SELECT '10:20'::time, 'a'::text;\n");
    }

    @Test
    void a_password_is_sent_to_postgresql_as_its_scram_verifier() {
        Script script = Script.of("postgres/role-password.sql")
                .with("role", "app")
                .with("verifier", new ScramVerifier(new SecretRef("p")));
        String sql = words.sql(script);
        assertThat(sql)
                .containsPattern(
                        "PASSWORD 'SCRAM-SHA-256\\$4096:[A-Za-z0-9+/=]{24}\\$[A-Za-z0-9+/=]{44}:[A-Za-z0-9+/=]{44}'")
                .doesNotContain("secret");
        assertThat(script.values().get("verifier")).hasToString("<SCRAM verifier of <secret p>>");
        assertThat(words.shell(Script.of("postgres/restore-password.sh")
                        .with("directory", "/d")
                        .with("binaries", "")
                        .with("port", 5432)
                        .with("superuser", "postgres")
                        .with("role", "app")
                        .with("verifier", new ScramVerifier(new SecretRef("p")))))
                .contains("verifier='SCRAM-SHA-256$4096:")
                .doesNotContain("secret\"");
    }

    /** pgBackRest empties its spool directory in a restore. Its default belongs to another user and to all clusters of the host. */
    @Test
    void pgbackrest_writes_only_below_declared_directories() {
        String rendered = words.shell(Script.of("postgres/repository-configured.sh")
                .with("directory", "/d")
                .with("system", "1")
                .with(
                        "config",
                        Script.of("postgres/pgbackrest.conf")
                                .with("repository", "repo1-path=/r/1")
                                .with("days", "7")
                                .with("cipher", "")
                                .with("log", "/d/log")
                                .with("lock", "/r/lock")
                                .with("server", "")));
        assertThat(rendered).contains("log-path=/d/log", "lock-path=/r/lock", "spool-path=/r/lock/spool");
    }

    @Test
    void values_of_a_command_keep_their_types_and_order() {
        Script script = Script.of("mongodb/test-command.json")
                .with("user", "a\"b")
                .with("password", new SecretRef("p"))
                .with("roles", List.of(Map.of("role", "root")))
                .with("limit", 5);
        assertThat(words.json(script))
                .isEqualTo("{\"createUser\":\"a\\\"b\",\"pwd\":\"it's \\\"secret\\\"\","
                        + "\"roles\":[{\"role\":\"root\"}],\"limit\":5,\"$match\":\"$other\"}");
    }

    @Test
    void a_value_that_a_script_needs_and_does_not_get_is_a_fault_that_names_both() {
        assertThatThrownBy(() -> words.sql(Script.of("postgres/test-role.sql").with("role", "x")))
                .hasMessageContaining("test-role.sql")
                .hasMessageContaining("password");
    }

    @Test
    void shell_variables_have_names_that_cannot_be_anything_else() {
        assertThatThrownBy(() -> words.shell(Script.of("host/test-echo.sh").with("a;b", "x")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** A login starts in a home that the user of a server may not enter; HAProxy does not start there. */
    @Test
    void a_script_leaves_the_folder_in_which_it_is_started() throws IOException, InterruptedException {
        String script = words.shell(Script.of("host/greet.sh"));
        String preamble = script.substring(0, script.indexOf("# say WORDS"));
        Process shell = new ProcessBuilder("sh", "-c", preamble + "\npwd")
                .directory(RealEstate.repositoryFolder().toFile())
                .start();
        assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("/\n");
        assertThat(shell.waitFor()).isZero();
    }

    /** A word that is missing would be noticed only where its line is reached, on a host. */
    @Test
    void every_script_is_declared_with_the_words_that_it_uses() throws IOException {
        Path scripts = RealEstate.repositoryFolder().resolve("scripts");
        List<Path> all;
        try (Stream<Path> files = Files.walk(scripts, 2)) {
            all = files.filter(f -> f.toString().endsWith(".sh"))
                    .filter(f -> !f.toString().contains("bench.d"))
                    .toList();
        }
        Set<String> shared = new TreeSet<>();
        for (Path file : all) {
            if (List.of("preamble.sh", "processes.sh", "records.sh")
                    .contains(file.getFileName().toString())) {
                shared.addAll(defined(Files.readString(file)));
            }
        }
        assertThat(all).hasSizeGreaterThan(90);
        assertThat(shared).contains("alone", "record", "look_at", "reaped", "show_routes", "show_pooler");
        for (Path file : all) {
            String name = file.getParent().getFileName() + "/" + file.getFileName();
            Set<String> defined = defined(words.shell(Script.of(name)));
            assertThat(used(Files.readString(file), shared)).as(name).isSubsetOf(defined);
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
