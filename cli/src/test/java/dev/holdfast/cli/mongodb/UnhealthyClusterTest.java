package dev.holdfast.cli.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.FaultRow;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** A real sharded cluster with one fault at a time: no command calls it healthy or as declared, and every hint leads out. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("real")
class UnhealthyClusterTest {

    /** The rows of the default test command; all others run with {@code scripts/test --long}. */
    private static final Set<String> ALWAYS = Set.of(
            "member frozen",
            "role granted by hand",
            "priority changed by hand",
            "index missing on one shard",
            "balancer stopped");

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: unhealthy-test
            environment: lab
            hosts:
              a1: { address: 127.0.1.1, zone: a, region: r, reach: local }
              b1: { address: 127.0.1.2, zone: b, region: r, reach: local }
              c1: { address: 127.0.1.3, zone: c, region: r, reach: local }
            clusters:
              social:
                engine: mongodb
                configServers: [ a1 ]
                shards:
                  shard-a: [ a1, b1, { host: c1, arbiter: true } ]
                  shard-b: [ b1 ]
                routers: [ a1, b1 ]
                defaults: { writeConcern: majority, readConcern: majority }
                users:
                  clerk: { roles: [ read@social ] }
                schema: schema/notes.yaml
                settings:
                  storage.wiredTiger.engineConfig.cacheSizeGB: 0.25
                  storage.wiredTiger.engineConfig.configString: "log=(file_max=8MB,prealloc=false)"
            """;

    private static final String NOTES = """
            apiVersion: holdfast.dev/v1
            domain: social
            store: mongodb
            about: Notes

            entities:
              note:
                about: A note
                key: note_id
                shardKey: note_id hashed
                fields:
                  note_id: uuid
                  title: text(120)
                  author: text(120)
                  at: instant
                indexes:
                  - title
            """;

    private final List<AutoCloseable> held = new ArrayList<>();
    private RealEstate estate;
    private RealSet shard;

    @BeforeAll
    void a_sharded_cluster_is_born() throws IOException {
        estate = RealEstate.ofText(TOPOLOGY);
        Files.createDirectories(estate.folder().resolve("schema"));
        Files.writeString(estate.folder().resolve("schema/notes.yaml"), NOTES);
        shard = new RealSet(estate, "social/shard-a");
        Ended ended = estate.run("apply", "--yes");
        assertThat(ended.exit()).as(ended.toString()).isZero();
    }

    @AfterAll
    void nothing_is_left() throws Exception {
        for (AutoCloseable one : held) {
            one.close();
        }
        estate.close();
    }

    @TestFactory
    Stream<DynamicTest> the_fault_is_named_and_its_hint_leads_out() {
        return rows().stream()
                .filter(r -> r.isAsked(ALWAYS))
                .map(r -> DynamicTest.dynamicTest(r.toString(), () -> r.run(estate)));
    }

    private static String id(String host, String group) {
        return "social/" + group + "/" + host;
    }

    private RealSet set(String group) {
        return new RealSet(estate, "social/" + group);
    }

    private void stop(String host, String group) throws Exception {
        signal(host, group, "TERM");
        String id = id(host, group);
        Patience.until(id + " has ended", () -> !set(group).isRunning(id));
    }

    private void signal(String host, String group, String signal) throws Exception {
        set(group).signal(id(host, group), signal);
    }

    private Client at(String host, int port) {
        return Client.admin(estate, "social", estate.address(host.charAt(0) - 'a' + 1) + ":" + port);
    }

    private Client router() {
        return at("a1", 27017);
    }

    private Document onRouter(String database, String command) {
        try (Client client = router()) {
            return client.command(database, command);
        }
    }

    /** Says a command to the primary of shard-a. */
    private Document onShard(String command) {
        return shard.runCommand(shard.awaitPrimary(), command);
    }

    private String other() {
        return RealSet.member(shard.awaitPrimary()).equals("a1") ? "b1" : "a1";
    }

    /** Changes one field of one member of shard-a by hand. */
    private void reconfigure(String host, String field, Object value) {
        Document config = onShard("{replSetGetConfig: 1}").get("config", Document.class);
        config.put("version", config.getInteger("version") + 1);
        String address = estate.address(host.charAt(0) - 'a' + 1) + ":";
        config.getList("members", Document.class).stream()
                .filter(m -> m.getString("host").startsWith(address))
                .forEach(m -> m.put(field, value));
        onShard(new Document("replSetReconfig", config).toJson());
    }

    private void remove(String host) {
        Document config = onShard("{replSetGetConfig: 1}").get("config", Document.class);
        config.put("version", config.getInteger("version") + 1);
        String address = estate.address(host.charAt(0) - 'a' + 1) + ":";
        config.put(
                "members",
                config.getList("members", Document.class).stream()
                        .filter(m -> !m.getString("host").startsWith(address))
                        .toList());
        onShard(new Document("replSetReconfig", config).toJson());
    }

    private List<FaultRow> rows() {
        List<FaultRow> rows = new ArrayList<>();
        String[] member = {""};
        rows.add(FaultRow.of("member stopped", () -> stop(member[0] = other(), "shard-a"))
                .critical()
                .status("is down")
                .plan(2, "shard-a"));
        rows.add(FaultRow.of("primary killed", () -> shard.kill(shard.awaitPrimary()))
                .critical()
                .status("shard-a")
                .plan(2, "shard-a"));
        rows.add(FaultRow.of("member frozen", () -> signal(member[0] = other(), "shard-a", "STOP"))
                .silent()
                .critical()
                .status("does not answer")
                .plan(10, "shard-a")
                .onlyManually("kill -CONT", () -> signal(member[0], "shard-a", "CONT")));
        rows.add(FaultRow.of("port taken by another process", () -> {
                    stop(member[0] = other(), "shard-a");
                    held.add(new ServerSocket(
                            27018, 5, InetAddress.getByName(estate.address(member[0].charAt(0) - 'a' + 1))));
                })
                .silent()
                .critical()
                .status("shard-a")
                .plan(4, "shard-a")
                .manually("", () -> held.remove(0).close()));
        rows.add(FaultRow.of("arbiter killed", () -> shard.kill(id("c1", "shard-a")))
                .status("c1 is down")
                .plan(2, "c1"));
        rows.add(FaultRow.of("router killed", () -> set("routers").kill(id("b1", "routers")))
                .status("b1 is down")
                .plan(2, "routers"));
        rows.add(FaultRow.of("router frozen", () -> set("routers").signal(id("b1", "routers"), "STOP"))
                .silent()
                .status("routers/b1 does not answer")
                .plan(10, "routers/b1")
                .onlyManually("kill -CONT", () -> set("routers").signal(id("b1", "routers"), "CONT")));
        rows.add(FaultRow.of("password changed by hand", () -> onRouter("admin", "{updateUser: 'clerk', pwd: 'x'}"))
                .status("clerk")
                .plan(2, "clerk"));
        rows.add(FaultRow.of(
                        "role granted by hand",
                        () -> onRouter("admin", "{grantRolesToUser: 'clerk', roles: ['dbAdmin']}"))
                .status("clerk")
                .plan(2, "clerk"));
        rows.add(FaultRow.of("user dropped by hand", () -> onRouter("admin", "{dropUser: 'clerk'}"))
                .status("clerk")
                .plan(2, "clerk"));
        rows.add(FaultRow.of("member removed by hand", () -> remove(other()))
                .status("is not in its configuration")
                .plan(2, "shard-a"));
        rows.add(FaultRow.of("priority changed by hand", () -> reconfigure(other(), "priority", 7))
                .status("priority")
                .plan(2, "priority"));
        rows.add(FaultRow.of("vote taken by hand", () -> {
                    Document config = onShard("{replSetGetConfig: 1}").get("config", Document.class);
                    config.put("version", config.getInteger("version") + 1);
                    String address = estate.address(other().charAt(0) - 'a' + 1) + ":";
                    config.getList("members", Document.class).stream()
                            .filter(m -> m.getString("host").startsWith(address))
                            .forEach(m -> {
                                m.put("priority", 0);
                                m.put("votes", 0);
                            });
                    onShard(new Document("replSetReconfig", config).toJson());
                })
                .status("votes")
                .plan(2, "votes"));
        rows.add(FaultRow.of("member hidden by hand", () -> {
                    Document config = onShard("{replSetGetConfig: 1}").get("config", Document.class);
                    config.put("version", config.getInteger("version") + 1);
                    String address = estate.address(other().charAt(0) - 'a' + 1) + ":";
                    config.getList("members", Document.class).stream()
                            .filter(m -> m.getString("host").startsWith(address))
                            .forEach(m -> {
                                m.put("priority", 0);
                                m.put("hidden", true);
                            });
                    onShard(new Document("replSetReconfig", config).toJson());
                })
                .status("hidden")
                .plan(2, "hidden"));
        rows.add(FaultRow.of("oplog resized by hand", () -> onShard("{replSetResizeOplog: 1, size: 1500.0}"))
                .status("oplog")
                .plan(2, "oplog"));
        rows.add(FaultRow.of("index missing on one shard", () -> {
                    try (Client client = at("b1", 27020)) {
                        client.command("social", "{dropIndexes: 'note', index: {title: 1}}");
                    }
                })
                .status("index")
                .plan(2, "title"));
        rows.add(FaultRow.of("index dropped", () -> onRouter("social", "{dropIndexes: 'note', index: {title: 1}}"))
                .status("title")
                .plan(2, "title"));
        rows.add(FaultRow.of("validator changed by hand", () -> onRouter("social", "{collMod: 'note', validator: {}}"))
                .status("note")
                .plan(2, "note"));
        rows.add(FaultRow.of(
                        "write concern changed by hand",
                        () -> onRouter("admin", "{setDefaultRWConcern: 1, defaultWriteConcern: {w: 1, wtimeout: 0}}"))
                .status("Set the default concerns")
                .plan(2, "Set the default concerns"));
        rows.add(FaultRow.of("balancer stopped", () -> onRouter("admin", "{balancerStop: 1}"))
                .status("the balancer is off, desired on")
                .plan(2, "balancer"));
        return rows;
    }
}
