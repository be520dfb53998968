package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Every document that a command prints with -o json, of real servers of both engines, against its published schema. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("real")
class RealOutputTest {

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: output-test
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
              b1: { address: 127.0.1.2, zone: b, region: r, reach: local }
              c1: { address: 127.0.1.3, zone: c, region: r, reach: local }
            clusters:
              social:
                engine: mongodb
                replicaSet: [ a1, b1, c1 ]
                electionTimeout: 2s
                heartbeat: 400ms
                settings: { storage.wiredTiger.engineConfig.cacheSizeGB: 0.25 }
                backup: { base: daily, oplogEvery: 60s, repository: /var/lib/holdfast/backup/social }
                schema: schema/shop.yaml
              payments:
                engine: postgresql
                objectives: { rpo: 0s, rto: 2m }
                durability: available
                primary: a1
                standbys: { b1: sync }
                proxy: [ a1, b1 ]
                settings: { shared_buffers: 16MB, max_wal_size: 256MB }
                backup: { full: weekly, repository: /var/lib/holdfast/backup/payments, encryption: generated }
                schema: schema/shop.yaml
            """;

    private static final String SHOP = """
            apiVersion: holdfast.dev/v1
            domain: shop
            entities:
              visit:
                key: id
                fields: { id: uuid, note: "text(80)?", at: instant }
                indexes:
                  - { on: at, kind: ttl, after: 30d }
            """;

    private final Map<String, List<JsonNode>> documents = new TreeMap<>();
    private RealEstate estate;
    private Process archiver;

    @BeforeAll
    void every_command_is_run_on_real_servers() throws Exception {
        estate = RealEstate.ofText(TOPOLOGY);
        Files.createDirectories(estate.folder().resolve("schema"));
        Files.writeString(estate.folder().resolve("schema/shop.yaml"), SHOP);
        assertPrinted(0, "validate");
        assertPrinted(null, "preflight");
        assertPrinted(0, "plan");
        assertPrinted(0, "apply", "--yes");
        assertPrinted(0, "maintenance", "on", "payments", "--reason", "test", "--yes");
        estate.whenHealthy();
        assertPrinted(0, "status");
        assertPrinted(0, "maintenance", "off", "payments", "--yes");
        theSchema();
        theRoles();
        theBackups();
        whatNeedsNoTopology();
        theDrills();
        assertPrinted(0, "runbook");
        assertPrinted(0, "runbook", "--out", estate.folder().resolve("runbooks").toString());
        assertPrinted(
                0, "monitoring", "--out", estate.folder().resolve("monitoring").toString());
        aFailover();
    }

    private void theSchema() throws IOException {
        assertPrinted(0, "schema", "plan");
        assertPrinted(0, "schema", "apply", "--yes");
        assertPrinted(0, "schema", "purge", "--yes");
        assertPrinted(0, "schema", "diagram");
        assertPrinted(0, "schema", "export", "payments");
        assertPrinted(
                0,
                "schema",
                "export",
                "social",
                "--out",
                estate.folder().resolve("social.js").toString());
    }

    private void theRoles() {
        for (String cluster : List.of("social", "payments")) {
            assertPrinted(0, "switchover", cluster, "--dry-run");
            assertPrinted(0, "switchover", cluster, "--yes");
            assertPrinted(null, "failover", cluster, "--dry-run");
            assertPrinted(
                    null, "rejoin", cluster + (cluster.equals("social") ? "/social/a1" : "/servers/a1"), "--dry-run");
            estate.whenHealthy();
        }
        assertPrinted(0, "upgrade", "social");
        assertPrinted(0, "upgrade", "social", "--finish", "--yes");
    }

    private void theBackups() throws IOException {
        assertPrinted(0, "backup", "run", "--yes");
        archiver = estate.start("backup", "archive"); // it begins where the backup ended
        assertPrinted(null, "backup", "list");
        assertPrinted(null, "backup", "verify");
        assertPrinted(0, "backup", "escrow");
        assertPrinted(0, "restore", "payments", "--to", "latest", "--dry-run");
        assertPrinted(null, "restore", "output-test", "--to", "latest", "--dry-run");
        assertPrinted(0, "restore", "payments", "--to", "latest", "--label", "output", "--yes");
        assertPrinted(0, "restore", "payments", "--discard", "--label", "output", "--yes");
        assertPrinted(0, "restore", "payments", "--undo", "--yes");
        assertPrinted(0, "restore", "social", "--undo", "--yes");
    }

    private void whatNeedsNoTopology() {
        for (String command : List.of("version", "explain")) {
            StringWriter out = new StringWriter();
            PrintWriter err = new PrintWriter(new StringWriter());
            assertThat(Main.run(Map.of(), false, new PrintWriter(out), err, new String[] {command, "-o", "json"}))
                    .isZero();
            OutputDocuments.mustAgree(out.toString());
            documents.put(command, OutputDocuments.in(out.toString()));
        }
    }

    private void theDrills() {
        assertPrinted(0, "drill", "list");
        assertPrinted(0, "drill", "show", "pg-switchover");
        assertPrinted(0, "drill", "show", "mongo-stepdown");
        assertPrinted(null, "drill", "run", "pg-switchover", "--yes", "--rate", "20", "--repeat", "2");
        assertPrinted(null, "drill", "run", "mongo-stepdown", "--yes", "--rate", "20");
        assertPrinted(0, "drill", "history");
        assertPrinted(0, "drill", "cleanup", "--yes");
        String folder = documents.get("drill").get(0).path("folder").asText();
        assertPrinted(null, "report", folder + "/ledger.jsonl");
    }

    private void aFailover() {
        estate.whenHealthy();
        JsonNode nodes = estate.run("status", "-o", "json").json().at("/clusters/1/nodes");
        String primary = "";
        for (JsonNode node : nodes) {
            primary = node.path("role").asText().equals("primary")
                    ? node.path("node").asText()
                    : primary;
        }
        String host = primary.substring(primary.lastIndexOf('/') + 1);
        estate.kill("/" + host + "/payments/servers");
        assertPrinted(null, "status");
        assertPrinted(null, "failover", "payments", "--yes");
        assertPrinted(null, "rejoin", primary, "--dry-run");
        assertPrinted(null, "rejoin", primary, "--yes");
        assertPrinted(null, "plan");
        assertPrinted(0, "destroy", "--yes");
    }

    /** @param exit null where more than one is right */
    private void assertPrinted(Integer exit, String... line) {
        List<String> words = new ArrayList<>(List.of(line));
        words.addAll(List.of("-o", "json"));
        Ended ended = estate.run(words.toArray(String[]::new));
        if (exit != null) {
            assertThat(ended.exit()).as(words + ": " + ended).isEqualTo(exit);
        }
        OutputDocuments.in(ended.out())
                .forEach(d -> documents
                        .computeIfAbsent(d.path("kind").asText(), k -> new ArrayList<>())
                        .add(d));
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        if (archiver != null) {
            archiver.destroyForcibly();
        }
        estate.close();
    }

    @Test
    void the_schema_describes_the_kinds_that_commands_print_and_no_other() throws IOException {
        assertThat(documents.keySet()).containsExactlyInAnyOrderElementsOf(OutputDocuments.kinds());
    }

    @Test
    void a_drill_records_the_roles_and_the_versions_of_what_ran() throws IOException {
        JsonNode drill = documents.get("drill").get(0);
        assertThat(drill.at("/holdfast/version").asText()).isNotEmpty();
        assertThat(drill.path("nodes").findValuesAsText("node")).contains("payments/servers/a1", "payments/proxies/b1");
        for (JsonNode node : drill.path("nodes")) {
            if (node.path("program").asText().equals("postgres")) {
                assertThat(List.of(
                                node.path("role_before").asText(),
                                node.path("role_after").asText()))
                        .as(node.toString())
                        .allMatch(r -> r.equals("primary") || r.equals("standby"));
                assertThat(node.path("version").asText()).matches("[0-9]+[.][0-9]+");
                assertThat(node.path("version_after").asText())
                        .isEqualTo(node.path("version").asText());
            }
        }
        assertThat(drill.path("hosts").findValuesAsText("host")).containsExactly("a1", "b1");
        assertThat(drill.path("hosts").findValuesAsText("kernel"))
                .containsOnly(
                        Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip());
        String page = Files.readString(Path.of(drill.path("folder").asText(), "report.html"));
        assertThat(page).contains("<h2>Topology and versions</h2>", "<h3>payments/servers</h3>");
    }

    @Test
    void the_schema_refuses_a_document_with_a_key_too_many_or_too_few_or_of_another_type() {
        documents.values().stream().flatMap(List::stream).forEach(document -> {
            ObjectNode more = document.deepCopy();
            more.put("state", "streaming");
            assertThat(OutputDocuments.isRefused(more))
                    .as("one key more: " + document)
                    .isTrue();
            document.fieldNames().forEachRemaining(key -> {
                ObjectNode other = document.deepCopy();
                other.set(key, other.path(key).isArray() ? other.objectNode() : other.arrayNode());
                assertThat(OutputDocuments.isRefused(other))
                        .as(key + " of another type: " + document)
                        .isTrue();
                ObjectNode less = document.deepCopy();
                less.remove(key);
                boolean isOptional =
                        key.equals("folder") && document.path("kind").asText().equals("drill");
                assertThat(OutputDocuments.isRefused(less))
                        .as("without " + key + ": " + document)
                        .isEqualTo(!isOptional);
            });
        });
    }

    /** A fact of the engine has a key of its own: state streaming of a standby does not hide that it is UP. */
    @Test
    void a_fact_never_overwrites_the_state_of_a_node_or_the_kind_of_a_backup() {
        for (JsonNode status : documents.get("status")) {
            for (JsonNode node : status.findParents("endpoint")) {
                assertThat(node.path("state").asText()).isIn("UP", "DOWN", "SILENT");
                assertThat(node.path("facts").isObject()).isTrue();
            }
        }
        List<JsonNode> standbys = documents.get("status").get(0).findParents("role").stream()
                .filter(n -> n.at("/facts/state").isTextual())
                .toList();
        assertThat(standbys).as("nodes with a fact of the name state").isNotEmpty();
        for (JsonNode held : documents.get("backup list").get(0).path("clusters")) {
            assertThat((ArrayNode) held.path("backups")).isNotEmpty();
            held.path("backups")
                    .forEach(b -> assertThat(b.path("facts").isEmpty()).isFalse());
        }
    }
}
