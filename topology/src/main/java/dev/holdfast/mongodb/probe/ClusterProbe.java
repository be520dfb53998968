package dev.holdfast.mongodb.probe;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.engine.ServiceFacts;
import dev.holdfast.engine.ServiceProbe;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.action.ServerQueries;
import dev.holdfast.mongodb.configuration.ServerConfiguration;
import dev.holdfast.mongodb.configuration.ServerProcess;
import dev.holdfast.mongodb.state.HostFiles;
import dev.holdfast.mongodb.state.InstalledVersions;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.state.ServerReply;
import dev.holdfast.mongodb.state.ShardingState;
import dev.holdfast.mongodb.state.UndeclaredServer;
import dev.holdfast.mongodb.topology.DatabaseUser;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.topology.MongoCluster.User;
import dev.holdfast.mongodb.topology.MongoCredentials;
import dev.holdfast.mongodb.value.MongoDocument;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The probe that observes all servers and replica sets of a MongoDB cluster at one time.
 *
 * <ol>
 *   <li>In parallel: every host reports its processes and files, and every declared server reports its state.
 *   <li>Members of a set that are not declared are asked too.
 *   <li>In parallel: the primary of every set reports its users, and that of the config servers the shards. Every
 *       declared user tries to log in. Hosts report the versions of programs that are still to be started.
 * </ol>
 *
 * Invariants: nothing is changed. Within a stage no query waits for another server's reply.
 */
public final class ClusterProbe {

    private static final HostFacts UNDECLARED =
            new HostFacts(NodeAvailability.SILENT, DirectoryOwner.UNKNOWN, false, Map.of(), "not declared");

    private final ExecutionContext context;
    private final Topology topology;
    private final MongoCluster cluster;
    private final MongoCredentials credentials;

    private ClusterProbe(ExecutionContext context, Topology topology, MongoCluster cluster) {
        this.context = context;
        this.topology = topology;
        this.cluster = cluster;
        this.credentials = new MongoCredentials(cluster);
    }

    public static MongoState at(ExecutionContext context, Topology topology, MongoCluster cluster) {
        ClusterProbe look = new ClusterProbe(context, topology, cluster);
        List<Node> nodes = cluster.nodes();
        return look.state(look.allOf(List.of(look::probeHosts, look::files, look::services, () -> look.query(nodes))));
    }

    /** Observes only the hosts, which is enough to stop every server. */
    public static MongoState hostsOnly(ExecutionContext context, Topology topology, MongoCluster cluster) {
        ClusterProbe look = new ClusterProbe(context, topology, cluster);
        return look.state(look.allOf(List.of(look::probeHosts, look::files)));
    }

    /** Replies of one kind, by node. */
    private sealed interface Part {
        record Footings(Map<Node, HostFacts> byNode) implements Part {}

        record Files(HostFiles files) implements Part {}

        record Units(Map<Node, ServiceFacts> byNode) implements Part {}

        record Replies(Map<Node, ServerReply> byNode) implements Part {}

        record Set(ReplicaSetState state) implements Part {}

        record Sharding(ShardingState state) implements Part {}

        record Unnamed(List<UndeclaredServer> undeclaredServers) implements Part {}

        record LoggedIn(User user, ActionResult answer, String restrictions) implements Part {}

        record Programs(InstalledVersions versions) implements Part {}
    }

    private List<Part> allOf(List<Supplier<Part>> asks) {
        return context.sideBySide(asks);
    }

    private static <P extends Part> List<P> pick(List<Part> parts, Class<P> kind) {
        return parts.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private Part probeHosts() {
        List<String> programs = cluster.nodes().stream()
                .map(Node::host)
                .distinct()
                .flatMap(h ->
                        Stream.of(Node.Kind.MONGOD, Node.Kind.MONGOS).map(k -> ServerProcess.program(cluster, h, k)))
                .distinct()
                .toList();
        return new Part.Footings(
                HostFacts.look(context, topology.name(), cluster.nodes(), ServerProcess::pidFile, programs));
    }

    private Part services() {
        return new Part.Units(ServiceProbe.look(
                context,
                cluster.nodes().stream()
                        .map(n -> new ServerProcess(topology.name(), cluster, n).service())
                        .toList()));
    }

    private Part files() {
        return new Part.Files(HostFiles.look(context, topology, cluster));
    }

    private Part.Replies query(List<Node> nodes) {
        List<String> parameters = ServerConfiguration.watchedParameters(cluster);
        List<ServerReply> answers = context.sideBySide(nodes.stream()
                .<Supplier<ServerReply>>map(n -> () -> ServerReply.from(context, credentials, n, parameters))
                .toList());
        Map<Node, ServerReply> byNode = new LinkedHashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            byNode.put(nodes.get(i), answers.get(i));
        }
        return new Part.Replies(byNode);
    }

    private MongoState state(List<Part> parts) {
        HostFiles files = pick(parts, Part.Files.class).get(0).files();
        Map<Node, ServiceFacts> services = new LinkedHashMap<>();
        pick(parts, Part.Units.class).forEach(u -> services.putAll(u.byNode()));
        Map<Node, HostFacts> hostFactsByNode = new LinkedHashMap<>();
        pick(parts, Part.Footings.class)
                .get(0)
                .byNode()
                .forEach((n, f) -> hostFactsByNode.put(
                        n, f.confirmedBy(files.answers().get(n.host())).withService(services.get(n))));
        Map<Node, ServerReply> replies = new LinkedHashMap<>();
        pick(parts, Part.Replies.class).forEach(v -> replies.putAll(v.byNode()));
        Map<Node, NodeState> nodes = new LinkedHashMap<>();
        cluster.nodes()
                .forEach(n -> nodes.put(
                        n,
                        new NodeState(
                                n,
                                hostFactsByNode.get(n),
                                files.byNode().get(n),
                                replies.getOrDefault(n, ServerReply.nothing("not asked")))));
        List<ReplicaSetState> sets = context.sideBySide(cluster.allSets().stream()
                .<Supplier<ReplicaSetState>>map(s -> () -> withOthers(s, nodes))
                .toList());
        List<Supplier<Part>> asks = questions(sets, hostFactsByNode);
        asks.add(() -> new Part.Unnamed(undeclaredServers(files.undeclaredServers())));
        List<Part> more = allOf(asks);
        return new MongoState(
                context.now(),
                topology,
                cluster,
                pick(more, Part.Set.class).stream().map(Part.Set::state).toList(),
                cluster.routers().stream().map(nodes::get).toList(),
                pick(more, Part.Sharding.class).get(0).state(),
                pick(more, Part.LoggedIn.class).stream()
                        .filter(l -> l.answer().isOk())
                        .map(Part.LoggedIn::user)
                        .toList(),
                pick(more, Part.LoggedIn.class).stream()
                        .filter(l -> !l.restrictions().isEmpty())
                        .collect(Collectors.toMap(l -> l.user().name(), Part.LoggedIn::restrictions)),
                pick(more, Part.LoggedIn.class).stream()
                        .filter(l -> l.answer().isRefused(ActionResult.NO_SECRET))
                        .collect(Collectors.toMap(l -> l.user().name(), Part.LoggedIn::answer)),
                pick(more, Part.Unnamed.class).stream()
                        .flatMap(u -> u.undeclaredServers().stream())
                        .toList(),
                pick(more, Part.Programs.class).get(0).versions());
    }

    /** Asks running undeclared servers for their sets; their ports are in their configuration files. */
    private List<UndeclaredServer> undeclaredServers(List<UndeclaredServer> all) {
        // an observation of one set does not contain the declaration of the rest of its cluster
        boolean isWhole = cluster.isSharded() || cluster.sets().get(0).role() == MongoCluster.Role.REPLICA_SET;
        List<UndeclaredServer> found = isWhole ? all : List.of();
        List<MongoDocument> hellos = ServerQueries.hellos(
                context,
                found.stream()
                        .filter(ClusterProbe::canBeAsked)
                        .map(UndeclaredServer::node)
                        .toList());
        Iterator<MongoDocument> next = hellos.iterator();
        return found.stream()
                .map(s -> canBeAsked(s) ? s.withReply(next.next()) : s)
                .toList();
    }

    private static boolean canBeAsked(UndeclaredServer stray) {
        return stray.up() && !stray.isRouter() && stray.node().port() > 0;
    }

    private ReplicaSetState withOthers(MongoSet desired, Map<Node, NodeState> nodes) {
        ReplicaSetState set = ReplicaSetState.of(
                desired, desired.nodes().stream().map(nodes::get).toList(), List.of());
        List<Node> others = set.hosts().stream()
                .filter(h -> !set.desiredHosts().contains(h))
                .map(h -> undeclared(desired, h))
                .toList();
        List<NodeState> members = query(others).byNode().entrySet().stream()
                .map(e -> new NodeState(e.getKey(), UNDECLARED, HostFiles.Files.UNKNOWN, e.getValue()))
                .toList();
        return ReplicaSetState.of(desired, set.members(), members);
    }

    /** Returns a member that only the set's configuration names: it can be asked, but its host is unknown. */
    private Node undeclared(MongoSet set, String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        String address = endpoint.substring(0, colon);
        Host host = new Host(address, address, "", "", new HostAccess.Local(), "");
        int port = Integer.parseInt(endpoint.substring(colon + 1));
        return new Node(cluster.name(), set.name(), endpoint, Node.Kind.MONGOD, host, port, "");
    }

    /** Reads the restrictions of a user, because a restricted login fails with the same message as a wrong password. */
    private Part.LoggedIn login(User user, NodeState controlPrimary) {
        ActionResult answer = ServerQueries.greet(context, controlPrimary.node(), credentials.of(user));
        String restrictions = answer.isRefused(ServerQueries.NOT_LOGGED_IN)
                ? DatabaseUser.restrictions(
                        ServerQueries.user(context, controlPrimary.node(), controlPrimary.login(), user.name()))
                : "";
        return new Part.LoggedIn(user, answer, restrictions);
    }

    private List<Supplier<Part>> questions(List<ReplicaSetState> sets, Map<Node, HostFacts> hostFactsByNode) {
        List<Supplier<Part>> asks = new java.util.ArrayList<>();
        sets.forEach(s -> asks.add(() -> new Part.Set(s.asked(context))));
        Optional<NodeState> controlPrimary =
                sets.get(0).primary().filter(p -> !p.login().isAnonymous());
        asks.add(() -> new Part.Sharding(
                controlPrimary.map(p -> ShardingState.from(context, cluster, p)).orElse(ShardingState.NOTHING)));
        controlPrimary.ifPresent(p -> cluster.users().forEach(u -> asks.add(() -> login(u, p))));
        asks.add(() -> new Part.Programs(InstalledVersions.look(context, cluster, hostFactsByNode)));
        return asks;
    }
}
