package dev.holdfast.cli.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Switchovers in a sharded cluster, as a client of its router observes them. */
@Tag("real")
class ShardSwitchoverTest {

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: moves
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
              b1: { address: 127.0.1.2, zone: b, region: r, reach: local }
              c1: { address: 127.0.1.3, zone: c, region: r, reach: local }
            clusters:
              shop:
                engine: mongodb
                configServers: [ a1, b1, c1 ]
                shards:
                  s1: [ a1, b1, c1 ]
                routers: [ a1 ]
                settings:
                  storage.wiredTiger.engineConfig.cacheSizeGB: 0.25
                  storage.wiredTiger.engineConfig.configString: "log=(file_max=8MB,prealloc=false)"
                  setParameter.diagnosticDataCollectionEnabled: false
            """;

    @Test
    void shards_and_config_servers_are_switched_over_and_no_write_is_lost() throws Exception {
        try (RealEstate estate = RealEstate.ofText(TOPOLOGY)) {
            Ended applied = estate.run("apply", "--yes");
            assertThat(applied.exit()).as(applied.toString()).isZero();
            theGroupMustBeNamed(estate);
            RealSet shard = new RealSet(estate, "shop/s1");
            try (Bystander writer = Bystander.of(estate, "s1")) {
                long begin = writer.now();
                isMoved(estate, shard, "shop/s1");
                isMoved(estate, new RealSet(estate, "shop/config"), "shop/config");
                writer.sees(50);
                long moved = writer.now();
                writer.stop();
                System.out.println("switchovers behind a router paused writes for ms: " + writer.pause(begin, moved));
                assertThat(writer.heldAgainst(shard.awaitPrimary()).lost()).isEmpty();
            }
        }
    }

    private static void theGroupMustBeNamed(RealEstate estate) {
        Ended wrong = estate.run("switchover", "shop", "--yes");
        assertThat(wrong.exit()).as(wrong.toString()).isEqualTo(64);
        assertThat(wrong.err()).contains("name one of shop/config, shop/s1");
    }

    private static void isMoved(RealEstate estate, RealSet set, String name) {
        String from = set.awaitPrimary();
        long term = set.term(from);
        Ended done = estate.run("switchover", name, "--yes");
        assertThat(done.exit()).as(done.toString()).isZero();
        String to = set.primary();
        assertThat(to).isNotEqualTo(from);
        assertThat(set.term(to)).as(done.toString()).isEqualTo(term + 1);
    }
}
