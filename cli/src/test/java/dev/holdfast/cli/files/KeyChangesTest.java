package dev.holdfast.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.BuiltIns;
import dev.holdfast.config.ChangeKind;
import dev.holdfast.config.EstateSchema;
import dev.holdfast.config.KeyReference;
import dev.holdfast.engine.UndeclaredServers;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.FakeMongo;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.RunbookOutcome;
import dev.holdfast.plan.RunbookRunner;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.FakePostgres;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.world.FakeWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every key of the topology file has a kind of change, and the plan for a changed key on an applied estate is of that kind:
 * never empty where the servers differ, and a refusal always names the way to do it.
 */
@Tag("unit")
class KeyChangesTest {

    private static final String ESTATE = """
            apiVersion: holdfast.dev/v1
            name: estate
            environment: lab
            directory: /h
            hosts:
              a1: { address: 10.0.0.1, zone: zone-a, region: north, reach: local }
              b1: { address: 10.0.0.2, zone: zone-b, region: north, reach: local }
              c1: { address: 10.0.0.3, zone: zone-c, region: south, reach: local }
              d1: { address: 10.0.0.4, zone: zone-a, region: north, reach: local }
            clusters:
            """;

    private static final String REPLICA_SET = ESTATE + """
              shop:
                engine: mongodb
                objectives: { rpo: 5m, rto: 5m }
                replicaSet: { members: [ { host: a1 }, { host: b1 }, { host: c1 } ] }
                electionTimeout: 10s
                heartbeat: 2s
                oplogSize: 1GB
                users: { app: { roles: [ readWrite@shop ] } }
                settings: { setParameter.ttlMonitorSleepSecs: 60 }
            """;

    private static final String SHARDED = ESTATE + """
              social:
                engine: mongodb
                configServers: [ a1, b1, c1 ]
                shards: { shard-a: [ a1, b1, c1 ] }
                routers: [ a1, { host: b1 } ]
                users: { app: { roles: [ readWrite@shop ] } }
            """;

    private static final String TRIO = ESTATE + """
              payments:
                engine: postgresql
                objectives: { rpo: 5m, rto: 2m }
                durability: protect
                primary: { host: a1 }
                standbys: { b1: { mode: sync }, c1: { mode: async } }
                dr: { d1: { mode: async } }
                proxy: [ { host: a1 }, { host: b1 } ]
                users: { clerk: { roles: [ pg_read_all_data ] } }
                settings: { work_mem: 4MB }
            """;

    /** One change of a file, and the key that it changes. */
    record Change(String key, String base, String from, String to) {
        @Override
        public String toString() {
            return key + ": " + from.strip() + " -> " + to.strip();
        }
    }

    private static final String C = "clusters.<name>.";
    private static final String M = C + "replicaSet.members[].";

    static List<Change> changes() {
        List<Change> all = new ArrayList<>();
        for (String base : List.of(REPLICA_SET, TRIO)) {
            all.add(new Change("name", base, "name: estate", "name: other"));
            all.add(new Change("environment", base, "environment: lab", "environment: staging"));
            all.add(new Change("directory", base, "directory: /h", "directory: /other"));
            all.add(new Change("services", base, "environment: lab", "environment: lab\nservices: systemd"));
            all.add(new Change(
                    "hosts.<name>.services", base, "south, reach: local", "south, reach: local, services: systemd"));
            all.add(new Change("hosts.<name>.address", base, "10.0.0.3,", "10.0.0.13,"));
            all.add(new Change("hosts.<name>.address", base, "10.0.0.1,", "10.0.0.11,"));
            all.add(new Change("hosts.<name>.zone", base, "zone: zone-c", "zone: zone-x"));
            all.add(new Change("hosts.<name>.region", base, "region: south", "region: west"));
            all.add(new Change(
                    "hosts.<name>.directory", base, "south, reach: local", "south, reach: local, directory: /other"));
        }
        all.add(new Change(
                "hosts",
                TRIO,
                "  d1: {",
                "  e1: { address: 10.0.0.5, zone: zone-b, region: north, reach: local }\n  d1: {"));
        all.add(new Change(C + "routers[].port", SHARDED, "{ host: b1 }", "{ host: b1, port: 27077 }"));
        all.add(new Change("clusters", REPLICA_SET, "  shop:", "  market:"));
        all.add(new Change("clusters", TRIO, "  payments:", "  orders:"));
        all.add(new Change("drills", REPLICA_SET, "clusters:", "drills: { overdue: 30d }\nclusters:"));
        all.add(new Change("drills.overdue", REPLICA_SET, "clusters:", "drills: { overdue: 30d }\nclusters:"));
        all.add(new Change(C + "electionTimeout", REPLICA_SET, "electionTimeout: 10s", "electionTimeout: 5s"));
        all.add(new Change(C + "heartbeat", REPLICA_SET, "heartbeat: 2s", "heartbeat: 1s"));
        all.add(new Change(C + "oplogSize", REPLICA_SET, "oplogSize: 1GB", "oplogSize: 2GB"));
        all.add(new Change(C + "replicaSet", REPLICA_SET, "{ host: c1 }", "{ host: c1 }, { host: d1 }"));
        all.add(new Change(C + "replicaSet", REPLICA_SET, ", { host: c1 }", ""));
        all.add(new Change(C + "replicaSet.members", REPLICA_SET, "[ { host: a1 },", "["));
        all.add(new Change(M + "host", REPLICA_SET, "{ host: c1 }", "{ host: d1 }"));
        all.add(new Change(M + "port", REPLICA_SET, "{ host: c1 }", "{ host: c1, port: 27099 }"));
        all.add(new Change(M + "port", REPLICA_SET, "{ host: a1 }", "{ host: a1, port: 27099 }"));
        all.add(new Change(M + "directory", REPLICA_SET, "{ host: c1 }", "{ host: c1, directory: /other/c }"));
        all.add(new Change(M + "priority", REPLICA_SET, "{ host: c1 }", "{ host: c1, priority: 5 }"));
        all.add(new Change(M + "priority", REPLICA_SET, "{ host: c1 }", "{ host: c1, priority: 0 }"));
        all.add(new Change(M + "votes", REPLICA_SET, "{ host: c1 }", "{ host: c1, votes: 0 }"));
        all.add(new Change(M + "hidden", REPLICA_SET, "{ host: c1 }", "{ host: c1, hidden: true }"));
        all.add(new Change(M + "hidden", REPLICA_SET, "{ host: a1 }", "{ host: a1, hidden: true }"));
        all.add(new Change(M + "delay", REPLICA_SET, "{ host: c1 }", "{ host: c1, hidden: true, delay: 1h }"));
        all.add(new Change(M + "arbiter", REPLICA_SET, "{ host: c1 }", "{ host: c1, arbiter: true }"));
        all.add(new Change(M + "tags", REPLICA_SET, "{ host: c1 }", "{ host: c1, tags: { dc: x } }"));
        all.add(new Change(C + "replicaSet.name", REPLICA_SET, "{ members", "{ name: other, members"));
        all.add(new Change(C + "users", REPLICA_SET, "users: { app", "users: { more: { roles: [ read@shop ] }, app"));
        all.add(new Change(
                C + "users",
                REPLICA_SET,
                "users: { app: { roles: [ readWrite@shop ] } }",
                "readConcerns: { log: local }"));
        all.add(new Change(C + "users.<name>.roles", REPLICA_SET, "readWrite@shop", "read@shop"));
        all.add(new Change(
                C + "settings", REPLICA_SET, "setParameter.ttl", "storage.syncPeriodSecs: 30, setParameter.ttl"));
        all.add(new Change(C + "defaults", REPLICA_SET, "heartbeat", "defaults: { writeConcern: 1 }\n    heartbeat"));
        all.add(new Change(
                C + "defaults.writeConcern", REPLICA_SET, "heartbeat", "defaults: { writeConcern: 1 }\n    heartbeat"));
        String concern = "defaults: { writeConcern: { w: 2, j: true, wtimeout: 5s } }\n    heartbeat";
        for (String key : List.of("w", "j", "wtimeout")) {
            all.add(new Change(C + "defaults.writeConcern." + key, REPLICA_SET, "heartbeat", concern));
        }
        all.add(new Change(
                C + "defaults.readConcern",
                REPLICA_SET,
                "heartbeat",
                "defaults: { readConcern: majority }\n    heartbeat"));
        all.add(new Change(C + "writeConcerns", REPLICA_SET, "heartbeat", "writeConcerns: { x: 1 }\n    heartbeat"));
        all.add(new Change(C + "readConcerns", REPLICA_SET, "heartbeat", "readConcerns: { x: local }\n    heartbeat"));
        all.add(new Change(
                C + "binaries", REPLICA_SET, "engine: mongodb", "engine: mongodb\n    binaries: /opt/mongo"));
        all.add(new Change(C + "version", REPLICA_SET, "engine: mongodb", "engine: mongodb\n    version: \"8.2\""));
        all.add(new Change(C + "version", TRIO, "engine: postgresql", "engine: postgresql\n    version: \"15.18\""));
        for (String key : List.of("binaries", "binaries.mongodb")) {
            all.add(new Change(
                    "hosts.<name>." + key,
                    REPLICA_SET,
                    "south, reach: local",
                    "south, reach: local, binaries: { mongodb: /opt/mongo }"));
        }
        all.add(new Change(
                C + "configServers", SHARDED, "configServers: [ a1, b1, c1 ]", "configServers: [ a1, b1, d1 ]"));
        all.add(new Change(
                C + "shards", SHARDED, "shard-a: [ a1, b1, c1 ]", "shard-a: [ a1, b1, c1 ], shard-b: [ a1, b1, c1 ]"));
        all.add(new Change(C + "routers", SHARDED, "routers: [ a1, { host: b1 } ]", "routers: [ a1 ]"));
        all.add(new Change(
                C + "routers", SHARDED, "routers: [ a1, { host: b1 } ]", "routers: [ a1, { host: b1 }, c1 ]"));
        all.add(new Change(C + "balancer", SHARDED, "    routers", "    balancer: false\n    routers"));
        all.add(new Change(C + "binaries", SHARDED, "engine: mongodb", "engine: mongodb\n    binaries: /opt/mongo"));
        all.add(new Change(C + "durability", TRIO, "durability: protect", "durability: fast"));
        all.add(new Change(
                C + "afterFailover", TRIO, "durability: protect", "durability: protect\n    afterFailover: serve"));
        all.add(new Change(
                C + "primary", TRIO, "{ host: a1 }\n    standbys: { b1", "{ host: b1 }\n    standbys: { a1"));
        all.add(new Change(C + "primary.port", TRIO, "primary: { host: a1 }", "primary: { host: a1, port: 5999 }"));
        all.add(new Change(
                C + "primary.directory", TRIO, "primary: { host: a1 }", "primary: { host: a1, directory: /other/a }"));
        all.add(new Change(C + "standbys.<name>.mode", TRIO, "c1: { mode: async }", "c1: { mode: sync }"));
        all.add(new Change(C + "standbys.<name>.port", TRIO, "c1: { mode: async }", "c1: { mode: async, port: 5999 }"));
        all.add(new Change(
                C + "standbys.<name>.directory",
                TRIO,
                "c1: { mode: async }",
                "c1: { mode: async, directory: /other/c }"));
        all.add(new Change(
                C + "synchronous", TRIO, "durability: protect", "durability: protect\n    synchronous: ANY 1"));
        all.add(new Change(C + "proxy", TRIO, "proxy: [ { host: a1 },", "proxy: [ { host: c1 }, { host: a1 },"));
        all.add(new Change(C + "proxy[].port", TRIO, "{ host: b1 } ]", "{ host: b1, port: 5555 } ]"));
        all.add(new Change(C + "proxy[].readPort", TRIO, "{ host: b1 } ]", "{ host: b1, readPort: 5555 } ]"));
        all.add(new Change(C + "proxy[].kind", TRIO, "{ host: b1 } ]", "{ host: b1, kind: pgbouncer } ]"));
        all.add(new Change(C + "database", TRIO, "durability: protect", "durability: protect\n    database: ledger"));
        all.add(new Change(C + "users.<name>.roles", TRIO, "pg_read_all_data", "pg_write_all_data"));
        all.add(new Change(
                C + "clients", TRIO, "durability: protect", "durability: protect\n    clients: [ 10.9.0.0/24 ]"));
        all.add(new Change(C + "settings", TRIO, "work_mem: 4MB", "work_mem: 4MB, max_connections: 222"));
        return all;
    }

    private static List<KeyReference.Entry> entries() {
        return KeyReference.of(EstateSchema.of(BuiltIns.engines()));
    }

    @Test
    void every_key_has_a_kind_of_change() {
        assertThat(entries()).isNotEmpty();
        assertThat(entries().stream().filter(e -> e.change() == null).map(KeyReference.Entry::path))
                .as("keys without a kind of change: add .by(ChangeKind, ...) to the key")
                .isEmpty();
        assertThat(entries().stream()
                        .filter(e -> e.change() == ChangeKind.REFUSED && e.way().isEmpty()))
                .as("refused keys without the way to do it")
                .isEmpty();
    }

    /** The published schema has no key that the reference, and so this test, does not know. */
    @Test
    void every_property_of_the_published_schema_is_one_of_these_keys() throws IOException {
        JsonNode schema =
                new ObjectMapper().readTree(Files.readString(Written.EXAMPLES.resolve("topology.schema.json")));
        TreeSet<String> published = new TreeSet<>();
        properties(schema, published);
        TreeSet<String> known = entries().stream()
                .map(e -> e.path().replaceAll(".*\\.", "").replace("[]", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(published).isNotEmpty();
        assertThat(known).containsAll(published);
    }

    private static void properties(JsonNode node, TreeSet<String> names) {
        node.path("properties").fieldNames().forEachRemaining(names::add);
        node.forEach(child -> properties(child, names));
    }

    /** Every name of a key is changed below, or it is in the list of those that the simulated servers do not have. */
    @Test
    void every_key_is_changed_in_a_test() {
        List<String> notSimulated = List.of(
                // commands on this machine read them; objectives choose defaults of other keys
                "apiVersion engine rpo rto objectives reach ssh user key knownHosts config become enrolled schema",
                "accepted rule at owner until because",
                // passwords are values of secrets, which the file does not have
                "secrets password",
                // maps whose keys are changed below
                "standbys dr",
                // the simulated servers have no program files: RealPostgresChangesTest
                "postgresql",
                // these need Patroni and etcd
                "failover automatic ttl loopWait retryTimeout maximumLag dcs restPort watchdog etcd endpoints peerPort",
                // these need a repository
                "backup base oplogEvery repository keep full incremental archive differential path archiveEvery encryption");
        TreeSet<String> left = notSimulated.stream()
                .flatMap(l -> Stream.of(l.split(" ")))
                .collect(Collectors.toCollection(TreeSet::new));
        TreeSet<String> changed = changes().stream()
                .map(c -> c.key().replaceAll(".*\\.", "").replace("[]", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(entries().stream()
                        .map(e -> e.path().replaceAll(".*\\.", "").replace("[]", ""))
                        .filter(n -> !changed.contains(n) && !left.contains(n))
                        .distinct())
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("changes")
    void the_plan_of_a_changed_key_is_of_its_kind(Change change) {
        ChangeKind kind = kind(change);
        FakeMongo mongo = new FakeMongo();
        Topology base = topology(change.base());
        FakePostgres postgres = base.clusters().stream()
                .filter(PostgresCluster.class::isInstance)
                .map(c -> new FakePostgres((PostgresCluster) c))
                .findFirst()
                .orElse(null);
        FakeWorld world = new FakeWorld().with(postgres == null ? mongo : postgres);
        RunbookOutcome applied = new RunbookRunner(
                        world, (event, facts) -> {}, world.now().plus(Duration.ofHours(2)))
                .run(runbooks(base))
                .get(0);
        assertThat(applied.isDone()).as(applied.toString()).isTrue();
        assertThat(plans(world, base)).as("the applied estate").allMatch(Plan::isEmpty);

        assertThat(change.base()).contains(change.from());
        Topology changed = topology(change.base()
                .replaceFirst(
                        java.util.regex.Pattern.quote(change.from()),
                        java.util.regex.Matcher.quoteReplacement(change.to())));
        if (postgres != null) {
            changed.clusters().forEach(c -> postgres.declare((PostgresCluster) c));
        }
        List<Plan> plans = plans(world, changed);
        List<String> titles =
                plans.stream().flatMap(p -> p.steps().stream()).map(Step::title).toList();
        List<Refusal> refusals =
                plans.stream().flatMap(p -> p.refusals().stream()).toList();
        List<String> notes = plans.stream().flatMap(p -> p.notes().stream()).toList();
        String all = kind + ": " + titles + " refused: " + refusals + " notes: " + notes;
        switch (kind) {
            case REFUSED ->
                assertThat(refusals)
                        .as(all)
                        .isNotEmpty()
                        .allSatisfy(r -> assertThat(r.hint()).isNotBlank());
            case NOT_ON_SERVERS -> {
                assertThat(refusals).as(all).isEmpty();
                assertThat(titles).as(all).isEmpty();
            }
            case COMMAND -> {
                assertThat(titles).as(all).noneMatch(t -> t.startsWith("Restart "));
                assertThat(notes).as(all).anyMatch(n -> n.contains("holdfast "));
            }
            case ROLLING -> {
                assertThat(refusals).as(all).isEmpty();
                assertThat(titles).as(all).anyMatch(t -> t.startsWith("Restart "));
            }
            default -> {
                assertThat(refusals).as(all).isEmpty();
                assertThat(Stream.concat(titles.stream(), notes.stream()))
                        .as(all)
                        .isNotEmpty();
                assertThat(titles).as(all).noneMatch(t -> t.startsWith("Restart "));
            }
        }
    }

    private static ChangeKind kind(Change change) {
        if (change.key().equals("clusters")) {
            return ChangeKind.REFUSED; // here the name of a cluster is changed
        }
        String engine = change.base().contains("engine: postgresql") ? "engine: postgresql" : "engine: mongodb";
        return entries().stream()
                .filter(e -> e.path().equals(change.key())
                        && (e.only().isEmpty() || e.only().equals(engine)))
                .findFirst()
                .orElseThrow()
                .change();
    }

    private static Topology topology(String text) {
        Written written = Written.text(text);
        Optional<Topology> topology = written.loaded().topology();
        assertThat(topology).as(written.description()).isPresent();
        return topology.get();
    }

    @Test
    void a_host_without_a_node_that_does_not_answer_is_unknown() {
        Topology topology = topology("""
                apiVersion: holdfast.dev/v1
                name: unknown
                environment: lab
                hosts:
                  a1: { address: 127.0.0.1, reach: local }
                  x1: { address: 127.0.0.2, reach: local }
                clusters:
                  pay: { engine: postgresql, primary: a1 }
                """);
        FakeWorld world =
                new FakeWorld().unanswered("a1", "host/undeclared-look.sh").unanswered("x1", "host/undeclared-look.sh");
        Runbook<UndeclaredServers.ObservedState> servers = new Runbook<>(
                "pay",
                "observe nothing",
                context -> new UndeclaredServers.ObservedState(context.now(), List.of(), Map.of()),
                List.of());
        List<Plan> plans =
                UndeclaredServers.after(servers, topology, topology.clusters().get(0), false).plan(world).stream()
                        .map(Runbook.Planned::plan)
                        .toList();
        assertThat(plans.stream().flatMap(p -> p.missing().stream()).map(Refusal::where))
                .containsExactly("a1", "x1");
    }

    private static List<Runbook<?>> runbooks(Topology topology) {
        return topology.clusters().stream()
                .<Runbook<?>>map(c -> BuiltIns.engine(c.engine()).provision(topology, c))
                .toList();
    }

    private static List<Plan> plans(FakeWorld world, Topology topology) {
        return runbooks(topology).stream()
                .flatMap(b -> b.plan(world).stream())
                .map(Runbook.Planned::plan)
                .toList();
    }
}
