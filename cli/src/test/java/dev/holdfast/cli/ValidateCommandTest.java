package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as users and scripts meet it. */
@Tag("unit")
class ValidateCommandTest {

    private static final Path EXAMPLES = examples();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    private Path advised;

    private static Path examples() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(at.resolve("examples/swapskill"))) {
            at = at.getParent();
        }
        return at.resolve("examples");
    }

    @BeforeEach
    void an_estate_with_advice_to_give() throws IOException {
        advised = folder.resolve("topology.yaml");
        String text = Files.readString(EXAMPLES.resolve("replica-set/topology.yaml"));
        Files.writeString(advised, text.replaceAll("(?m)^ +backup:.*\\R", ""));
    }

    private int run(String... args) {
        return Main.run(Map.of(), false, new PrintWriter(out), new PrintWriter(err), args);
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(out.toString());
    }

    @Test
    void a_valid_estate_is_reported_in_one_line() {
        assertThat(run(
                        "validate",
                        "-f",
                        EXAMPLES.resolve("swapskill/topology.yaml").toString()))
                .isZero();
        assertThat(out).hasToString("Estate swapskill is valid: 2 clusters, 16 nodes on 6 hosts.\n");
        assertThat(err).hasToString("");
    }

    @Test
    void a_wrong_estate_ends_with_3_and_reports_everything_on_standard_output() {
        String file = EXAMPLES.resolve("broken/many-mistakes.yaml").toString();
        assertThat(run("validate", "-f", file)).isEqualTo(3);
        assertThat(out.toString())
                .contains(file + ":6:9: ERROR unknown key \"adress\" in \"a1\"\n    HINT: did you mean \"address\"?\n")
                .endsWith(file + ": 11 errors.\n");
        assertThat(err).hasToString("");
    }

    @Test
    void advice_ends_with_0_and_strictly_with_3() {
        assertThat(run("validate", "-f", advised.toString())).isZero();
        assertThat(out.toString())
                .contains("WARN notes declares no backup: a dropped table is dropped on all members [no-backup]")
                .endsWith("on 3 hosts. 1 warning.\n");
        assertThat(run("validate", "--strict", "-f", advised.toString())).isEqualTo(3);
    }

    @Test
    void json_has_stable_keys_problems_nodes_and_failures() throws IOException {
        assertThat(run("validate", "-o", "json", "-f", advised.toString())).isZero();
        JsonNode result = json();
        assertThat(result.path("schemaVersion").asInt()).isEqualTo(2);
        assertThat(result.path("kind").asText()).isEqualTo("validation");
        assertThat(result.path("valid").asBoolean()).isTrue();
        JsonNode problem = result.path("problems").get(0);
        assertThat(problem.path("severity").asText()).isEqualTo("WARN");
        assertThat(problem.path("line").asInt()).isEqualTo(13);
        assertThat(problem.path("hint").asText()).isNotEmpty();
        assertThat(problem.path("rule").asText()).isEqualTo("no-backup");
        assertThat(result.path("accepted")).isEmpty();
        assertThat(result.path("nodes").get(0).path("endpoint").asText()).isEqualTo("127.0.1.11:27017");
        assertThat(result.path("packages").get(0).toString())
                .isEqualTo("{\"host\":\"m1\",\"packages\":[\"mongodb-org-server\"]}");
        assertThat(result.path("failures").findValuesAsText("name"))
                .contains("host m1", "hosts m1 and m2", "region home");
        assertThat(result.path("failures").get(0).path("writes").asText()).isEqualTo("GO_ON");
    }

    @Test
    void json_of_a_wrong_estate_is_json_too() throws IOException {
        assertThat(run(
                        "validate",
                        "-o",
                        "json",
                        "-f",
                        folder.resolve("none.yaml").toString()))
                .isEqualTo(3);
        assertThat(json().path("valid").asBoolean(true)).isFalse();
        assertThat(json().path("problems").get(0).path("what").asText()).isEqualTo("there is no such file");
    }

    @Test
    void verbosely_each_failure_is_imagined() {
        assertThat(run(
                        "validate",
                        "-v",
                        "-f",
                        EXAMPLES.resolve("swapskill/topology.yaml").toString()))
                .isZero();
        assertThat(out.toString())
                .contains("social/shard-b/c1    127.0.1.5:27020")
                .containsPattern("host b2 +payments/servers +stop +safe +commits wait for a synchronous standby")
                .containsPattern("region eu-west +social/config +stop +lost +no majority: 0 of 3 voters left")
                .doesNotContainPattern("host c1 ");
    }

    @Test
    void the_schema_and_the_reference_need_no_file() throws IOException {
        assertThat(run("validate", "--json-schema")).isZero();
        assertThat(out).hasToString(Files.readString(EXAMPLES.resolve("topology.schema.json")));
        out.getBuffer().setLength(0);
        assertThat(run("validate", "--reference")).isZero();
        assertThat(out).hasToString(Files.readString(EXAMPLES.resolve("REFERENCE.md")));
    }

    private void accept(String until) throws IOException {
        Files.writeString(
                advised,
                Files.readString(advised)
                        + "accepted: [ { rule: no-backup, at: clusters.notes, owner: dba-team, until: " + until
                        + ", because: notes are copies } ]\n");
    }

    @Test
    void accepted_advice_is_counted_and_no_longer_strict() throws IOException {
        accept("2999-12-31");
        assertThat(run("validate", "--strict", "-f", advised.toString())).isZero();
        assertThat(out.toString())
                .isEqualTo("Estate notes is valid: 1 cluster, 3 nodes on 3 hosts. 1 accepted warning.\n");
        out.getBuffer().setLength(0);
        assertThat(run("validate", "-o", "json", "-f", advised.toString())).isZero();
        JsonNode accepted = json().path("accepted").get(0);
        assertThat(accepted.path("rule").asText()).isEqualTo("no-backup");
        assertThat(accepted.path("owner").asText()).isEqualTo("dba-team");
        assertThat(accepted.path("until").asText()).isEqualTo("2999-12-31");
        assertThat(json().path("problems")).isEmpty();
    }

    @Test
    void sarif_has_all_rules_and_a_result_with_its_place() throws IOException {
        assertThat(run("validate", "--sarif", "-f", advised.toString())).isZero();
        JsonNode log = json();
        assertThat(log.path("version").asText()).isEqualTo("2.1.0");
        JsonNode runOfHoldfast = log.path("runs").get(0);
        assertThat(runOfHoldfast.path("tool").path("driver").path("rules").findValuesAsText("id"))
                .contains("no-backup", "mongodb-superuser", "postgres-fsync-off", "topology");
        JsonNode result = runOfHoldfast.path("results").get(0);
        assertThat(result.path("ruleId").asText()).isEqualTo("no-backup");
        assertThat(result.path("level").asText()).isEqualTo("warning");
        JsonNode place = result.path("locations").get(0).path("physicalLocation");
        assertThat(place.path("artifactLocation").path("uri").asText()).endsWith("topology.yaml");
        assertThat(place.path("region").path("startLine").asInt()).isEqualTo(13);
        assertThat(result.has("suppressions")).isFalse();
    }

    @Test
    void sarif_suppresses_accepted_advice_and_reports_a_wrong_form_as_an_error() throws IOException {
        accept("2999-12-31");
        assertThat(run("validate", "--sarif", "-f", advised.toString())).isZero();
        JsonNode suppression = json().path("runs")
                .get(0)
                .path("results")
                .get(0)
                .path("suppressions")
                .get(0);
        assertThat(suppression.path("kind").asText()).isEqualTo("inSource");
        assertThat(suppression.path("justification").asText()).contains("dba-team", "2999-12-31", "notes are copies");
        out.getBuffer().setLength(0);
        String wrong = EXAMPLES.resolve("broken/many-mistakes.yaml").toString();
        assertThat(run("validate", "--sarif", "-f", wrong)).isEqualTo(3);
        JsonNode result = json().path("runs").get(0).path("results").get(0);
        assertThat(result.path("ruleId").asText()).isEqualTo("topology");
        assertThat(result.path("level").asText()).isEqualTo("error");
    }

    @Test
    void the_page_of_rules_needs_no_file() throws IOException {
        assertThat(run("validate", "--rules")).isZero();
        assertThat(out).hasToString(Files.readString(EXAMPLES.resolve("ADVICE.md")));
    }

    @Test
    void a_variable_of_the_command_line_is_filled_in() throws IOException {
        Files.writeString(advised, Files.readString(advised).replace("name: notes", "name: ${var:estate}"));
        assertThat(run("validate", "--var", "estate=shop", "-f", advised.toString()))
                .isZero();
        assertThat(out.toString()).contains("Estate shop is valid");
    }
}
