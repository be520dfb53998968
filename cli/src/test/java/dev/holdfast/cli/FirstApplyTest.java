package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.cli.RealEstate.Ended;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first apply of an empty estate does the steps that plan lists and the confirmation counts, and no other. */
@Tag("real")
class FirstApplyTest {

    private static final int REFUSED = 4;

    private static final String HOSTS = """
            apiVersion: holdfast.dev/v1
            name: first-test
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
              b1: { address: 127.0.1.2, zone: b, region: r, reach: local }
            clusters:
            """;

    private static final String POSTGRES = HOSTS + """
              payments:
                engine: postgresql
                durability: protect
                primary: a1
                standbys: { b1: sync }
                proxy: [ a1 ]
                users:
                  clerk: { roles: [ pg_read_all_data ] }
                backup: { full: weekly, archive: continuous, repository: /var/lib/holdfast/backup }
                settings: { shared_buffers: 16MB, max_wal_size: 256MB }
            """;

    private static final String MONGODB = HOSTS + """
              social:
                engine: mongodb
                configServers: [ a1 ]
                shards:
                  shard-a: [ a1 ]
                routers: [ a1 ]
                defaults: { writeConcern: majority, readConcern: majority }
                users:
                  clerk: { roles: [ read@social ] }
                settings:
                  storage.wiredTiger.engineConfig.cacheSizeGB: 0.25
                  storage.wiredTiger.engineConfig.configString: "log=(file_max=8MB,prealloc=false)"
            """;

    @ParameterizedTest
    @ValueSource(strings = {POSTGRES, MONGODB})
    void does_what_plan_lists_and_the_confirmation_counts(String topology) throws Exception {
        try (RealEstate estate = RealEstate.ofText(topology)) {
            int planned = 0;
            for (JsonNode stage : estate.run("plan", "-o", "json").json().path("stages")) {
                planned += stage.path("steps").size();
            }
            Ended asked = estate.run("apply");
            assertThat(asked.exit()).as(asked.toString()).isEqualTo(REFUSED);
            assertThat(asked.err()).contains(planned + " steps need confirmation");
            estate.applyAsPlanned();
            estate.settled();
        }
    }
}
