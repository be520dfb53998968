package dev.holdfast.cli.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import dev.holdfast.cli.ServersUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Keys of one live replica set change under a light write load: apply, then an empty plan, or the documented refusal. No
 * acknowledged write is lost, and a change causes at most one election.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("real")
class RealMongoChangesTest {

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: changes-test
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
              b1: { address: 127.0.1.2, zone: b, region: r, reach: local }
              c1: { address: 127.0.1.3, zone: c, region: r, reach: local }
              d1: { address: 127.0.1.4, zone: a, region: r, reach: local }
            clusters:
              shop:
                engine: mongodb
                replicaSet: { members: [ a1, b1, { host: c1 } ] }
                electionTimeout: 5s
                heartbeat: 500ms
                users: { app: { roles: [ readWrite@shop ] } }
                settings:
                  storage.wiredTiger.engineConfig.cacheSizeGB: 0.25
                  storage.wiredTiger.engineConfig.configString: "log=(file_max=8MB,prealloc=false)"
                  setParameter.ttlMonitorSleepSecs: 60
            """;

    private RealEstate estate;
    private MajorityWriter writer;

    private String at(int host) {
        return estate.address(host) + ":27017";
    }

    private Client client(String options) {
        return Client.admin(estate, "shop", at(1) + "," + at(2) + "," + at(3), "replicaSet=shop&" + options);
    }

    private long term() {
        try (Client client = client("serverSelectionTimeoutMS=30000")) {
            return client.admin("{replSetGetStatus: 1}").getLong("term");
        }
    }

    private String primary() {
        try (Client client = client("serverSelectionTimeoutMS=30000")) {
            return client.admin("{hello: 1}").getString("primary");
        }
    }

    private static String text(String from, String to) {
        assertThat(TOPOLOGY).contains(from);
        return TOPOLOGY.replace(from, to);
    }

    /** Applies a file; at most so many elections, no refusal, and an empty plan afterwards. */
    private List<String> changes(String text, int elections) throws IOException {
        estate.rewrite(text);
        JsonNode plan = estate.run("plan", "-o", "json").json();
        List<String> titles = plan.findValuesAsText("title");
        assertThat(titles).as(plan.toString()).isNotEmpty();
        long before = term();
        Ended applied = estate.run("apply", "--yes");
        assertThat(applied.exit()).as(applied.toString()).isZero();
        estate.whenHealthy();
        estate.settled();
        assertThat(term() - before).as("elections of " + titles).isLessThanOrEqualTo(elections);
        assertThat(writer.lost())
                .as("acknowledged writes that are lost after " + titles)
                .isEmpty();
        return titles;
    }

    private void isRefused(String text, String what, String hint) throws IOException {
        estate.rewrite(text);
        for (String command : List.of("plan", "apply --yes")) {
            Ended refused = estate.run(command.split(" "));
            assertThat(refused.exit()).as(refused.toString()).isEqualTo(4);
            assertThat(refused.err()).contains(what).contains(hint);
        }
        assertThat(estate.changes()).isZero();
        estate.rewrite(TOPOLOGY);
        estate.settled();
    }

    @BeforeAll
    void a_replica_set_is_created_and_written_to() throws IOException {
        estate = RealEstate.ofText(TOPOLOGY);
        Ended applied = estate.run("apply", "--yes");
        assertThat(applied.exit()).as(applied.toString()).isZero();
        writer = MajorityWriter.started(client("retryWrites=true&serverSelectionTimeoutMS=20000"));
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        writer.close();
        estate.close();
    }

    @Test
    @Order(1)
    void what_a_running_set_takes_is_applied_live() throws IOException {
        String all = text("{ host: c1 }", "{ host: c1, hidden: true, delay: 1s, tags: { dc: x } }")
                .replace("ttlMonitorSleepSecs: 60", "ttlMonitorSleepSecs: 30")
                .replace("readWrite@shop", "readWrite@shop, read@other")
                .replace("heartbeat: 500ms", "heartbeat: 600ms\n    oplogSize: 1GB");
        assertThat(changes(all, 0)).noneMatch(t -> t.startsWith("Restart"));
        assertThat(changes(TOPOLOGY, 0)).noneMatch(t -> t.startsWith("Restart"));
    }

    @Test
    @Order(2)
    void a_vote_is_taken_and_given_back() throws IOException {
        changes(text("{ host: c1 }", "{ host: c1, votes: 0 }"), 0);
        changes(TOPOLOGY, 0);
    }

    /** The plan says that the preferred member is elected, and apply ends when it is primary. */
    @Test
    @Order(3)
    void a_priority_moves_the_primary_with_one_election_that_the_plan_announces() throws IOException {
        String preferred = text("{ host: c1 }", "{ host: c1, priority: 5 }");
        estate.rewrite(preferred);
        assertThat(estate.run("plan").out())
                .contains("Change the priorities of shop")
                .contains("[PAUSE]")
                .contains("MongoDB then elects " + at(3) + " (one election)");
        changes(preferred, 1);
        assertThat(primary()).isEqualTo(at(3));
        changes(TOPOLOGY, 0);
    }

    /** The copied program is the same version; its other path is a difference that a rolling restart ends. */
    @Test
    @Order(4)
    void other_binaries_are_a_difference_and_restart_one_member_at_a_time() throws IOException {
        Path copy = Files.createDirectories(estate.folder().resolve("bin")).resolve("mongod");
        Files.copy(mongod(), copy, StandardCopyOption.COPY_ATTRIBUTES);
        String other = text("engine: mongodb", "engine: mongodb\n    binaries: " + copy.getParent());
        estate.rewrite(other);
        assertThat(estate.run("plan").out())
                .contains("Restart shop/shop/a1")
                .contains("Restart shop/shop/b1")
                .contains("Restart shop/shop/c1")
                .contains("desired " + copy);
        List<String> titles = changes(other, 1);
        assertThat(titles.stream().filter(t -> t.startsWith("Restart"))).hasSize(3);
        assertThat(estate.servers(""))
                .hasSize(3)
                .allSatisfy(p -> assertThat(ServersUser.programOf(p.pid())).isEqualTo(copy.toRealPath()));
    }

    /** Only the member on the host with other programs restarts; plan compares its version with the declared one. */
    @Test
    @Order(5)
    void other_binaries_of_one_host_restart_only_its_member() throws IOException {
        Path copy = Files.createDirectories(estate.folder().resolve("own")).resolve("mongod");
        Files.copy(mongod(), copy, StandardCopyOption.COPY_ATTRIBUTES);
        Path all = estate.folder().resolve("bin");
        String own = text(
                        "region: r, reach: local }\n  d1",
                        "region: r, reach: local, binaries: { mongodb: " + copy.getParent() + " } }\n  d1")
                .replace("engine: mongodb", "engine: mongodb\n    binaries: " + all + "\n    version: \"8.2\"");
        estate.rewrite(own.replace("\"8.2\"", "\"8.0\""));
        for (String command : List.of("plan", "apply --yes")) {
            Ended refused = estate.run(command.split(" "));
            assertThat(refused.exit()).as(refused.toString()).isEqualTo(4);
            assertThat(refused.err())
                    .containsPattern("shop/shop/c1: MongoDB 8\\.2\\.[0-9]+ in " + copy
                            + " on c1 is not the declared version 8\\.0");
        }
        assertThat(estate.changes()).isZero();
        assertThat(estate.run("status").out())
                .containsPattern("shop/shop/a1: the server runs MongoDB 8\\.2\\.[0-9]+, declared version 8\\.0");
        estate.rewrite(own);
        assertThat(estate.run("plan").out())
                .contains("Restart shop/shop/c1")
                .doesNotContain("Restart shop/shop/a1")
                .contains("desired " + copy);
        List<String> titles = changes(own, 1);
        assertThat(titles.stream().filter(t -> t.startsWith("Restart"))).containsExactly("Restart shop/shop/c1");
        assertThat(estate.servers(""))
                .extracting(p -> ServersUser.programOf(p.pid()))
                .containsExactlyInAnyOrder(
                        copy.toRealPath(),
                        all.resolve("mongod").toRealPath(),
                        all.resolve("mongod").toRealPath());
    }

    private static Path mongod() throws IOException {
        return Stream.concat(
                        Stream.of(RealEstate.servers().split(":")),
                        Stream.of(System.getenv().getOrDefault("PATH", "").split(":")))
                .map(d -> Path.of(d, "mongod"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow()
                .toRealPath();
    }

    @Test
    @Order(6)
    void a_name_an_address_and_a_directory_are_refused_with_the_way_to_do_it() throws IOException {
        isRefused(
                text("c1: { address: 127.0.1.3", "c1: { address: 127.0.1.13"),
                "shop/shop/c1: the member listens on address " + estate.address(3) + ", desired " + estate.address(13),
                "declare address: " + estate.address(3) + " of host c1 again; or remove the member from the topology");
        isRefused(
                text("{ host: c1 }", "{ host: c1, directory: " + estate.folder().resolve("elsewhere") + " }"),
                "shop/shop/c1: the server runs in the directory "
                        + estate.folder().resolve("d/c1/shop/shop") + ", desired",
                "or stop the server, move that directory to " + estate.folder().resolve("elsewhere"));
        isRefused(
                text("{ members", "{ name: other, members"),
                "is used by shop/shop/c1",
                "declare shop/shop/c1 again, because clusters, sets and hosts with servers keep their names");
        isRefused(text("  shop:", "  market:"), "is used by shop/shop/a1", "declare shop/shop/a1 again");
        isRefused(
                text("name: changes-test", "name: another"),
                "belongs to shop/shop/a1 of the estate changes-test",
                "declare name: changes-test again");
    }

    /** The way that the refusal names: at its end nothing is to do. */
    @Test
    @Order(7)
    @Tag("long")
    void a_member_moves_to_another_directory_as_the_hint_says() throws Exception {
        Path former = estate.folder().resolve("d/c1/shop/shop");
        Path next = estate.folder().resolve("d/c1/shop/moved");
        estate.servers("/c1/shop/shop").forEach(ProcessHandle::destroy);
        Patience.until(
                "c1 has ended",
                Duration.ofSeconds(60),
                () -> estate.servers("/c1/shop/shop").isEmpty());
        Files.move(former, next);
        changes(text("{ host: c1 }", "{ host: c1, directory: " + next + " }"), 0);
    }

    @Test
    @Order(8)
    @Tag("long")
    void a_member_becomes_an_arbiter_and_a_member_with_data_again_as_the_hint_says() throws IOException {
        String arbiter =
                "{ host: d1, arbiter: true, directory: " + estate.folder().resolve("d/d1/shop/arbiter") + " }";
        String three = text(", { host: c1 }", "");
        estate.rewrite(three);
        assertThat(estate.run("apply", "--yes").exit()).isZero();
        estate.settled();
        changes(text("{ host: c1 }", arbiter), 0);
        isRefusedArbiter();
        estate.rewrite(three);
        assertThat(estate.run("apply", "--yes").exit()).isZero();
        changes(text("{ host: c1 }", "{ host: d1 }"), 0);
        RealEstate.delete(estate.folder().resolve("d/d1/shop/arbiter")); // Holdfast keeps directories
    }

    private void isRefusedArbiter() throws IOException {
        estate.rewrite(
                text("{ host: c1 }", "{ host: d1, directory: " + estate.folder().resolve("d/d1/shop/arbiter") + " }"));
        Ended refused = estate.run("apply", "--yes");
        assertThat(refused.exit()).as(refused.toString()).isEqualTo(4);
        assertThat(refused.err()).contains("the member is an arbiter and declared as a member with data");
    }
}
