package dev.holdfast.cli.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoCollection;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** One real replica set from its birth through drift, growth, restarts and the replacement of a dead member. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("real")
class RealReplicaSetTest {

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: rs-test
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
              b1: { address: 127.0.1.2, zone: b, region: r, reach: local }
              c1: { address: 127.0.1.3, zone: c, region: r, reach: local }
              d1: { address: 127.0.1.4, zone: a, region: r, reach: local }
              e1: { address: 127.0.1.5, zone: b, region: r, reach: local }
            clusters:
              shop:
                engine: mongodb
                replicaSet: [ %s ]
                electionTimeout: 2s
                heartbeat: 500ms
                users:
                  app: { roles: [ readWrite@shop ] }
                settings:
                  storage.wiredTiger.engineConfig.cacheSizeGB: %s
                  storage.wiredTiger.engineConfig.configString: "log=(file_max=8MB,prealloc=false)"
                  setParameter.ttlMonitorSleepSecs: %d
            """;

    private RealEstate estate;

    private static String topology(String members) {
        return TOPOLOGY.formatted(members, "0.25", 60);
    }

    private String at(int host) {
        return estate.address(host) + ":27017";
    }

    private String primary() {
        for (int host = 1; host <= 5; host++) {
            try (Client client = Client.unauthenticated(at(host) + "/?serverSelectionTimeoutMS=300&")) {
                if (client.admin("{hello: 1}").getBoolean("isWritablePrimary", false)) {
                    return at(host);
                }
            } catch (RuntimeException gone) {
                continue;
            }
        }
        throw new AssertionError("no primary");
    }

    private Client admin() {
        return Client.admin(estate, "shop", primary());
    }

    private void applied() {
        Ended ended = estate.run("apply", "--yes");
        assertThat(ended.exit()).as(ended.toString()).isZero();
    }

    private void settled() {
        Ended plan = estate.run("plan", "--detailed-exitcode");
        assertThat(plan.exit()).as(plan.toString()).isZero();
    }

    private List<String> titles() {
        JsonNode json = estate.run("plan", "-o", "json").json();
        List<String> titles = new ArrayList<>();
        json.findValues("title").forEach(t -> titles.add(t.asText()));
        return titles;
    }

    @BeforeAll
    void a_replica_set_is_created() throws IOException {
        estate = RealEstate.ofText(topology("a1, b1, c1"));
        applied();
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        estate.close();
    }

    @Test
    @Order(1)
    void no_login_without_a_password_on_any_port() {
        for (int host = 1; host <= 3; host++) {
            try (Client unauthenticated = Client.unauthenticated(at(host))) {
                assertThat(unauthenticated.refusal("{listDatabases: 1}")).isEqualTo(13);
                assertThat(unauthenticated.refusal("{createUser: 'x', pwd: 'x', roles: ['root']}"))
                        .isEqualTo(13);
                assertThat(unauthenticated.refusal("{replSetInitiate: {}}")).isEqualTo(13);
            }
        }
    }

    @Test
    @Order(2)
    void a_second_apply_sends_no_change_and_leaves_the_configuration_as_it_is() throws IOException {
        int before;
        try (Client admin = admin()) {
            before = admin.config().getInteger("version");
        }
        settled();
        applied();
        assertThat(estate.changes()).isZero();
        try (Client admin = admin()) {
            assertThat(admin.config().getInteger("version")).isEqualTo(before);
        }
    }

    @Test
    @Order(3)
    void manual_drift_is_found_as_exactly_what_differs_and_reset() throws IOException {
        try (Client admin = admin()) {
            Document config = admin.config();
            config.put("version", config.getInteger("version") + 1);
            config.getList("members", Document.class).get(2).put("priority", 0.5);
            admin.driver().getDatabase("admin").runCommand(new Document("replSetReconfig", config));
            admin.admin("{setParameter: 1, ttlMonitorSleepSecs: 77}");
            admin.admin("{updateUser: 'app', roles: ['read']}");
            admin.admin("{setDefaultRWConcern: 1, defaultReadConcern: {level: 'majority'}}");
        }
        assertThat(titles())
                .hasSize(4)
                .anyMatch(t -> t.startsWith("Set the default concerns to"))
                .contains("Reconfigure shop", "Update user app on shop")
                .anyMatch(t -> t.startsWith("Set ttlMonitorSleepSecs on shop/shop/"));
        estate.applyAsPlanned();
        settled();
    }

    @Test
    @Order(3)
    void users_lose_the_login_by_sha_1_and_keep_their_password() throws IOException {
        String password = estate.secret("shop.users.app");
        try (Client admin = admin()) {
            assertThat(mechanisms(admin)).containsOnly(Set.of("SCRAM-SHA-256"));
            admin.driver()
                    .getDatabase("admin")
                    .runCommand(new Document("updateUser", "app")
                            .append("pwd", password)
                            .append("mechanisms", List.of("SCRAM-SHA-1", "SCRAM-SHA-256")));
            assertThat(titles()).containsExactly("Update user app on shop");
            applied();
            assertThat(mechanisms(admin)).containsOnly(Set.of("SCRAM-SHA-256"));
        }
        settled(); // the declared password is still accepted
    }

    private static List<Set<String>> mechanisms(Client admin) {
        return admin.admin("{usersInfo: 1}").getList("users", Document.class).stream()
                .map(u -> Set.copyOf(u.getList("mechanisms", String.class)))
                .toList();
    }

    @Test
    @Order(4)
    void a_killed_member_is_started_again() {
        estate.kill("/b1/");
        applied();
        settled();
    }

    @Test
    @Order(5)
    void three_voters_grow_to_five_and_no_majority_write_fails() throws Exception {
        estate.rewrite(topology("a1, b1, c1, d1, e1"));
        assertThat(writingMeanwhile(this::applied)).isEmpty();
        settled();
        try (Client admin = admin()) {
            assertThat(admin.config().getList("members", Document.class)).hasSize(5);
            assertThat(admin.admin("{replSetGetStatus: 1}").getInteger("votingMembersCount"))
                    .isEqualTo(5);
        }
    }

    @Test
    @Order(6)
    void two_members_leave_one_after_the_other_and_their_processes_end() throws Exception {
        estate.rewrite(topology("a1, b1, c1"));
        assertThat(writingMeanwhile(this::applied)).isEmpty();
        settled();
        assertThat(estate.servers("/d1/")).isEmpty();
        assertThat(estate.servers("/e1/")).isEmpty();
    }

    @Test
    @Order(7)
    void a_dead_member_is_replaced_by_one_on_another_host() throws IOException {
        estate.kill("/c1/");
        theSetMissesOne();
        estate.rewrite(topology("a1, b1, e1"));
        assertThat(titles())
                .startsWith("Start mongod shop/shop/e1 on " + at(5))
                .contains("Remove " + at(3) + " from shop");
        Ended plan = estate.run("plan");
        assertThat(plan.exit()).as(plan.toString()).isZero();
        assertThat(plan.out())
                .as("it was a member before, and its data is still there")
                .contains("note: shop/shop/e1 has old data: Holdfast starts the member and compares its oplog");
        applied();
        settled();
        assertThat(estate.run("plan").out()).contains("shop/shop/c1 is no longer declared; its directory");
    }

    @Test
    @Order(8)
    void a_setting_that_needs_a_restart_is_brought_in_server_by_server_while_writes_go_on() throws Exception {
        estate.rewrite(TOPOLOGY.formatted("a1, b1, c1", "0.3", 30));
        assertThat(writingMeanwhile(this::applied)).isEmpty();
        settled();
        try (Client admin = admin()) {
            Document parsed = admin.admin("{getCmdLineOpts: 1}").get("parsed", Document.class);
            assertThat(parsed.toJson()).contains("\"cacheSizeGB\": 0.3");
        }
    }

    /** The hint leads out: the others serve all the time, and at its end nothing is to do. */
    @Test
    @Order(9)
    void another_port_of_a_running_member_is_refused_at_plan_and_the_hint_moves_it() throws Exception {
        String moved = "a1, b1, { host: c1, port: 27099 }";
        estate.rewrite(TOPOLOGY.formatted(moved, "0.3", 30));
        for (String command : List.of("plan", "apply --yes")) {
            Ended refused = estate.run(command.split(" "));
            assertThat(refused.exit()).as(refused.toString()).isEqualTo(4);
            assertThat(refused.err())
                    .contains("the member runs on port 27017, desired 27099; apply cannot change the port of a member")
                    .contains("declare port: 27017 again; or remove the member from the topology, run holdfast apply");
        }
        assertThat(estate.changes()).isZero();
        estate.rewrite(TOPOLOGY.formatted("a1, b1", "0.3", 30));
        assertThat(writingMeanwhile(this::applied)).isEmpty();
        settled();
        estate.rewrite(TOPOLOGY.formatted(moved, "0.3", 30));
        assertThat(writingMeanwhile(this::applied)).isEmpty();
        settled();
        try (Client admin = admin()) {
            assertThat(admin.config().getList("members", Document.class))
                    .extracting(m -> m.getString("host"))
                    .anyMatch(h -> h.endsWith(":27099"));
        }
    }

    /** Until then the set takes it for a living member, and a living one is only removed when its successor is there. */
    private void theSetMissesOne() {
        Patience.until("the set misses a member", Duration.ofSeconds(60), () -> {
            try (Client admin = admin()) {
                return admin.admin("{replSetGetStatus: 1}").getList("members", Document.class).stream()
                        .anyMatch(m -> m.getDouble("health") == 0);
            }
        });
    }

    /** Writes with w: majority while something goes on; answers what went wrong. */
    private List<String> writingMeanwhile(Runnable work) throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger written = new AtomicInteger();
        AtomicReference<String> failed = new AtomicReference<>();
        String seeds = at(1) + "," + at(2) + "," + at(3);
        try (Client client = Client.admin(estate, "shop", seeds, "replicaSet=shop&retryWrites=true")) {
            MongoCollection<Document> log =
                    client.driver().getDatabase("shop").getCollection("log").withWriteConcern(WriteConcern.MAJORITY);
            Thread writer = new Thread(() -> {
                while (!over.get() && failed.get() == null) {
                    try {
                        log.insertOne(new Document("n", written.incrementAndGet()));
                    } catch (RuntimeException refused) {
                        failed.set(refused.toString());
                    }
                }
            });
            writer.start();
            work.run();
            over.set(true);
            writer.join();
            assertThat(written.get()).isGreaterThan(10);
            return failed.get() == null ? List.of() : List.of(failed.get());
        }
    }
}
