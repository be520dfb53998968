package dev.holdfast.cli.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** One real mongod whose documents have expired: a restored copy keeps them until it was verified. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("real")
class RestoredTtlTest {

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: ttl-test
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
            clusters:
              social:
                engine: mongodb
                replicaSet: [ a1 ]
                backup: { base: daily, oplogEvery: 5s, repository: /var/lib/holdfast/backup }
                settings:
                  storage.wiredTiger.engineConfig.cacheSizeGB: 0.25
                  setParameter.ttlMonitorSleepSecs: 1
            """;
    private static final int EXPIRED = 50;
    private static final Pattern STARTED = Pattern.compile("Start mongod \\S+ on (\\S+:\\d+)");

    private RealEstate estate;
    private Process archiver;
    private String moment;

    @BeforeAll
    void a_server_without_a_ttl_monitor_keeps_expired_documents_and_is_copied() throws Exception {
        estate = RealEstate.onHosts(TOPOLOGY, "127.102.2.");
        does("apply", "--yes");
        archiver = estate.start("backup", "archive");
        until("has never been archived", "backup", "list");
        try (Client client = Client.admin(estate, "social", estate.address(1) + ":27017")) {
            client.admin("{setParameter: 1, ttlMonitorEnabled: false}");
            client.driver().getDatabase("shop").getCollection("session").createIndex(new Document("at", 1), expiry());
            List<Document> sessions = new ArrayList<>();
            for (int i = 0; i < EXPIRED; i++) {
                sessions.add(new Document("_id", i).append("at", Date.from(Instant.parse("2020-01-01T00:00:00Z"))));
            }
            client.driver().getDatabase("shop").getCollection("session").insertMany(sessions);
        }
        does("backup", "run");
        try (Client client = Client.admin(estate, "social", estate.address(1) + ":27017")) {
            Document time = client.command("shop", "{insert: 'mark', documents: [{_id: 1}]}");
            org.bson.BsonTimestamp at = time.get("operationTime", org.bson.BsonTimestamp.class);
            moment = Integer.toUnsignedLong(at.getTime()) + ":" + Integer.toUnsignedLong(at.getInc());
        }
    }

    private static com.mongodb.client.model.IndexOptions expiry() {
        return new com.mongodb.client.model.IndexOptions().expireAfter(1L, java.util.concurrent.TimeUnit.SECONDS);
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        if (archiver != null) {
            archiver.destroyForcibly();
        }
        estate.close();
    }

    private Ended does(String... words) {
        Ended ended = estate.run(words);
        assertThat(ended.exit()).as(ended.toString()).isZero();
        return ended;
    }

    private Ended until(String passing, String... words) {
        Ended[] last = new Ended[1];
        Patience.until(
                () -> "no longer " + passing + ": " + last[0], Duration.ofSeconds(120), Duration.ofMillis(500), () -> {
                    last[0] = estate.run(words);
                    return !last[0].err().contains(passing);
                });
        return last[0];
    }

    private static long sessions(Client client) {
        return client.driver().getDatabase("shop").getCollection("session").countDocuments();
    }

    @Test
    @Order(1)
    void a_side_by_side_copy_keeps_expired_documents() throws Exception {
        Ended done = until("not archived yet", "restore", "social", "--to", moment, "--yes");
        assertThat(done.exit()).as(done.toString()).isZero();
        Matcher started = STARTED.matcher(done.err());
        assertThat(started.find()).as(done.toString()).isTrue();
        try (Client copy = Client.admin(estate, "social", started.group(1))) {
            // several times as long as the monitor sleeps
            Patience.pause(5000);
            assertThat(sessions(copy)).isEqualTo(EXPIRED);
            assertThat(copy.admin("{getParameter: 1, ttlMonitorEnabled: 1}").getBoolean("ttlMonitorEnabled"))
                    .isFalse();
        }
        does("restore", "social", "--discard", "--yes");
    }

    @Test
    @Order(2)
    void in_place_expired_documents_are_there_at_the_verification_and_the_monitor_runs_as_declared_later()
            throws Exception {
        Ended done = until(
                "not archived yet",
                "restore",
                "social",
                "--to",
                moment,
                "--into",
                "in-place",
                "--accept-data-loss",
                "--yes",
                "--timeout",
                "20m");
        assertThat(done.exit()).as(done.toString()).isZero();
        List<String> steps = estate.ledger().stream()
                .filter(e -> e.path("kind").asText().equals("STEP_DONE"))
                .map(e -> e.path("step").asText())
                .toList();
        assertThat(steps).anyMatch(s -> s.startsWith("Start the TTL monitor of social/"));
        try (Client client = Client.admin(estate, "social", estate.address(1) + ":27017")) {
            Patience.until("the declared TTL monitor has run", () -> sessions(client) == 0);
        }
        Ended plan = until("has not been archived since", "plan", "--detailed-exitcode");
        assertThat(plan.exit()).as(plan.toString()).isZero();
    }
}
