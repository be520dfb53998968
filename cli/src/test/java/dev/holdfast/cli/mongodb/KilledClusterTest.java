package dev.holdfast.cli.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bson.Document;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The CLI is killed in every step of a sharded cluster's bring-up; every time the next run goes on from there. */
@Tag("long")
class KilledClusterTest {

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: killed-cluster
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
              b1: { address: 127.0.1.2, zone: b, region: r, reach: local }
            clusters:
              social:
                engine: mongodb
                configServers: [ a1 ]
                shards:
                  shard-a: [ a1, b1 ]
                  shard-b: [ b1 ]
                routers: [ a1 ]
                balancer: false
                users: { app: { roles: [ readWrite@shop ] } }
                settings:
                  storage.wiredTiger.engineConfig.cacheSizeGB: 0.25
                  storage.wiredTiger.engineConfig.configString: "log=(file_max=8MB,prealloc=false)"
            """;

    @Test
    void killed_in_every_step_it_converges_to_one_complete_cluster() throws Exception {
        try (RealEstate estate = RealEstate.ofText(TOPOLOGY)) {
            Set<String> killedIn = new HashSet<>();
            while (killedInANewStep(estate, killedIn)) {
                assertThat(killedIn).hasSizeLessThan(60);
            }
            Ended ended = estate.run("apply", "--yes");
            assertThat(ended.exit()).as(ended.toString()).isZero();
            assertThat(estate.run("plan", "--detailed-exitcode").exit()).isZero();
            assertThat(killedIn).hasSizeGreaterThan(12);
            isWhole(estate);
        }
    }

    private static void isWhole(RealEstate estate) {
        try (Client client = Client.admin(estate, "social", estate.address(1) + ":27017")) {
            assertThat(client.admin("{listShards: 1}").getList("shards", Document.class))
                    .hasSize(2);
            assertThat(client.admin("{usersInfo: 1}").getList("users", Document.class))
                    .hasSize(2);
            assertThat(client.admin("{balancerStatus: 1}").getString("mode")).isEqualTo("off");
        }
    }

    /** Runs apply until it begins a step in which it was not killed yet; false when it ends before. */
    private static boolean killedInANewStep(RealEstate estate, Set<String> killedIn) throws Exception {
        Process cli = estate.start("apply", "--yes");
        while (cli.isAlive()) {
            List<JsonNode> entries = estate.ledger();
            for (JsonNode entry : entries) {
                boolean begins = entry.path("kind").asText().equals("STEP_STARTED");
                if (begins && killedIn.add(entry.path("step").asText())) {
                    cli.destroyForcibly().waitFor();
                    return true;
                }
            }
            Patience.pause(5);
        }
        String output = Files.readString(estate.folder().resolve("process.out"));
        assertThat(cli.exitValue()).as(output).isZero();
        return false;
    }
}
