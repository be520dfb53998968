package dev.holdfast.mongodb;

import dev.holdfast.model.DeclaredVersion;
import dev.holdfast.model.Environment;
import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Node;
import dev.holdfast.model.RecoveryObjectives;
import dev.holdfast.model.SecretRef;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.Backups;
import dev.holdfast.mongodb.topology.MongoCluster.Concerns;
import dev.holdfast.mongodb.topology.MongoCluster.Member;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.topology.MongoCluster.Role;
import dev.holdfast.mongodb.topology.MongoCluster.User;
import dev.holdfast.mongodb.topology.MongoCluster.WriteConcern;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Wanted clusters for tests; every host is called like its address. */
public final class Wanted {

    private static final WriteConcern MAJORITY = new WriteConcern("majority", Optional.empty(), Duration.ZERO);

    private Wanted() {}

    /** The estate of these clusters, with every host that any of them uses. */
    public static Topology estate(MongoCluster cluster) {
        Map<String, Host> hosts = new LinkedHashMap<>();
        List.of("a1", "a2", "b1", "b2", "c1", "d1", "e1").forEach(h -> hosts.put(h, host(h)));
        return new Topology("estate", Environment.LAB, hosts, List.of(cluster), Map.of(), Map.of());
    }

    /** The estate of this cluster, with no other hosts than its own. */
    public static Topology alone(MongoCluster cluster) {
        Map<String, Host> hosts = new LinkedHashMap<>();
        cluster.nodes().forEach(n -> hosts.put(n.host().name(), n.host()));
        return new Topology("estate", Environment.LAB, hosts, List.of(cluster), Map.of(), Map.of());
    }

    private static Host host(String name) {
        return new Host(name, name, "z", "r", new HostAccess.Local(), "/h");
    }

    public static MongoCluster replicaSet(String... hosts) {
        MongoSet set = set("rs", Role.REPLICA_SET, 27017, hosts);
        return cluster(Optional.empty(), List.of(set), List.of());
    }

    static MongoCluster named(String name, String... hosts) {
        return cluster(Optional.empty(), List.of(set(name, Role.REPLICA_SET, 27017, hosts)), List.of());
    }

    static MongoCluster withoutShard(MongoCluster c, String name) {
        return sharded(
                c.configServers(),
                c.sets().stream().filter(s -> !s.name().equals(name)).toList(),
                c.routers());
    }

    /** The same shard on the same hosts and other ports under another name. */
    static MongoCluster renamedShard(MongoCluster c, String from, String to) {
        List<MongoSet> sets = c.sets().stream()
                .map(s -> s.name().equals(from) ? set(to, Role.SHARD, 27030, "a2", "b2", "c1") : s)
                .toList();
        return sharded(c.configServers(), sets, c.routers());
    }

    static MongoCluster withConfigServers(MongoCluster c, String... hosts) {
        return sharded(Optional.of(set("config", Role.CONFIG, 27019, hosts)), c.sets(), c.routers());
    }

    static MongoCluster withoutRouter(MongoCluster c, String name) {
        return sharded(
                c.configServers(),
                c.sets(),
                c.routers().stream().filter(r -> !r.name().equals(name)).toList());
    }

    private static MongoCluster sharded(Optional<MongoSet> config, List<MongoSet> sets, List<Node> routers) {
        return cluster(config, sets, routers);
    }

    /** Three config servers, two shards of three, two routers. */
    public static MongoCluster sharded() {
        return cluster(
                Optional.of(set("config", Role.CONFIG, 27019, "a1", "b1", "c1")),
                List.of(
                        set("shard-a", Role.SHARD, 27018, "a1", "b1", "c1"),
                        set("shard-b", Role.SHARD, 27020, "a2", "b2", "c1")),
                List.of(
                        node("routers", Node.Kind.MONGOS, "a1", 27017),
                        node("routers", Node.Kind.MONGOS, "b1", 27017)));
    }

    private static MongoCluster cluster(Optional<MongoSet> config, List<MongoSet> sets, List<Node> routers) {
        return new MongoCluster(
                "social",
                RecoveryObjectives.NONE,
                config,
                sets,
                routers,
                new Concerns(MAJORITY, "majority"),
                Map.of(),
                true,
                Map.of(),
                List.of(new User("app", new SecretRef("social/app"), List.of("readWrite@shop"))),
                "",
                MongoCluster.Options.NONE);
    }

    /** The same cluster with a daily base backup. */
    static MongoCluster backedUp(MongoCluster c) {
        Backups daily = new Backups("/b", Optional.of(Duration.ofDays(1)), Duration.ofSeconds(60), Optional.empty());
        return new MongoCluster(
                c.name(),
                c.objectives(),
                c.configServers(),
                c.sets(),
                c.routers(),
                c.defaults(),
                c.writeConcerns(),
                c.balancer(),
                c.settings(),
                c.users(),
                c.binaries(),
                new MongoCluster.Options(Optional.of(daily), Optional.empty(), List.of(), Map.of()));
    }

    public static MongoSet set(String name, Role role, int port, String... hosts) {
        List<Member> members = Arrays.stream(hosts)
                .map(h -> member(node(name, Node.Kind.MONGOD, h, port)))
                .toList();
        return new MongoSet(name, role, members, Duration.ofSeconds(10), Duration.ofSeconds(2), 0);
    }

    static Member member(Node node) {
        return new Member(node, 1, 1, false, false, Duration.ZERO, Map.of());
    }

    static Node node(String group, Node.Kind kind, String host, int port) {
        return new Node("social", group, host, kind, host(host), port, "/h/" + host + "/social/" + group);
    }

    public static Member priority(Member m, double priority) {
        return new Member(m.node(), priority, m.votes(), m.hidden(), m.arbiter(), m.delay(), m.tags());
    }

    static Member silentVoter(Member m) {
        return new Member(m.node(), 0, 0, m.hidden(), m.arbiter(), m.delay(), m.tags());
    }

    public static Member arbiter(Member m) {
        return new Member(m.node(), 0, 1, false, true, Duration.ZERO, Map.of());
    }

    /** The same cluster with one member of its first data set changed. */
    public static MongoCluster with(MongoCluster c, int member, UnaryOperator<Member> change) {
        MongoSet set = c.sets().get(0);
        List<Member> members = new java.util.ArrayList<>(set.members());
        members.set(member, change.apply(members.get(member)));
        return sets(c, List.of(set(set, members)), c.sets().subList(1, c.sets().size()));
    }

    /** The same cluster, its first data set with an oplog of so many MB. */
    static MongoCluster oplog(MongoCluster c, int megabytes) {
        MongoSet s = c.sets().get(0);
        MongoSet sized = new MongoSet(s.name(), s.role(), s.members(), s.electionTimeout(), s.heartbeat(), megabytes);
        return sets(c, List.of(sized), c.sets().subList(1, c.sets().size()));
    }

    static Member tagged(Member m, Map<String, String> tags) {
        return new Member(m.node(), m.priority(), m.votes(), m.hidden(), m.arbiter(), m.delay(), tags);
    }

    private static MongoSet set(MongoSet s, List<Member> members) {
        return new MongoSet(s.name(), s.role(), members, s.electionTimeout(), s.heartbeat(), s.oplogMegabytes());
    }

    private static MongoCluster sets(MongoCluster c, List<MongoSet> first, List<MongoSet> rest) {
        List<MongoSet> all = new java.util.ArrayList<>(first);
        all.addAll(rest);
        return new MongoCluster(
                c.name(),
                c.objectives(),
                c.configServers(),
                all,
                c.routers(),
                c.defaults(),
                c.writeConcerns(),
                c.balancer(),
                c.settings(),
                c.users(),
                c.binaries(),
                c.options());
    }

    public static MongoCluster settings(MongoCluster c, Map<String, Object> settings) {
        return new MongoCluster(
                c.name(),
                c.objectives(),
                c.configServers(),
                c.sets(),
                c.routers(),
                c.defaults(),
                c.writeConcerns(),
                c.balancer(),
                settings,
                c.users(),
                c.binaries(),
                c.options());
    }

    /** The same cluster with its programs in that directory. */
    static MongoCluster binaries(MongoCluster c, String directory) {
        return new MongoCluster(
                c.name(),
                c.objectives(),
                c.configServers(),
                c.sets(),
                c.routers(),
                c.defaults(),
                c.writeConcerns(),
                c.balancer(),
                c.settings(),
                c.users(),
                directory,
                c.options());
    }

    /** The same cluster with a declared version. */
    static MongoCluster version(MongoCluster c, String version) {
        return new MongoCluster(
                c.name(),
                c.objectives(),
                c.configServers(),
                c.sets(),
                c.routers(),
                c.defaults(),
                c.writeConcerns(),
                c.balancer(),
                c.settings(),
                c.users(),
                c.binaries(),
                new DeclaredVersion(version),
                c.options());
    }

    static MongoCluster users(MongoCluster c, User... users) {
        return new MongoCluster(
                c.name(),
                c.objectives(),
                c.configServers(),
                c.sets(),
                c.routers(),
                c.defaults(),
                c.writeConcerns(),
                c.balancer(),
                c.settings(),
                List.of(users),
                c.binaries(),
                c.options());
    }
}
