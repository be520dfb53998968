package dev.holdfast.mongodb.runbook;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.configuration.ServerConfiguration;
import dev.holdfast.mongodb.configuration.ServerProcess;
import dev.holdfast.mongodb.state.HostFiles;
import dev.holdfast.mongodb.state.InstalledVersions;
import dev.holdfast.mongodb.state.MemberDirectoryState;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.state.ReplicaSetConfig;
import dev.holdfast.mongodb.state.ReplicaSetConfig.MemberShape;
import dev.holdfast.mongodb.state.ReplicaSetState;
import dev.holdfast.mongodb.state.RoleChangeState;
import dev.holdfast.mongodb.state.ServerReply;
import dev.holdfast.mongodb.state.ShardingState;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.topology.MongoCredentials;
import dev.holdfast.mongodb.value.MongoDocument;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The simulated state of a MongoDB cluster in the situation of a written runbook, built member by member.
 *
 * <p>Terms and times are invented: the term is 1, and every running member has all operations.
 */
final class SimulatedState {

    private static final Instant AT = Instant.parse("2000-01-01T00:00:00Z");
    private static final String VERSION = "8.0";

    private final Topology topology;
    private final MongoCluster cluster;
    private final boolean born;
    private final Map<Node, String> down = new LinkedHashMap<>();
    private final Map<Node, MemberShape> members = new HashMap<>();
    private final List<Node> undeclared = new ArrayList<>();
    private final List<Node> syncing = new ArrayList<>();
    private boolean leads = true;
    private boolean drifted;

    private SimulatedState(Topology topology, MongoCluster cluster, boolean born) {
        this.topology = topology;
        this.cluster = cluster;
        this.born = born;
    }

    /** Returns a cluster on empty hosts. */
    static SimulatedState nothing(Topology topology, MongoCluster cluster) {
        return new SimulatedState(topology, cluster, false);
    }

    /** Returns a cluster whose servers are all healthy as declared; in every set the first eligible member is primary. */
    static SimulatedState healthy(Topology topology, MongoCluster cluster) {
        return new SimulatedState(topology, cluster, true);
    }

    /** @param fence the reason of the fence; empty without a fence */
    SimulatedState down(Node node, String fence) {
        down.put(node, fence);
        return this;
    }

    /** Simulates the loss of a majority: no set has a primary. */
    SimulatedState leaderless() {
        leads = false;
        return this;
    }

    /** Simulates a member that is not in the configuration. */
    SimulatedState undeclared(Node node) {
        undeclared.add(node);
        return this;
    }

    /** Simulates a member whose configuration differs from the declared one. */
    SimulatedState member(Node node, MemberShape shape) {
        members.put(node, shape);
        return this;
    }

    /** Simulates a running member that has not caught up. */
    SimulatedState syncing(Node node) {
        syncing.add(node);
        return this;
    }

    /** Simulates an option that differs and needs a restart. */
    SimulatedState pendingRestart() {
        drifted = true;
        return this;
    }

    RoleChangeState roles() {
        Map<Node, MemberDirectoryState> traces = new LinkedHashMap<>();
        for (MongoSet set : cluster.allSets()) {
            set.nodes().forEach(n -> traces.put(n, traces(n)));
        }
        return new RoleChangeState(state(), traces, List.of());
    }

    private MemberDirectoryState traces(Node node) {
        return new MemberDirectoryState(
                down.getOrDefault(node, ""), List.of(), Optional.of(AT), List.of(), List.of(), "");
    }

    MongoState state() {
        return new MongoState(
                AT,
                topology,
                cluster,
                cluster.allSets().stream().map(this::set).toList(),
                cluster.routers().stream().map(this::router).toList(),
                ShardingState.NOTHING,
                List.of(),
                Map.of(),
                List.of(),
                InstalledVersions.UNASKED);
    }

    private ReplicaSetState set(MongoSet set) {
        return ReplicaSetState.of(
                set, set.nodes().stream().map(n -> server(set, n)).toList(), List.of());
    }

    private boolean isUp(Node node) {
        return born && !down.containsKey(node);
    }

    private NodeState server(MongoSet set, Node node) {
        boolean up = isUp(node);
        ServerReply reply = up ? reply(set, node) : ServerReply.nothing("the process has exited");
        return new NodeState(node, hostFacts(node), files(node), reply);
    }

    private HostFacts hostFacts(Node node) {
        Map<String, String> programs = Map.of(ServerProcess.program(cluster, node), "found");
        boolean up = isUp(node);
        return new HostFacts(
                up ? NodeAvailability.UP : NodeAvailability.DOWN,
                born ? DirectoryOwner.OURS : DirectoryOwner.ABSENT,
                up,
                programs,
                "");
    }

    private HostFiles.Files files(Node node) {
        return new HostFiles.Files(
                born ? "same" : "absent",
                born ? "600" : "",
                false,
                down.getOrDefault(node, ""),
                "",
                born ? "there" : "none",
                false,
                "",
                List.of(),
                0,
                0,
                "",
                Optional.empty(),
                Optional.empty());
    }

    private NodeState router(Node node) {
        ServerReply reply = born
                ? new ServerReply(
                        new MongoDocument(Map.of("msg", "isdbgrid")),
                        new MongoCredentials(cluster).admin(),
                        options(node),
                        MongoDocument.EMPTY,
                        "",
                        MongoDocument.EMPTY,
                        false,
                        MongoDocument.EMPTY,
                        VERSION,
                        "")
                : ServerReply.nothing("the process has exited");
        return new NodeState(node, hostFacts(node), files(node), reply);
    }

    private MongoDocument options(Node node) {
        Map<String, Object> options =
                new LinkedHashMap<>(ServerConfiguration.of(cluster, node).all());
        if (drifted) {
            options.put("net.maxIncomingConnections", 1000);
        }
        return new MongoDocument(options);
    }

    /** Returns the first eligible member that answers. */
    private Optional<Node> primary(MongoSet set) {
        return set.members().stream()
                .filter(m -> leads && m.priority() > 0 && !m.arbiter() && isUp(m.node()))
                .filter(m -> !undeclared.contains(m.node()) && !members.containsKey(m.node()))
                .map(MongoCluster.Member::node)
                .findFirst();
    }

    private MongoDocument config(MongoSet set) {
        List<MemberShape> all = set.members().stream()
                .filter(m -> !undeclared.contains(m.node()))
                .map(m -> members.getOrDefault(m.node(), MemberShape.of(m)))
                .toList();
        Map<String, Object> config = ReplicaSetConfig.of(set).with(all).over(MongoDocument.EMPTY, 1);
        config.put("term", 1);
        return new MongoDocument(config);
    }

    private static Map<String, Object> optime() {
        return Map.of("ts", Map.of("$timestamp", Map.of("t", AT.getEpochSecond(), "i", 1)), "t", 1);
    }

    private ServerReply reply(MongoSet set, Node node) {
        boolean primary = primary(set).filter(node::equals).isPresent();
        boolean arbiter = set.members().stream().anyMatch(m -> m.node().equals(node) && m.arbiter());
        boolean secondary = !primary && !arbiter && !syncing.contains(node);
        Map<String, Object> hello = new LinkedHashMap<>();
        hello.put("setName", set.name());
        hello.put("isWritablePrimary", primary);
        hello.put("secondary", secondary);
        hello.put("arbiterOnly", arbiter);
        List<Map<String, Object>> at = new ArrayList<>();
        set.members()
                .forEach(m -> at.add(Map.of("name", m.node().endpoint(), "state", state(set, m), "optime", optime())));
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("term", 1);
        status.put("myState", secondary ? 2 : primary ? 1 : 5);
        status.put("optimes", secondary || primary ? Map.of("appliedOpTime", optime()) : Map.of());
        status.put("members", at);
        status.put("votingMembersCount", set.voters().size());
        return new ServerReply(
                new MongoDocument(hello),
                new MongoCredentials(cluster).admin(),
                options(node),
                new MongoDocument(status),
                "",
                config(set),
                true,
                new MongoDocument(Map.of("featureCompatibilityVersion", Map.of("value", Map.of("version", "8.2")))),
                VERSION,
                "");
    }

    private int state(MongoSet set, MongoCluster.Member member) {
        if (!isUp(member.node())) {
            return 8;
        }
        return primary(set).filter(member.node()::equals).isPresent() ? 1 : member.arbiter() ? 7 : 2;
    }
}
