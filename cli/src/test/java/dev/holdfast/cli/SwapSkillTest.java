package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** The reference estate, whole, on real servers: built from nothing, looked at, changed by hand, mended. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("real")
class SwapSkillTest {

    private RealEstate estate;
    private Process archiver;

    @BeforeAll
    void empty_hosts() throws IOException {
        estate = RealEstate.of("swapskill");
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        if (archiver != null) {
            archiver.destroyForcibly();
        }
        estate.close();
    }

    @Test
    @Order(1)
    void the_plan_of_empty_hosts_prints_all_steps_and_changes_nothing() {
        RealEstate.Ended plan = estate.run("plan", "--detailed-exitcode");
        assertThat(plan.exit()).as(plan.toString()).isEqualTo(2);
        assertThat(plan.out()).contains("social", "payments", "because");
        assertThat(estate.run("plan").out()).as("same observation, same plan").isEqualTo(plan.out());
        assertThat(estate.folder().resolve("d")).doesNotExist();
        assertThat(estate.folder().resolve("home")).doesNotExist();
    }

    @Test
    @Order(2)
    void apply_builds_it_from_nothing_and_it_is_healthy() throws IOException {
        RealEstate.Ended apply = estate.run("apply", "--yes");
        assertThat(apply.exit()).as(apply.toString()).isZero();
        estate.whenHealthy();
        RealEstate.Ended backup = estate.run("backup", "run", "--yes");
        assertThat(backup.exit()).as(backup.toString()).isZero();
        archiver = estate.start("backup", "archive"); // it begins where the backup ended
        RealEstate.Ended status = estate.whenHealthy();
        assertThat(status.exit()).as(status.toString()).isZero();
        assertThat(status.json().path("healthy").asBoolean()).as(status.out()).isTrue();
    }

    @Test
    @Order(3)
    void a_second_plan_is_empty_and_a_second_apply_sends_no_change() throws IOException {
        estate.settled();
        String before = configVersions();
        RealEstate.Ended apply = estate.run("apply", "--yes");
        assertThat(apply.exit()).as(apply.toString()).isZero();
        assertThat(estate.changes()).isZero();
        assertThat(configVersions()).isEqualTo(before);
    }

    @Test
    @Order(4)
    void no_login_without_a_password() {
        for (JsonNode node : nodes()) {
            String id = node.path("node").asText();
            if (id.startsWith("social/")) {
                try (MongoClient client = MongoClients.create("mongodb://"
                        + node.path("endpoint").asText() + "/?directConnection=true&serverSelectionTimeoutMS=3000")) {
                    assertThat(refusedCode(client, new Document("listDatabases", 1)))
                            .as(id)
                            .isEqualTo(13);
                }
            }
        }
    }

    @Test
    @Order(5)
    void the_endpoints_work_and_the_shards_and_standbys_are_as_drawn() throws Exception {
        try (MongoClient client = MongoClients.create("mongodb://holdfast:" + secret("social.admin") + "@"
                + estate.address(1) + ":27017," + estate.address(3) + ":27017/?authSource=admin")) {
            List<?> shards = client.getDatabase("admin")
                    .runCommand(new Document("listShards", 1))
                    .getList("shards", Object.class);
            assertThat(shards).hasSize(2);
            client.getDatabase("swapskill").getCollection("hello").insertOne(new Document("a", 1));
        }
        try (Connection writes = payments(estate.address(1), 5000);
                Statement statement = writes.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT sync_state FROM pg_stat_replication ORDER BY sync_state")) {
            List<String> states = new ArrayList<>();
            while (rows.next()) {
                states.add(rows.getString(1));
            }
            assertThat(states).containsExactly("async", "sync");
        }
    }

    @Test
    @Order(6)
    void exactly_what_was_changed_manually_is_planned_and_repaired() throws Exception {
        MongoClient primary = primaryOf("shard-a");
        Document config = primary.getDatabase("admin")
                .runCommand(new Document("replSetGetConfig", 1))
                .get("config", Document.class);
        Document member = config.getList("members", Document.class).get(2);
        member.put("priority", 0.5);
        config.put("version", config.getInteger("version") + 1);
        primary.getDatabase("admin").runCommand(new Document("replSetReconfig", config));
        primary.close();
        try (Connection admin = payments(estate.address(1), 5000);
                Statement statement = admin.createStatement()) {
            statement.execute("ALTER SYSTEM SET max_wal_size = '300MB'");
            statement.execute("SELECT pg_reload_conf()");
            String slot;
            try (ResultSet slots = statement.executeQuery(
                    "SELECT slot_name, active_pid FROM pg_replication_slots WHERE active ORDER BY 1 DESC LIMIT 1")) {
                slots.next();
                slot = slots.getString(1);
                statement.execute("SELECT 1");
            }
            dropSlot(statement, slot);
        }
        RealEstate.Ended plan = estate.run("plan", "--detailed-exitcode", "-o", "json");
        assertThat(plan.exit()).as(plan.toString()).isEqualTo(2);
        List<String> because = StreamSupport.stream(plan.json().path("stages").spliterator(), false)
                .flatMap(a -> StreamSupport.stream(a.path("steps").spliterator(), false))
                .map(s -> s.path("because").asText())
                .toList();
        assertThat(because).as(plan.out()).hasSize(3);
        assertThat(because).anyMatch(b -> b.contains("priority"));
        assertThat(because).anyMatch(b -> b.contains("max_wal_size"));
        assertThat(because).anyMatch(b -> b.contains("slot"));
        RealEstate.Ended apply = estate.run("apply", "--yes");
        assertThat(apply.exit()).as(apply.toString()).isZero();
        estate.settled();
    }

    @Test
    @Order(7)
    void a_saved_plan_is_refused_when_reality_has_moved() throws Exception {
        Path plan = estate.folder().resolve("plan.json");
        assertThat(estate.run("plan", "--out", plan.toString()).exit()).isZero();
        try (Connection admin = payments(estate.address(1), 5000);
                Statement statement = admin.createStatement()) {
            statement.execute("ALTER SYSTEM SET max_wal_size = '310MB'");
            statement.execute("SELECT pg_reload_conf()");
        }
        RealEstate.Ended refused = estate.run("apply", plan.toString());
        assertThat(refused.exit()).as(refused.toString()).isEqualTo(4);
        assertThat(refused.err()).contains("out of date").contains("max_wal_size");
        assertThat(estate.changes()).isZero();
        assertThat(estate.run("plan", "--out", plan.toString()).exit()).isZero();
        RealEstate.Ended applied = estate.run("apply", plan.toString());
        assertThat(applied.exit()).as(applied.toString()).isZero();
    }

    @Test
    @Order(8)
    void a_second_run_reports_who_holds_the_lock() throws Exception {
        RealEstate.Ended second;
        int rounds = 0;
        do { // on a fast machine the first run can end before the second one has started
            estate.servers("/c1").stream()
                    .filter(p -> p.info().command().orElse("").contains("mongo"))
                    .forEach(ProcessHandle::destroyForcibly);
            Process first = estate.start("apply", "--yes");
            Path owner = estate.folder().resolve("d/.lock.owner");
            try {
                Patience.until("the first run holds the lock", () -> Files.exists(owner));
                second = estate.run("apply", "--yes");
                if (second.exit() == 8) {
                    assertThat(second.err()).contains("pid " + first.pid()).contains("since");
                }
            } finally {
                assertThat(first.waitFor()).isZero();
            }
        } while (second.exit() == 0 && ++rounds < 5);
        assertThat(second.exit()).as(second.toString()).isEqualTo(8);
    }

    @Test
    @Order(9)
    void no_secret_is_in_a_ledger_a_plan_or_a_command_line() throws IOException {
        List<String> secrets = new ArrayList<>();
        try (Stream<Path> files = Files.list(estate.folder().resolve("home/swapskill/secrets"))) {
            for (Path file : files.toList()) {
                secrets.add(Files.readString(file));
                assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
            }
        }
        assertThat(secrets).hasSizeGreaterThan(4);
        List<String> texts = new ArrayList<>();
        try (Stream<Path> files = LiveFolder.walk(estate.folder().resolve("home/swapskill/runs"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.add(Files.readString(file));
            }
        }
        texts.add(estate.run("plan", "-o", "json").out());
        texts.add(estate.run("status", "-o", "json").out());
        for (ProcessHandle server : estate.servers("")) {
            texts.add(Files.readString(Path.of("/proc/" + server.pid() + "/cmdline")));
        }
        for (String secret : secrets) {
            assertThat(texts).noneMatch(t -> t.contains(secret));
        }
    }

    private void dropSlot(Statement statement, String slot) throws SQLException, InterruptedException {
        for (int attempt = 0; attempt < 200; attempt++) {
            try {
                statement.execute(
                        "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '" + slot
                                + "' AND active");
                statement.execute("SELECT pg_drop_replication_slot('" + slot + "')");
                return;
            } catch (SQLException active) {
                if (!"55006".equals(active.getSQLState())) {
                    throw active;
                }
            }
        }
        throw new AssertionError("slot " + slot + " stayed active");
    }

    private List<JsonNode> nodes() {
        return StreamSupport.stream(
                        estate.run("status", "-o", "json")
                                .json()
                                .path("clusters")
                                .spliterator(),
                        false)
                .flatMap(c -> StreamSupport.stream(c.path("nodes").spliterator(), false))
                .toList();
    }

    private MongoClient primaryOf(String set) throws IOException {
        String endpoint = nodes().stream()
                .filter(n -> n.path("node").asText().startsWith("social/" + set + "/")
                        && n.path("role").asText().equals("primary"))
                .map(n -> n.path("endpoint").asText())
                .findFirst()
                .orElseThrow();
        return MongoClients.create("mongodb://holdfast:" + secret("social.admin") + "@" + endpoint
                + "/?directConnection=true&authSource=admin");
    }

    private String configVersions() throws IOException {
        StringBuilder versions = new StringBuilder();
        for (String set : List.of("shard-a", "shard-b")) {
            try (MongoClient primary = primaryOf(set)) {
                versions.append(set)
                        .append(primary.getDatabase("admin")
                                .runCommand(new Document("replSetGetConfig", 1))
                                .get("config", Document.class)
                                .get("version"));
            }
        }
        return versions.toString();
    }

    private Connection payments(String address, int port) throws Exception {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + address + ":" + port + "/payments", "postgres", secret("payments.admin"));
    }

    private String secret(String name) throws IOException {
        return Files.readString(estate.folder().resolve("home/swapskill/secrets/" + name));
    }

    private static int refusedCode(MongoClient client, Document command) {
        try {
            client.getDatabase("admin").runCommand(command);
            return 0;
        } catch (com.mongodb.MongoCommandException refused) {
            return refused.getErrorCode();
        }
    }
}
