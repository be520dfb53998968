package dev.holdfast.cli.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.mongodb.MongoCommandException;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import dev.holdfast.cli.ServersUser;
import dev.holdfast.mongodb.value.CompatibilityMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A sharded cluster is upgraded under a writer: the same program under two paths, and the feature compatibility version from 8.0
 * to 8.2. No acknowledged write is lost.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("real")
class RealUpgradeTest {

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: upgrade-test
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
              b1: { address: 127.0.1.2, zone: b, region: r, reach: local }
              c1: { address: 127.0.1.3, zone: c, region: r, reach: local }
            clusters:
              social:
                engine: mongodb
                binaries: BINARIES
                configServers: [ a1, b1, c1 ]
                shards:
                  shard-a: [ a1, b1, { host: c1, arbiter: true } ]
                  shard-b: [ a1, b1, c1 ]
                routers: [ a1, b1 ]
                settings:
                  storage.wiredTiger.engineConfig.cacheSizeGB: 0.25
                  storage.wiredTiger.engineConfig.configString: "log=(file_max=8MB,prealloc=false)"
            """;

    /** The ports of the sets, in the order of an upgrade. */
    private static final Map<String, Integer> SETS =
            new TreeMap<>(Map.of("config", 27019, "shard-a", 27018, "shard-b", 27020));

    private static final int SERVERS = 11;

    private RealEstate estate;
    private MajorityWriter writer;

    @BeforeAll
    void a_cluster_of_the_former_release_is_written_to() throws IOException {
        estate = RealEstate.ofText(TOPOLOGY);
        for (String path : List.of("old", "new")) {
            Path folder = Files.createDirectories(estate.folder().resolve(path));
            for (String program : List.of("mongod", "mongos")) {
                Files.copy(program(program), folder.resolve(program), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        declare("old");
        Ended applied = estate.run("apply", "--yes");
        assertThat(applied.exit()).as(applied.toString()).isZero();
        try (Client router = router()) {
            router.admin("{setFeatureCompatibilityVersion: '8.0', confirm: true}");
            router.admin("{shardCollection: 'shop.log', key: {_id: 'hashed'}}");
        }
        writer = MajorityWriter.started(Client.admin(
                estate,
                "social",
                estate.address(1) + ":27017," + estate.address(2) + ":27017",
                "retryWrites=true&serverSelectionTimeoutMS=20000"));
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        try {
            if (writer != null) { // otherwise the cluster was not created
                writer.close();
            }
        } finally {
            estate.close();
        }
    }

    private void declare(String path) throws IOException {
        estate.rewrite(
                TOPOLOGY.replace("BINARIES", estate.folder().resolve(path).toString()));
    }

    private Client router() {
        return Client.admin(estate, "social", estate.address(1) + ":27017");
    }

    private static Path program(String name) throws IOException {
        return Stream.concat(
                        Stream.of(RealEstate.servers().split(":")),
                        Stream.of(System.getenv().getOrDefault("PATH", "").split(":")))
                .map(d -> Path.of(d, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow()
                .toRealPath();
    }

    /** How many servers run the program in that directory. */
    private long running(String path) {
        return estate.servers("").stream().filter(p -> runs(p.pid(), path)).count();
    }

    private boolean runs(long pid, String path) {
        try {
            return ServersUser.programOf(pid).startsWith(estate.folder().resolve(path));
        } catch (IOException ended) {
            return false;
        }
    }

    /** The terms of the sets; an arbiter of shard-a accepts no login. */
    private Map<String, Long> terms() {
        Map<String, Long> terms = new TreeMap<>();
        SETS.forEach((set, port) -> {
            try (Client member = Client.admin(estate, "social", estate.address(1) + ":" + port)) {
                terms.put(set, member.admin("{replSetGetStatus: 1}").getLong("term"));
            }
        });
        return terms;
    }

    private List<String> compatibility() {
        List<String> found = new ArrayList<>();
        JsonNode nodes = estate.run("status", "-o", "json")
                .json()
                .path("clusters")
                .path(0)
                .path("nodes");
        nodes.forEach(n -> {
            if (n.path("facts").has("fcv")) {
                found.add(n.path("facts").path("fcv").asText());
            }
        });
        return found;
    }

    private void isOneElectionEach(Map<String, Long> before) {
        Map<String, Long> after = terms();
        before.forEach((set, term) ->
                assertThat(after.get(set) - term).as("elections of " + set).isEqualTo(1));
    }

    private void nothingIsLost() {
        assertThat(writer.acknowledged()).isPositive();
        assertThat(writer.lost()).isEmpty();
    }

    private boolean isBalancerOn() {
        try (Client router = router()) {
            return router.admin("{balancerStatus: 1}").getString("mode").equals("full");
        }
    }

    /** The server itself names what it accepts; the table of Holdfast must say the same. */
    @Test
    @Order(1)
    void the_server_accepts_the_compatibility_versions_of_the_matrix() {
        assertThat(compatibility()).hasSize(8).containsOnly("8.0");
        try (Client router = router()) {
            String version = router.admin("{buildInfo: 1}").getString("version");
            List<String> accepted = CompatibilityMatrix.accepted(version);
            assertThat(accepted).contains("8.0", CompatibilityMatrix.series(version));
            assertThatThrownBy(() -> router.admin("{setFeatureCompatibilityVersion: '7.0', confirm: true}"))
                    .isInstanceOfSatisfying(MongoCommandException.class, refused -> {
                        assertThat(refused.getErrorCode()).isEqualTo(4926900);
                        assertThat(accepted)
                                .allSatisfy(a ->
                                        assertThat(refused.getErrorMessage()).contains("'" + a + "'"));
                    });
        }
    }

    @Test
    @Order(2)
    void a_program_that_does_not_exist_is_refused_before_anything_stops() throws IOException {
        declare("missing");
        Ended plan = estate.run("plan");
        assertThat(plan.exit()).as(plan.toString()).isEqualTo(4);
        assertThat(plan.err())
                .contains("social/config/a1: " + estate.folder().resolve("missing/mongod") + " is not found");
        assertThat(estate.run("apply", "--yes").exit()).isEqualTo(4);
        assertThat(estate.changes()).isZero();
        assertThat(running("old")).isEqualTo(SERVERS);
    }

    @Test
    @Order(3)
    void the_plan_names_the_order_and_one_election_per_set() throws IOException {
        declare("new");
        Ended plan = estate.run("plan");
        assertThat(plan.exit()).as(plan.toString()).isZero();
        assertThat(plan.out())
                .containsSubsequence(
                        "Turn the balancer off",
                        "social: upgrade config",
                        "Restart social/config/",
                        "social: upgrade shard-a",
                        "Restart social/shard-a/",
                        "social: upgrade shard-b",
                        "Restart social/shard-b/",
                        "Restart router social/routers/a1",
                        "Restart router social/routers/b1",
                        "Turn the balancer on",
                        "in the order config, shard-a, shard-b, the routers",
                        "social/config: one election",
                        "social/shard-a: one election",
                        "social/shard-b: one election");
    }

    /** Killed when some servers run the new program: status and plan name them, and the upgrade cannot be finished. */
    @Test
    @Order(4)
    void an_upgrade_that_is_killed_is_named_and_cannot_be_finished() throws Exception {
        Process cli = estate.start("apply", "--yes");
        // a program that reports its version is also a process of that path, for a moment
        Patience.until("servers run the new program", Duration.ofMinutes(5), () -> running("new") >= 3);
        cli.destroyForcibly().waitFor();
        assertThat(running("new")).isBetween(1L, SERVERS - 1L);
        Patience.until("status names them", Duration.ofMinutes(2), () -> {
            Ended status = estate.run("status");
            return status.out().matches("(?s).*[0-9]+ of [0-9]+ servers run another program than the declared one: .*");
        });
        Ended plan = estate.run("plan");
        assertThat(plan.err()).contains("servers run another program than the declared one");
        Ended refused = estate.run("upgrade", "social", "--finish", "--yes");
        assertThat(refused.exit()).as(refused.toString()).isIn(4, 10); // 10 while a server starts
        nothingIsLost();
    }

    @Test
    @Order(5)
    void the_next_apply_continues_and_no_acknowledged_write_is_lost() throws IOException {
        Ended applied = estate.run("apply", "--yes");
        assertThat(applied.exit()).as(applied.toString()).isZero();
        assertThat(running("new")).isEqualTo(SERVERS);
        estate.whenHealthy();
        estate.settled();
        assertThat(isBalancerOn()).isTrue();
        assertThat(compatibility()).containsOnly("8.0");
        nothingIsLost();
    }

    /** Before it is finished, the way back is the same procedure: what was planned is done, with one election per set. */
    @Test
    @Order(6)
    void the_way_back_is_open_and_costs_one_election_per_set() throws IOException {
        declare("old");
        Map<String, Long> before = terms();
        estate.applyAsPlanned();
        isOneElectionEach(before);
        assertThat(running("old")).isEqualTo(SERVERS);
        nothingIsLost();
        declare("new");
        before = terms();
        estate.applyAsPlanned();
        isOneElectionEach(before);
        assertThat(running("new")).isEqualTo(SERVERS);
        nothingIsLost();
    }

    @Test
    @Order(7)
    void finishing_is_shown_first_and_needs_a_confirmation() throws IOException {
        estate.whenHealthy();
        assertThat(estate.settled().out()).contains("holdfast upgrade social --finish raises the version");
        Ended shown = estate.run("upgrade", "social", "-o", "json");
        assertThat(shown.exit()).as(shown.toString()).isZero();
        assertThat(shown.json().path("decision").asText())
                .isEqualTo("raise the feature compatibility version of social from 8.0 to 8.2");
        assertThat(shown.json().path("because").asText()).contains("the point of no return");
        assertThat(shown.json().path("code").asText()).isEqualTo("upgrade-ready");
        Ended text = estate.run("upgrade", "social");
        assertThat(text.out())
                .contains("Set feature compatibility version 8.2 on social")
                .contains("[DANGER]");
        Ended unconfirmed = estate.run("upgrade", "social", "--finish");
        assertThat(unconfirmed.exit()).isEqualTo(4);
        assertThat(unconfirmed.err()).contains("needs confirmation and there is no terminal. Nothing was changed");
        assertThat(compatibility()).containsOnly("8.0");
    }

    @Test
    @Order(8)
    void a_member_that_does_not_answer_prevents_the_finish() throws Exception {
        ProcessHandle member = estate.servers("/b1/social/shard-b").get(0);
        signal("STOP", member);
        try {
            Ended refused = estate.run("upgrade", "social", "--finish", "--yes");
            assertThat(refused.exit()).as(refused.toString()).isEqualTo(10);
            assertThat(refused.err()).contains("social/shard-b/b1");
        } finally {
            signal("CONT", member);
        }
        estate.whenHealthy();
        assertThat(compatibility()).containsOnly("8.0");
    }

    private static void signal(String name, ProcessHandle process) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    @Test
    @Order(9)
    void a_finished_upgrade_has_the_new_version_on_every_member_and_is_done_once() throws IOException {
        Ended finished = estate.run("upgrade", "social", "--finish", "--yes");
        assertThat(finished.exit()).as(finished.toString()).isZero();
        assertThat(compatibility()).hasSize(8).containsOnly("8.2");
        Ended again = estate.run("upgrade", "social", "--finish", "--yes");
        assertThat(again.exit()).as(again.toString()).isZero();
        assertThat(again.out()).contains("nothing to do");
        assertThat(estate.run("upgrade", "social", "--finish", "--yes", "-o", "json")
                        .json()
                        .path("exit")
                        .asInt())
                .isZero();
        assertThat(estate.changes()).isZero();
        estate.whenHealthy();
        assertThat(estate.settled().out()).doesNotContain("--finish");
        nothingIsLost();
        try (Client router = router()) {
            assertThat(router.driver().getDatabase("shop").getCollection("log").countDocuments(new Document()))
                    .isGreaterThanOrEqualTo(writer.acknowledged() - 5L);
        }
    }
}
