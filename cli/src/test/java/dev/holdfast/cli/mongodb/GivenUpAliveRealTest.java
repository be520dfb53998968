package dev.holdfast.cli.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Members that an operator has confirmed to be off, and that come back with a later term than the forced primary. */
@Tag("long")
class GivenUpAliveRealTest {

    private static final String REACHED = """
            apiVersion: holdfast.dev/v1
            name: given-up
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
              b1: { address: 127.0.1.2, zone: b, region: r, reach: local }
              c1: { address: 127.0.1.3, zone: c, region: r, reach: local }
              d1: { address: 127.0.1.4, zone: d, region: r, reach: local }
            clusters:
              db:
                engine: mongodb
                replicaSet:
                  name: rs
                  members: [ { host: a1, priority: 3 }, b1, c1, { host: d1, votes: 0, priority: 0 } ]
                  electionTimeout: 3s
                  heartbeat: 500ms
                settings:
                  storage.wiredTiger.engineConfig.cacheSizeGB: 0.25
                  setParameter.diagnosticDataCollectionEnabled: false
            """;

    private static final String UNREACHED = REACHED.replaceAll(
            "((?:b1|c1): \\{ address: [^,]*, zone: ., region: r, reach): local", "$1: { ssh: { user: dba, port: 1 } }");

    private static Ended run(RealEstate estate, int exit, String... words) {
        Ended ended = estate.run(words);
        assertThat(ended.exit()).as(ended.toString()).isEqualTo(exit);
        return ended;
    }

    private static Document config(RealSet set, String member) {
        return (Document) set.runCommand(member, "{replSetGetConfig: 1}").get("config");
    }

    private static boolean isPrimary(RealSet set, String member) {
        return set.answers(member) && set.runCommand(member, "{hello: 1}").getBoolean("isWritablePrimary", false);
    }

    private static void write(RealSet set, String member, String collection) {
        Document reply = set.runCommand(
                member,
                "{insert: '" + collection + "', documents: [{n: 1}, {n: 2}], writeConcern: {w: 'majority',"
                        + " wtimeout: 20000}}");
        assertThat(reply.containsKey("writeConcernError")).as(reply.toJson()).isFalse();
    }

    private static void signal(RealSet set, String signal, String... members) throws Exception {
        for (String member : members) {
            set.signal("db/rs/" + member, signal);
        }
    }

    private static void elect(RealSet set, String member) {
        Patience.until(member + " is primary", () -> {
            if (!isPrimary(set, member)) {
                set.runCommand(member, "{replSetStepUp: 1}");
            }
            return isPrimary(set, member);
        });
    }

    @Test
    void the_set_of_the_forced_primary_does_not_follow_them() throws Exception {
        try (RealEstate estate = RealEstate.ofText(REACHED)) {
            run(estate, 0, "apply", "--yes");
            RealSet set = new RealSet(estate, "db/rs");
            Patience.until("a1 is primary", () -> isPrimary(set, "db/rs/a1"));
            set.kill("db/rs/d1");
            signal(set, "STOP", "b1", "c1");
            Patience.until("a1 has stepped down", () -> !isPrimary(set, "db/rs/a1"));
            estate.rewrite(UNREACHED);
            run(estate, 5, "failover", "db", "--yes", "--accept-data-loss", "--override=others-silent");
            Ended status = estate.run("status");
            assertThat(status.out())
                    .contains("needs attention")
                    .contains("b1 was given up and has not shown that it knows the forced configuration");
            run(estate, 0, "rejoin", "db/rs/d1", "--yes");
            write(set, "db/rs/a1", "kept");
            int version = config(set, "db/rs/a1").getInteger("version");

            signal(set, "STOP", "a1", "d1");
            signal(set, "CONT", "b1", "c1");
            try {
                elect(set, "db/rs/b1");
                elect(set, "db/rs/c1");
                elect(set, "db/rs/b1");
                write(set, "db/rs/b1", "other");
            } finally {
                signal(set, "CONT", "a1", "d1");
            }
            for (String member : List.of("b1", "c1")) {
                Patience.until(
                        member + " is removed",
                        () -> !set.runCommand("db/rs/" + member, "{hello: 1}").containsKey("setName"));
            }
            Patience.until("a1 is primary again", () -> isPrimary(set, "db/rs/a1"));
            assertThat(config(set, "db/rs/a1").getInteger("version")).isEqualTo(version);
            estate.rewrite(REACHED);
            Ended applied = run(estate, 7, "apply", "--yes");
            assertThat(applied.err()).containsPattern("b1 has \\d+ changes? up to .* that a1 lacks");
            assertThat(set.runCommand("db/rs/a1", "{count: 'kept'}").get("n")).isEqualTo(2);
            run(estate, 0, "rejoin", "db/rs/b1", "--yes", "--accept-data-loss");
            run(estate, 0, "rejoin", "db/rs/c1", "--yes", "--accept-data-loss");
            run(estate, 0, "apply", "--yes");
            assertThat(set.runCommand(set.awaitPrimary(), "{count: 'kept'}").get("n"))
                    .isEqualTo(2);
        }
    }
}
