package dev.holdfast.mongodb;

import dev.holdfast.engine.Footing;
import dev.holdfast.engine.Footing.Ground;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Reach;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.MongoCluster.MongoSet;
import dev.holdfast.mongodb.MongoCluster.User;
import dev.holdfast.world.State;
import dev.holdfast.world.World;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One look at a whole cluster.
 *
 * <ol>
 *   <li>All at once: every host is asked for its processes and files, every declared server for itself.
 *   <li>Members that a set names but the topology does not are asked too.
 *   <li>All at once: the primary of every set is asked for its users, that of the config servers for the cluster; every
 *       declared user tries to log in; hosts are asked for the versions of programs that are still to be started.
 * </ol>
 *
 * Invariants: nothing is changed; within a stage no question waits for another server's answer.
 */
final class MongoLook {

    private static final Footing STRANGER = new Footing(State.SILENT, Ground.UNKNOWN, false, Map.of(), "not declared");

    private final World world;
    private final Topology topology;
    private final MongoCluster cluster;
    private final MongoLogins logins;

    private MongoLook(World world, Topology topology, MongoCluster cluster) {
        this.world = world;
        this.topology = topology;
        this.cluster = cluster;
        this.logins = new MongoLogins(cluster);
    }

    static MongoSeen at(World world, Topology topology, MongoCluster cluster) {
        MongoLook look = new MongoLook(world, topology, cluster);
        List<Node> nodes = cluster.nodes();
        return look.seen(look.allOf(List.of(look::footings, look::files, () -> look.hear(nodes))));
    }

    /** Only what the hosts say: enough to end everything. */
    static MongoSeen hostsOnly(World world, Topology topology, MongoCluster cluster) {
        MongoLook look = new MongoLook(world, topology, cluster);
        return look.seen(look.allOf(List.of(look::footings, look::files)));
    }

    /** One kind of answer, of all that gave it. */
    private sealed interface Part {
        record Footings(Map<Node, Footing> byNode) implements Part {}

        record Papers(HostFiles files) implements Part {}

        record Voices(Map<Node, Heard> byNode) implements Part {}

        record Set(SetSeen seen) implements Part {}

        record Sharding(ShardingSeen seen) implements Part {}

        record LoggedIn(User user, boolean in) implements Part {}

        record Programs(Versions versions) implements Part {}
    }

    private List<Part> allOf(List<Supplier<Part>> asks) {
        return world.sideBySide(asks);
    }

    private static <P extends Part> List<P> pick(List<Part> parts, Class<P> kind) {
        return parts.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private Part footings() {
        List<String> programs =
                List.of(MongoServer.program(cluster, Node.Kind.MONGOD), MongoServer.program(cluster, Node.Kind.MONGOS));
        return new Part.Footings(Footing.look(world, topology.name(), cluster.nodes(), MongoServer::pidFile, programs));
    }

    private Part files() {
        return new Part.Papers(HostFiles.look(world, topology, cluster));
    }

    private Part.Voices hear(List<Node> nodes) {
        List<String> parameters = ServerOptions.watchedParameters(cluster);
        List<Heard> answers = world.sideBySide(nodes.stream()
                .<Supplier<Heard>>map(n -> () -> Heard.from(world, logins, n, parameters))
                .toList());
        Map<Node, Heard> byNode = new LinkedHashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            byNode.put(nodes.get(i), answers.get(i));
        }
        return new Part.Voices(byNode);
    }

    private MongoSeen seen(List<Part> parts) {
        Map<Node, Footing> footings = pick(parts, Part.Footings.class).get(0).byNode();
        HostFiles files = pick(parts, Part.Papers.class).get(0).files();
        Map<Node, Heard> heard = new LinkedHashMap<>();
        pick(parts, Part.Voices.class).forEach(v -> heard.putAll(v.byNode()));
        Map<Node, NodeSeen> nodes = new LinkedHashMap<>();
        cluster.nodes()
                .forEach(n -> nodes.put(
                        n,
                        new NodeSeen(
                                n,
                                footings.get(n),
                                files.byNode().get(n),
                                heard.getOrDefault(n, Heard.nothing("not asked")))));
        List<SetSeen> sets = world.sideBySide(cluster.allSets().stream()
                .<Supplier<SetSeen>>map(s -> () -> withOthers(s, nodes))
                .toList());
        List<Part> more = allOf(questions(sets, footings));
        return new MongoSeen(
                world.now(),
                topology,
                cluster,
                pick(more, Part.Set.class).stream().map(Part.Set::seen).toList(),
                cluster.routers().stream().map(nodes::get).toList(),
                pick(more, Part.Sharding.class).get(0).seen(),
                pick(more, Part.LoggedIn.class).stream()
                        .filter(Part.LoggedIn::in)
                        .map(Part.LoggedIn::user)
                        .toList(),
                files.strays(),
                pick(more, Part.Programs.class).get(0).versions());
    }

    private SetSeen withOthers(MongoSet wanted, Map<Node, NodeSeen> nodes) {
        SetSeen set = SetSeen.of(wanted, wanted.nodes().stream().map(nodes::get).toList(), List.of());
        List<Node> others = set.hosts().stream()
                .filter(h -> !set.wantedHosts().contains(h))
                .map(h -> undeclared(wanted, h))
                .toList();
        List<NodeSeen> heard = hear(others).byNode().entrySet().stream()
                .map(e -> new NodeSeen(e.getKey(), STRANGER, HostFiles.Files.UNKNOWN, e.getValue()))
                .toList();
        return SetSeen.of(wanted, set.members(), heard);
    }

    /** A member that only the set's configuration names: it can be asked, but nothing is known of its host. */
    private Node undeclared(MongoSet set, String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        String address = endpoint.substring(0, colon);
        Host host = new Host(address, address, "", "", new Reach.Local(), "");
        int port = Integer.parseInt(endpoint.substring(colon + 1));
        return new Node(cluster.name(), set.name(), endpoint, Node.Kind.MONGOD, host, port, "");
    }

    private List<Supplier<Part>> questions(List<SetSeen> sets, Map<Node, Footing> footings) {
        List<Supplier<Part>> asks = new java.util.ArrayList<>();
        sets.forEach(s -> asks.add(() -> new Part.Set(s.asked(world))));
        Optional<NodeSeen> seat = sets.get(0).primary().filter(p -> !p.login().isNobody());
        asks.add(() -> new Part.Sharding(
                seat.map(p -> ShardingSeen.from(world, cluster, p)).orElse(ShardingSeen.NOTHING)));
        seat.ifPresent(p -> cluster.users()
                .forEach(u -> asks.add(() -> new Part.LoggedIn(
                        u, MongoProbes.greet(world, p.node(), logins.of(u)).isOk()))));
        asks.add(() -> new Part.Programs(Versions.look(world, cluster, footings)));
        return asks;
    }
}
