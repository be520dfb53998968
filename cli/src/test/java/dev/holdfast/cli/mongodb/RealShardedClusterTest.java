package dev.holdfast.cli.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** One real sharded cluster; its bring-up is killed on the way and made good. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("real")
class RealShardedClusterTest {

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: sharded-test
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
              b1: { address: 127.0.1.2, zone: b, region: r, reach: local }
              c1: { address: 127.0.1.3, zone: c, region: r, reach: local }
            clusters:
              social:
                engine: mongodb
                configServers: [ a1, b1, c1 ]
                shards:
                  shard-a: [ a1, b1, { host: c1, arbiter: true } ]
                  shard-b: [ b1 ]
            %s
                routers: [ a1, b1 ]
                settings:
                  storage.wiredTiger.engineConfig.cacheSizeGB: 0.25
                  storage.wiredTiger.engineConfig.configString: "log=(file_max=8MB,prealloc=false)"
            """;

    private RealEstate estate;

    private void applied() {
        Ended ended = estate.run("apply", "--yes");
        assertThat(ended.exit()).as(ended.toString()).isZero();
    }

    private void settled() {
        Ended plan = estate.run("plan", "--detailed-exitcode");
        assertThat(plan.exit()).as(plan.toString()).isZero();
    }

    private Client router() {
        return Client.admin(estate, "social", estate.address(1) + ":27017");
    }

    private List<String> shards() {
        try (Client client = router()) {
            return client.admin("{listShards: 1}").getList("shards", Document.class).stream()
                    .map(s -> s.getString("_id"))
                    .toList();
        }
    }

    /** The CLI is killed three times at moments that chance chooses; every time the next run goes on from there. */
    @BeforeAll
    void a_sharded_cluster_is_created_although_the_cli_is_killed_three_times() throws Exception {
        estate = RealEstate.ofText(TOPOLOGY.formatted(""));
        for (int i = 0; i < 3; i++) {
            Process cli = estate.start("apply", "--yes");
            long millis = ThreadLocalRandom.current().nextLong(1500, 8000);
            if (!cli.waitFor(millis, TimeUnit.MILLISECONDS)) {
                cli.destroyForcibly().waitFor();
            }
        }
        applied();
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        estate.close();
    }

    @Test
    @Order(1)
    void it_has_both_shards_and_one_administrator_per_set() {
        assertThat(shards()).containsExactly("shard-a", "shard-b");
        for (int port : new int[] {27018, 27019}) {
            try (Client client = Client.admin(estate, "social", estate.address(1) + ":" + port)) {
                assertThat(client.admin("{usersInfo: 1}").getList("users", Document.class))
                        .hasSize(1);
            }
        }
    }

    @Test
    @Order(2)
    void no_login_without_a_password_on_any_port() {
        for (String at : List.of("1:27017", "2:27017", "1:27018", "3:27018", "1:27019", "2:27020")) {
            try (Client unauthenticated =
                    Client.unauthenticated(estate.address(0).replaceAll("0$", "") + at)) {
                assertThat(unauthenticated.refusal("{listDatabases: 1}")).as(at).isEqualTo(13);
            }
        }
    }

    @Test
    @Order(3)
    void a_second_apply_sends_no_change() throws IOException {
        settled();
        applied();
        assertThat(estate.changes()).isZero();
    }

    @Test
    @Order(4)
    void a_balancer_that_was_stopped_manually_is_turned_on_again() {
        try (Client client = router()) {
            client.admin("{balancerStop: 1}");
        }
        Ended plan = estate.run("plan", "--detailed-exitcode");
        assertThat(plan.exit()).isEqualTo(2);
        assertThat(plan.out()).contains("Turn the balancer on").contains("1 step");
        applied();
        settled();
        try (Client client = router()) {
            assertThat(client.admin("{balancerStatus: 1}").getString("mode")).isEqualTo("full");
        }
    }

    @Test
    @Order(4)
    void a_collection_on_a_shard_that_the_cluster_does_not_know_of_is_a_complaint_of_status() {
        assertThat(estate.whenHealthy().json().path("healthy").asBoolean()).isTrue();
        try (Client client = router();
                Client shard = Client.admin(estate, "social", estate.address(2) + ":27020")) {
            client.admin("{enableSharding: 'astray', primaryShard: 'shard-a'}");
            shard.command("astray", "{create: 'lost'}");
            Ended status = estate.run("status", "-o", "json");
            assertThat(status.json().path("healthy").asBoolean())
                    .as(status.out())
                    .isFalse();
            assertThat(status.out()).contains("inconsistent metadata, MisplacedCollection");
            shard.command("astray", "{drop: 'lost'}");
            client.command("astray", "{dropDatabase: 1}");
        }
        assertThat(estate.whenHealthy().json().path("healthy").asBoolean()).isTrue();
    }

    @Test
    @Order(5)
    void lost_routers_and_config_servers_are_started_again() {
        estate.kill("/a1/");
        applied();
        settled();
    }

    @Test
    @Order(6)
    void a_port_in_use_and_a_directory_that_is_not_ours_are_refused_before_anything_is_touched() throws IOException {
        Path folder = Files.createDirectories(estate.folder().resolve("d/c1/social/shard-d"));
        Files.writeString(folder.resolve("diary.txt"), "not a database");
        InetAddress c1 = InetAddress.getByName(estate.address(3));
        try (ServerSocket other = new ServerSocket(28000, 1, c1)) {
            estate.rewrite(TOPOLOGY.formatted("""
                          shard-c: [ { host: c1, port: 28000 } ]
                          shard-d: [ c1 ]
                    """));
            Ended refused = estate.run("apply", "--yes");
            assertThat(refused.exit()).isEqualTo(4);
            assertThat(refused.err())
                    .contains("port 28000 of " + other.getInetAddress().getHostAddress() + " is used by")
                    .contains("shard-d contains files of another owner");
            assertThat(estate.changes()).isZero();
        } finally {
            Files.delete(folder.resolve("diary.txt"));
            estate.rewrite(TOPOLOGY.formatted(""));
        }
        settled();
    }

    @Test
    @Order(7)
    void a_key_file_that_others_may_read_is_refused() throws IOException {
        Path keyFile = estate.folder().resolve("d/b1/social/shard-b/keyfile");
        Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-r--r--"));
        Ended refused = estate.run("apply", "--yes");
        assertThat(refused.exit()).isEqualTo(4);
        assertThat(refused.err()).contains("has mode 644, desired 600").contains("HINT");
        Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
        settled();
    }
}
