package dev.holdfast.cli.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import dev.holdfast.cli.ServersUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an apply must not do to data that is there: on real servers. */
@Tag("real")
class DataAtRiskTest {

    private static final String SETTINGS = """
                settings:
                  storage.wiredTiger.engineConfig.cacheSizeGB: 0.25
                  storage.wiredTiger.engineConfig.configString: "log=(file_max=8MB,prealloc=false)"
                  setParameter.diagnosticDataCollectionEnabled: false
            """;

    private static final String HEAD = """
            apiVersion: holdfast.dev/v1
            name: at-risk
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
              b1: { address: 127.0.1.2, zone: b, region: r, reach: local }
              c1: { address: 127.0.1.3, zone: c, region: r, reach: local }
            clusters:
              db:
                engine: mongodb
            """;

    static final String SET = HEAD + """
                replicaSet: { name: rs, members: [ a1, b1, c1 ], electionTimeout: 3s, heartbeat: 500ms }
            """ + SETTINGS;

    private static final String SHARDED = HEAD + """
                configServers: [ a1 ]
                shards:
                  shard-a: [ a1 ]
            %s    routers: [ c1 ]
            """ + SETTINGS;

    private static Ended run(RealEstate estate, int exit, String... words) {
        Ended ended = estate.run(words);
        assertThat(ended.exit()).as(ended.toString()).isEqualTo(exit);
        return ended;
    }

    @Test
    void a_set_keeps_its_servers_and_its_acknowledged_writes() throws Exception {
        try (RealEstate estate = RealEstate.ofText(SET)) {
            run(estate, 0, "apply", "--yes");
            RealSet set = new RealSet(estate, "db/rs");
            String primary = set.awaitPrimary();
            settingsThatCannotBe(estate, set);
            primary = set.awaitPrimary();

            List<String> others = new ArrayList<>(List.of("db/rs/a1", "db/rs/b1", "db/rs/c1"));
            others.remove(primary);
            String behind = others.get(0);
            String wiped = others.get(1);
            set.kill(behind);
            for (int i = 0; i < 50; i++) {
                Document reply = set.runCommand(
                        primary,
                        "{insert: 'kept', documents: [{_id: " + i
                                + "}], writeConcern: {w: 'majority', wtimeout: 20000}}");
                assertThat(reply.containsKey("writeConcernError"))
                        .as(reply.toJson())
                        .isFalse();
            }
            set.kill(wiped);
            delete(set.directory(wiped).resolve("data"));
            set.signal(primary, "STOP");
            try {
                Ended held = estate.run("apply", "--yes", "--timeout", "60s");
                assertThat(held.exit()).as(held.toString()).isNotZero();
                Ended why = estate.run("plan"); // the run may have ended while it waited for the frozen member
                assertThat(why.out() + why.err())
                        .contains("is empty and db/rs has no primary, so Holdfast does not start the member");
                assertThat(set.directory(wiped).resolve("data")).doesNotExist();
            } finally {
                set.signal(primary, "CONT");
            }
            set.awaitPrimary();
            Ended planned = run(estate, 0, "plan");
            assertThat(planned.out() + planned.err()).contains("an empty member must not vote");
            run(estate, 0, "apply", "--yes");
            assertThat(set.runCommand(set.awaitPrimary(), "{count: 'kept'}").get("n"))
                    .isEqualTo(50);
            Patience.until(
                    "nothing is to do",
                    () -> estate.run("plan", "--detailed-exitcode").exit() == 0);
            String last = wiped;
            Patience.until("its copy has all", () -> count(set, last) == 50);
        }
    }

    /** The two members that acknowledged are gone: one is stopped, the other one was wiped and is started by hand, empty. */
    @Test
    void a_primary_that_was_elected_by_an_empty_voter_makes_no_member_roll_back() throws Exception {
        try (RealEstate estate = RealEstate.ofText(SET)) {
            run(estate, 0, "apply", "--yes");
            RealSet set = new RealSet(estate, "db/rs");
            List<String> others = new ArrayList<>(List.of("db/rs/a1", "db/rs/b1", "db/rs/c1"));
            String primary = set.awaitPrimary();
            others.remove(primary);
            String behind = others.get(0);
            String wiped = others.get(1);
            set.kill(behind);
            write(set, primary, "kept", "'majority'", 50);
            set.kill(primary);
            set.kill(wiped);
            delete(set.directory(wiped).resolve("data"));
            ServersUser.giveToMongo(Files.createDirectory(set.directory(wiped).resolve("data")));
            set.start(behind, RealSet.mongod());
            set.start(wiped, RealSet.mongod());
            assertThat(set.awaitPrimary()).isEqualTo(behind);
            Patience.until(
                    "the wiped member has copied all data",
                    () -> set.runCommand(wiped, "{hello: 1}").getBoolean("secondary", false));

            String name = RealSet.member(primary);
            assertThat(estate.run("status").out()).contains(name + " is stopped and can have acknowledged writes");
            assertThat(run(estate, 4, "rejoin", primary, "--yes").err()).contains("must be compared");
            Ended applied = run(estate, 7, "apply", "--yes");
            assertThat(applied.err())
                    .contains("Remove " + set.endpoint(primary))
                    .containsPattern(name + " has \\d+ changes up to .* that " + RealSet.member(behind) + " lacks")
                    .contains("holdfast failover db/rs --to " + name + " --accept-data-loss");
            run(estate, 5, "failover", "db", "--to", name, "--yes", "--accept-data-loss");
            run(estate, 0, "rejoin", behind, "--yes");
            run(estate, 0, "rejoin", wiped, "--yes");
            run(estate, 0, "apply", "--yes");
            assertThat(set.runCommand(set.awaitPrimary(), "{count: 'kept'}").get("n"))
                    .isEqualTo(50);
        }
    }

    @Test
    void a_configuration_that_was_forced_manually_loses_nothing_by_itself() throws Exception {
        try (RealEstate estate = RealEstate.ofText(SET)) {
            run(estate, 0, "apply", "--yes");
            RealSet set = new RealSet(estate, "db/rs");
            for (boolean keepsOld : List.of(true, false)) {
                aForcedConfigurationLosesNothingByItself(estate, set, keepsOld);
            }
        }
    }

    /** A configuration is forced by hand on a member that lacks what the two others acknowledged. */
    private static void aForcedConfigurationLosesNothingByItself(RealEstate estate, RealSet set, boolean keepsOld)
            throws Exception {
        List<String> others = new ArrayList<>(List.of("db/rs/a1", "db/rs/b1", "db/rs/c1"));
        String old = set.awaitPrimary();
        others.remove(old);
        String stray = others.remove(0);
        set.kill(stray);
        String collection = keepsOld ? "old" : "other";
        write(set, old, collection, "'majority'", 20);
        set.kill(old);
        set.kill(others.get(0));
        set.start(stray, RealSet.mongod());
        Patience.until(stray + " answers", () -> set.answers(stray));
        Document config =
                (Document) set.runCommand(stray, "{replSetGetConfig: 1}").get("config");
        config.getList("members", Document.class)
                .removeIf(m -> !m.getString("host").equals(set.endpoint(stray)));
        config.put("version", config.getInteger("version") + 1);
        set.runCommand(
                stray,
                new Document("replSetReconfig", config).append("force", true).toJson());
        assertThat(set.awaitPrimary()).isEqualTo(stray);
        write(set, stray, "stray", "1", 5);

        Ended applied = run(estate, 7, "apply", "--yes");
        String name = RealSet.member(old);
        assertThat(applied.err())
                .containsPattern(name + " has \\d+ changes up to .* that " + RealSet.member(stray) + " lacks")
                .contains("holdfast rejoin db/rs/" + name + " --accept-data-loss")
                .contains("holdfast failover db/rs --to " + name + " --accept-data-loss");
        assertThat(estate.run("status").out()).contains("needs attention").contains("lacks");
        run(estate, 7, "plan");
        run(estate, 7, "rejoin", old, "--yes");
        run(estate, 7, "failover", "db", "--yes", "--accept-data-loss");
        if (keepsOld) {
            run(estate, 7, "failover", "db", "--to", name, "--yes");
            run(estate, 5, "failover", "db", "--to", name, "--yes", "--accept-data-loss");
            Ended rejoined = run(estate, 0, "rejoin", stray, "--yes");
            // a member that committed alone cannot roll that back: its data is kept aside
            assertThat(rejoined.err()).contains("Set aside the data of " + stray);
        } else {
            run(estate, 0, "rejoin", old, "--yes", "--accept-data-loss");
            run(estate, 0, "rejoin", others.get(0), "--yes", "--accept-data-loss");
        }
        run(estate, 0, "apply", "--yes");
        assertThat(set.runCommand(set.awaitPrimary(), "{count: '" + collection + "'}")
                        .get("n"))
                .isEqualTo(keepsOld ? 20 : 0);
        Patience.until(
                "nothing is to do",
                () -> estate.run("plan", "--detailed-exitcode").exit() == 0);
    }

    private static void write(RealSet set, String member, String collection, String concern, int documents) {
        String all =
                IntStream.range(0, documents).mapToObj(i -> "{n: " + i + "}").collect(Collectors.joining(", "));
        Document reply = set.runCommand(
                member,
                "{insert: '" + collection + "', documents: [" + all + "], writeConcern: {w: " + concern
                        + ", wtimeout: 20000}}");
        assertThat(reply.containsKey("writeConcernError")).as(reply.toJson()).isFalse();
    }

    private static int count(RealSet set, String member) {
        return ((Number) set.runCommand(member, "{count: 'kept'}").get("n")).intValue();
    }

    /** One is refused from what the data was made with, one by the program, one only when the server starts. */
    private static void settingsThatCannotBe(RealEstate estate, RealSet set) throws Exception {
        long before = set.pid("db/rs/a1");
        estate.rewrite(SET + "      storage.directoryPerDB: true\n");
        Ended made = run(estate, 4, "apply", "--yes");
        assertThat(made.err()).contains("storage.directoryPerDB is false in the existing data, desired true");
        assertThat(estate.changes()).isZero();
        assertThat(set.pid("db/rs/a1")).isEqualTo(before);

        List<Long> pids = pids(set);
        estate.rewrite(SET + "      setParameter.wiredTigerConcurrentReadTransactionsX: 8\n");
        Ended refused = estate.run("apply", "--yes");
        assertThat(refused.exit()).as(refused.toString()).isNotZero();
        assertThat(refused.err()).contains("Unknown --setParameter");
        assertThat(pids(set)).isEqualTo(pids);

        estate.rewrite(SET.replace("prealloc=false", "prealloc=false,nonsense=1"));
        Ended late = estate.run("apply", "--yes");
        assertThat(late.exit()).as(late.toString()).isNotZero();
        assertThat(late.err()).contains("nonsense").contains("the server runs again with its earlier configuration");
        Patience.until(
                "all members answer", () -> Stream.of("a1", "b1", "c1").allMatch(m -> set.answers("db/rs/" + m)));
        estate.rewrite(SET);
        Patience.until(
                "nothing is to do",
                () -> estate.run("plan", "--detailed-exitcode").exit() == 0);
    }

    private static List<Long> pids(RealSet set) throws IOException {
        return List.of(set.pid("db/rs/a1"), set.pid("db/rs/b1"), set.pid("db/rs/c1"));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void a_shard_that_the_file_leaves_out_goes_on_running() throws Exception {
        try (RealEstate estate = RealEstate.ofText(SHARDED.formatted("      shard-b: [ b1 ]\n"))) {
            run(estate, 0, "apply", "--yes");
            RealSet set = new RealSet(estate, "db/shard-b");
            long pid = set.pid("db/shard-b/b1");
            estate.rewrite(SHARDED.formatted(""));
            Ended refused = run(estate, 4, "apply", "--yes");
            assertThat(refused.err())
                    .contains("in config.shards that the file does not declare")
                    .contains("removeShard");
            assertThat(estate.changes()).isZero();
            run(estate, 4, "plan");
            Ended status = estate.run("status");
            assertThat(status.out()).contains("needs attention").contains("shard shard-b in config.shards");
            assertThat(ProcessHandle.of(pid)).isPresent();
            assertThat(set.pid("db/shard-b/b1")).isEqualTo(pid);
            estate.rewrite(SHARDED.formatted("      shard-b: [ b1 ]\n"));
            run(estate, 0, "plan", "--detailed-exitcode");
        }
    }
}
