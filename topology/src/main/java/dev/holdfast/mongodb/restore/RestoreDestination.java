package dev.holdfast.mongodb.restore;

import dev.holdfast.backup.RestoreRequest;
import dev.holdfast.backup.RestoreRequest.Destination;
import dev.holdfast.backup.RestoreRequest.SideBySide;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.configuration.ServerConfiguration;
import dev.holdfast.mongodb.configuration.ServerProcess;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.Member;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.topology.MongoCredentials;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The servers that a restore writes to: the declared ones, or new ones in a directory of their own.
 *
 * @param into the destination as requested
 * @param topology the topology with the hosts of these servers; a side-by-side target has a separate directory
 * @param cluster the cluster with these servers
 */
public record RestoreDestination(Destination into, Topology topology, MongoCluster cluster) {

    /** The directory below a host's directory that has one directory per label. */
    static final String FOLDER = "/restored";
    /** The depth of a side-by-side server's directory: label, host, cluster, group. */
    static final int DEPTH = 4;

    private static final int FIRST_PORT = 29_000;
    private static final int LABELS = 100;
    private static final int PORTS = 20;
    /** The port of the standalone server, different from the port that clients will use. */
    private static final int WORK_PORT = 28_900;

    static RestoreDestination of(Topology topology, MongoCluster cluster, RestoreRequest request) {
        return request.into() instanceof SideBySide sideBySide
                ? sideBySide(topology, cluster, sideBySide.label())
                : new RestoreDestination(request.into(), topology, cluster);
    }

    /** Returns one member per set and one router, on hosts of the source, with separate ports and directories. */
    static RestoreDestination sideBySide(Topology topology, MongoCluster cluster, String label) {
        Map<String, Host> hosts = new LinkedHashMap<>();
        topology.hosts().forEach((name, h) -> hosts.put(name, h.withDirectory(h.directory() + FOLDER + "/" + label)));
        int port = FIRST_PORT + Math.floorMod((cluster.name() + "/" + label).hashCode(), LABELS) * PORTS;
        List<MongoSet> sets = new java.util.ArrayList<>();
        for (MongoSet set : cluster.allSets()) {
            Host host = hosts.get(builder(set).host().name());
            Node node = scratch(label, cluster, set.name(), Node.Kind.MONGOD, host, port++);
            Member alone = new Member(node, 1, 1, false, false, Duration.ZERO, Map.of());
            sets.add(new MongoSet(
                    set.name(),
                    set.role(),
                    List.of(alone),
                    set.electionTimeout(),
                    set.heartbeat(),
                    set.oplogMegabytes()));
        }
        List<Node> routers = cluster.routers().isEmpty()
                ? List.of()
                : List.of(scratch(
                        label,
                        cluster,
                        MongoCluster.ROUTERS,
                        Node.Kind.MONGOS,
                        hosts.get(cluster.routers().get(0).host().name()),
                        port));
        Map<String, Object> settings = new LinkedHashMap<>(cluster.settings());
        settings.put("setParameter.orphanCleanupDelaySecs", 0);
        MongoCluster scratch = new MongoCluster(
                cluster.name(),
                cluster.objectives(),
                cluster.configServers().map(c -> sets.get(0)),
                cluster.isSharded() ? sets.subList(1, sets.size()) : sets,
                routers,
                cluster.defaults(),
                cluster.writeConcerns(),
                cluster.balancer(),
                settings,
                cluster.users(),
                cluster.binaries(),
                cluster.version(),
                MongoCluster.Options.NONE);
        return new RestoreDestination(
                new SideBySide(label),
                new Topology(
                        topology.name(),
                        topology.environment(),
                        hosts,
                        List.of(scratch),
                        topology.secrets(),
                        topology.places()),
                scratch);
    }

    private static Node scratch(String label, MongoCluster cluster, String group, Node.Kind kind, Host host, int port) {
        String directory = host.directory() + "/" + host.name() + "/" + cluster.name() + "/" + group;
        return new Node(cluster.name() + "(" + label + ")", group, host.name(), kind, host, port, directory);
    }

    /** Returns a side-by-side server of a cluster from the mark on a host; its port is unknown. */
    static Optional<Node> scratch(MongoCluster cluster, Host host, String id, String directory) {
        String[] parts = id.split("/", 3);
        boolean isOurs = parts.length == 3 && parts[0].startsWith(cluster.name() + "(") && parts[2].equals(host.name());
        return isOurs
                ? Optional.of(new Node(
                        parts[0],
                        parts[1],
                        parts[2],
                        parts[1].equals(MongoCluster.ROUTERS) ? Node.Kind.MONGOS : Node.Kind.MONGOD,
                        host,
                        0,
                        directory))
                : Optional.empty();
    }

    /** Returns the label of a side-by-side server. */
    public static String label(Node scratch) {
        String cluster = scratch.cluster();
        return cluster.substring(cluster.indexOf('(') + 1, cluster.length() - 1);
    }

    boolean isSideBySide() {
        return into instanceof SideBySide;
    }

    boolean isInPlace() {
        return into instanceof RestoreRequest.InPlace;
    }

    /** Returns the member that is restored first; the other members of the set copy its data. */
    static Node builder(MongoSet set) {
        return set.members().stream()
                .filter(m -> !m.arbiter() && m.delay().isZero())
                .map(Member::node)
                .findFirst()
                .orElse(set.nodes().get(0));
    }

    /** Returns the same member on a port that no client uses. */
    Node standalone(MongoSet set) {
        Node node = builder(set);
        if (isSideBySide()) {
            return node;
        }
        int port = WORK_PORT + cluster.allSets().indexOf(set);
        return new Node(node.cluster(), node.group(), node.name(), node.kind(), node.host(), port, node.directory());
    }

    ServerProcess server(Node node) {
        return new ServerProcess(topology.name(), cluster, node);
    }

    /** Returns the same server without the TTL monitor, which would delete restored documents before they were verified. */
    ServerProcess unverified(Node node) {
        Map<String, Object> settings = new LinkedHashMap<>(cluster.settings());
        settings.put("setParameter." + ServerConfiguration.TTL_MONITOR, false);
        MongoCluster quiet = new MongoCluster(
                cluster.name(),
                cluster.objectives(),
                cluster.configServers(),
                cluster.sets(),
                cluster.routers(),
                cluster.defaults(),
                cluster.writeConcerns(),
                cluster.balancer(),
                settings,
                cluster.users(),
                cluster.binaries(),
                cluster.version(),
                cluster.options());
        return new ServerProcess(topology.name(), quiet, node);
    }

    MongoCredentials credentials() {
        return new MongoCredentials(cluster);
    }

    /** Returns the description for messages. */
    String shown() {
        if (into instanceof SideBySide sideBySide) {
            return "side-by-side servers " + sideBySide.label();
        }
        return isInPlace() ? "the declared servers" : "estate " + topology.name();
    }
}
