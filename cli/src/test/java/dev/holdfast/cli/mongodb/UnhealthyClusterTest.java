package dev.holdfast.cli.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.FaultRow;
import dev.holdfast.cli.Patience;
import dev.holdfast.cli.RealEstate;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
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
            "balancer stopped",
            "member fenced",
            "shard draining",
            "duplicates refuse a unique index",
            "feature compatibility version of one shard",
            "secret of a user lost",
            "secrets of this machine lost");

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
            objectives: { rpo: 60s }
            configServers: [ a1, b1, c1 ]
            shards:
              shard-a: [ a1, b1, { host: c1, arbiter: true } ]
              shard-b: [ b1 ]
            routers: [ a1, b1 ]
            defaults: { writeConcern: majority, readConcern: majority }
            users:
              clerk: { roles: [ read@social ] }
            schema: schema/notes.yaml
            backup: { base: daily, oplogEvery: 30s, repository: /var/lib/holdfast/backup }
            settings:
              net.maxIncomingConnections: 200
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
          label:
            about: A label
            key: label_id
            fields:
              label_id: uuid
              name: text(40)
            unique:
              - name
        """;

    private final List<AutoCloseable> held = new ArrayList<>();
    private RealEstate estate;
    private RealSet shard;
    private Process archiver;

    @BeforeAll
    void a_sharded_cluster_is_created() throws Exception {
        estate = RealEstate.ofText(TOPOLOGY);
        Files.createDirectories(estate.folder().resolve("schema"));
        Files.writeString(estate.folder().resolve("schema/notes.yaml"), NOTES);
        shard = new RealSet(estate, "social/shard-a");
        Ended ended = estate.run("apply", "--yes");
        for (int again = 0; again < 3 && ended.exit() != 0; again++) {
            ended = estate.run("apply", "--yes"); // on a busy machine a host can answer too late, and apply continues
        }
        assertThat(ended.exit()).as(ended.toString()).isZero();
        assertThat(estate.settled().out()).contains("note: social: no base backup is in ");
        Ended backup = estate.run("backup", "run", "social", "--yes");
        assertThat(backup.exit()).as(backup.toString()).isZero();
        startArchiver(); // it begins where the backup ended
        estate.whenHealthy();
    }

    private void startArchiver() throws Exception {
        archiver = estate.start("backup", "archive");
    }

    @AfterAll
    void nothing_is_left() throws Exception {
        for (AutoCloseable one : held) {
            one.close();
        }
        archiver.destroyForcibly().waitFor();
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
                .status("is not in the configuration")
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
        rows.addAll(furtherRows());
        return rows;
    }

    private List<FaultRow> furtherRows() {
        List<FaultRow> rows = new ArrayList<>();
        String[] member = {""};
        rows.add(FaultRow.of("base backup overdue", this::makeBackupOld)
                .status("social: a base backup is overdue: the newest began at 2026-01-01T00:00:00Z")
                .plan(2, "open: social: a base backup is overdue")
                .applyLeavesItOpen()
                .out("backup run social"));
        rows.add(FaultRow.of("archiver killed", () -> archiver.destroyForcibly().waitFor())
                .critical()
                .after(this::isObjectiveMissed)
                .status("social: the oplog of config, shard-a, shard-b has not been archived since")
                .plan(2, "open: social: the oplog of config, shard-a, shard-b has not been archived since")
                .onlyManually("HINT: holdfast backup archive starts the archiver", this::startArchiver));
        rows.add(FaultRow.of("unit of the archiver stopped", this::stopUnit)
                .critical()
                .after(this::isObjectiveMissed)
                .status("Start holdfast-archive-unhealthy-test.service")
                .plan(2, "Start holdfast-archive-unhealthy-test.service", "; the unit is failed"));
        rows.add(FaultRow.of("config server stopped", () -> stop("c1", "config"))
                .status("social/config/c1 is down")
                .plan(2, "Start mongod social/config/c1"));
        rows.add(FaultRow.of("lone shard stopped", () -> stop("b1", "shard-b"))
                .critical()
                .status("social/shard-b has no primary", "social/shard-b/b1 is down")
                .plan(2, "Start mongod social/shard-b/b1"));
        rows.add(FaultRow.of("member fenced", () -> {
                    stop(member[0] = other(), "shard-a");
                    Files.writeString(
                            set("shard-a").directory(id(member[0], "shard-a")).resolve("holdfast.fenced"),
                            "failover to another member\n");
                })
                .critical()
                .status("is fenced (failover to another member); HINT: holdfast rejoin social/shard-a/")
                .plan(
                        2,
                        "the member is fenced (failover to another member), and Holdfast does not start fenced members")
                .out(() -> "rejoin " + id(member[0], "shard-a")));
        rows.add(FaultRow.of("shard draining", () -> onRouter("admin", "{removeShard: 'shard-b'}"))
                .status("shard shard-b is being drained")
                .plan(2, "shard shard-b is being drained")
                .onlyManually(
                        "end the draining on a router: db.getSiblingDB(\"config\").shards.updateOne(",
                        () -> onRouter(
                                "config",
                                "{update: 'shards', updates: [{q: {_id: 'shard-b'}, u: {$unset: {draining: 1}}}]}")));
        rows.add(FaultRow.of("duplicates refuse a unique index", () -> {
                    onRouter("social", "{dropIndexes: 'label', index: {name: 1}}");
                    onRouter(
                            "social",
                            "{insert: 'label', bypassDocumentValidation: true,"
                                    + " documents: [{label_id: 1, name: 'x'}, {label_id: 2, name: 'x'}]}");
                })
                .status("social.label: the unique index", "cannot be built")
                .plan(4, "social.label: the unique index", "cannot be built")
                .manually(
                        "keep one document of each, then plan again",
                        () -> onRouter("social", "{delete: 'label', deletes: [{q: {name: 'x'}, limit: 0}]}")));
        rows.add(FaultRow.of("secrets of this machine lost", () -> Files.move(secrets(), kept()))
                .status("there is no such secret on this machine", "the configuration was not compared")
                .never(
                        "is not in the configuration",
                        "is not added",
                        "remove the directories",
                        "Create user",
                        "Create the collection")
                .plan(4, "there is no such secret on this machine")
                .applyChangesNothing()
                .onlyManually("run on the machine where the estate was applied", () -> Files.move(kept(), secrets())));
        rows.add(FaultRow.of("secret of a user lost", () -> Files.move(secrets().resolve("social.users.clerk"), kept()))
                .status("the password of clerk was not compared: secret social/users/clerk: there is no such secret")
                .plan(2, "the password of clerk was not compared")
                .applyChangesNothing()
                .onlyManually(
                        "run on the machine where the estate was applied",
                        () -> Files.move(kept(), secrets().resolve("social.users.clerk"))));
        rows.add(FaultRow.of(
                        "secret of the administrator lost",
                        () -> Files.move(secrets().resolve("social.admin"), kept()))
                .status("the password of holdfast was not compared: secret social/admin: there is no such secret")
                .plan(4, "the password of holdfast was not compared", "the schema was not compared")
                .never("Create the collection")
                .applyChangesNothing()
                .onlyManually(
                        "run on the machine where the estate was applied",
                        () -> Files.move(kept(), secrets().resolve("social.admin"))));
        rows.add(FaultRow.of("feature compatibility version of one shard", () -> setCompatibility("8.0"))
                .status("the feature compatibility versions differ", "shard-b=8.0")
                .plan(2, "the feature compatibility versions differ", "shard-b=8.0")
                .onlyManually(
                        "run on the primary of shard-b: db.adminCommand({ setFeatureCompatibilityVersion: \"8.2\","
                                + " confirm: true })",
                        () -> setCompatibility("8.2")));
        rows.add(FaultRow.of("all connections of the primary in use", this::connectUntilRefused)
                .silent()
                .critical()
                .status(
                        "because its connections have reached net.maxIncomingConnections",
                        "HINT: end client sessions of ")
                .plan(10, "because its connections have reached net.maxIncomingConnections", "end client sessions of ")
                .never("a firewall or a route", "Wait until")
                .onlyManually("end client sessions of ", () -> {
                    Ended failover = estate.run("failover", "social/shard-a", "--yes");
                    assertThat(failover.exit()).as(failover.toString()).isEqualTo(4);
                    assertThat(failover.err()).contains("HINT: end client sessions of ");
                    for (AutoCloseable session : held) {
                        session.close();
                    }
                    held.clear();
                }));
        return rows;
    }

    /** An archiver that has stopped is noticed after half a minute, and the objective is missed after the RPO. */
    private void isObjectiveMissed() {
        Patience.until("status reports the archive", () -> {
            Ended status = estate.run("status", "--nagios");
            return status.exit() == 2 && status.out().contains("has not been archived since");
        });
    }

    /** Ends the archiver, whose unit is one of a systemd that only knows this unit. */
    private void stopUnit() throws Exception {
        archiver.destroyForcibly().waitFor();
        Path programs = Files.createDirectories(estate.folder().resolve("programs"));
        Path started = programs.resolve("started");
        Path systemctl = Files.writeString(programs.resolve("systemctl"), """
            #!/bin/sh
            case $1 in
              show) printf 'LoadState=loaded\nActiveState=%%s\n' "$(cat '%1$s' 2>/dev/null || echo failed)" ;;
              start) echo active >'%1$s' ;;
            esac
            """.formatted(started));
        assertThat(systemctl.toFile().setExecutable(true)).isTrue();
        estate.with("PATH", programs + ":" + System.getenv("PATH"));
        Thread service = new Thread(() -> {
            Patience.until("the unit is started", () -> Files.exists(started));
            try {
                startArchiver();
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        });
        service.setDaemon(true);
        service.start();
    }

    /** Changes the feature compatibility version of shard-b alone. */
    private void setCompatibility(String version) {
        try (Client client = at("b1", 27020)) {
            client.admin("{setFeatureCompatibilityVersion: '" + version + "', confirm: true}");
        }
    }

    private Path secrets() {
        return estate.folder().resolve("home/unhealthy-test/secrets");
    }

    private Path kept() {
        return estate.folder().resolve("kept");
    }

    /** Gives every base backup the name and the times of a run of last winter. */
    private void makeBackupOld() throws Exception {
        Path root = estate.folder().resolve("b/mongodb/unhealthy-test/social");
        for (String group : List.of("config", "shard-a", "shard-b")) {
            Path base = root.resolve(group).resolve("base");
            try (Stream<Path> all = Files.list(base)) {
                for (Path copy : all.toList()) {
                    Path manifest = copy.resolve("manifest");
                    Files.writeString(
                            manifest,
                            Files.readString(manifest).replaceAll("(?m)^(started|stopped)\\t\\d+", "$1\t1767225600"));
                    Files.move(copy, base.resolve("20260101T000000Z"));
                }
            }
        }
    }

    /** Opens connections to the primary of shard-a until it closes one at once. */
    private void connectUntilRefused() throws IOException {
        String[] endpoint = shard.endpoint(shard.awaitPrimary()).split(":");
        for (int i = 0; i < 400; i++) {
            Socket socket = new Socket(endpoint[0], Integer.parseInt(endpoint[1]));
            held.add(socket);
            socket.setSoTimeout(50);
            try {
                if (socket.getInputStream().read() < 0) {
                    return;
                }
            } catch (SocketTimeoutException isOpen) {
                continue;
            }
        }
        throw new IllegalStateException("no connection was refused");
    }
}
