package dev.holdfast.mongodb.state;

import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.configuration.ServerProcess;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.User;
import dev.holdfast.mongodb.topology.MongoCredentials;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The observed state of one MongoDB cluster.
 *
 * @param sets the config servers first, then the shards or the replica set
 * @param loggedIn the declared users that logged in with their declared passwords
 * @param restricted declared users whose logins are restricted to other clients or servers, by name
 * @param uncompared declared users that were not asked to log in, because their secrets are not known here, by name
 * @param undeclaredServers servers with the mark of this estate that are no longer declared
 */
public record MongoState(
        Instant at,
        Topology topology,
        MongoCluster cluster,
        List<ReplicaSetState> sets,
        List<NodeState> routers,
        ShardingState sharding,
        List<User> loggedIn,
        Map<String, String> restricted,
        Map<String, ActionResult> uncompared,
        List<UndeclaredServer> undeclaredServers,
        InstalledVersions versions)
        implements ClusterState {

    public MongoState(
            Instant at,
            Topology topology,
            MongoCluster cluster,
            List<ReplicaSetState> sets,
            List<NodeState> routers,
            ShardingState sharding,
            List<User> loggedIn,
            Map<String, String> restricted,
            List<UndeclaredServer> undeclaredServers,
            InstalledVersions versions) {
        this(
                at,
                topology,
                cluster,
                sets,
                routers,
                sharding,
                loggedIn,
                restricted,
                Map.of(),
                undeclaredServers,
                versions);
    }

    /** Returns the estate's name, which is in the mark of its directories. */
    public String estate() {
        return topology.name();
    }

    public MongoCredentials credentials() {
        return new MongoCredentials(cluster);
    }

    public ServerProcess server(Node node) {
        return new ServerProcess(estate(), cluster, node);
    }

    /** Returns the declared servers in the order of the topology. */
    public Stream<NodeState> servers() {
        return Stream.concat(sets.stream().flatMap(s -> s.members().stream()), routers.stream());
    }

    /** Returns the set that has users and cluster-wide defaults: the config servers, or the single replica set. */
    public ReplicaSetState controlSet() {
        return sets.get(0);
    }

    public List<ReplicaSetState> shards() {
        return cluster.isSharded() ? sets.subList(1, sets.size()) : List.of();
    }

    public UndeclaredServerUse undeclaredUse() {
        return new UndeclaredServerUse(cluster, sets, sharding, undeclaredServers);
    }

    /** Returns whether some of its servers already exist. */
    public boolean stands() {
        return servers().anyMatch(n -> n.hostFacts().directoryOwner() == DirectoryOwner.OURS);
    }

    /** Returns whether every host answers, so that the observed state is complete. */
    public boolean isReached() {
        return servers().noneMatch(NodeState::isOutOfReach);
    }

    @Override
    public List<NodeStatus> nodes() {
        return Stream.concat(
                        sets.stream().flatMap(s -> s.members().stream().map(n -> StatusReport.member(s, n))),
                        routers.stream().map(StatusReport::router))
                .toList();
    }

    @Override
    public List<HealthProblem> findings() {
        if (servers().allMatch(NodeState::isNotCreated)) {
            return List.of(HealthProblem.minor(cluster.name() + " does not exist yet; holdfast apply creates it"));
        }
        List<HealthProblem> problems = new ArrayList<>();
        sets.forEach(s -> StatusReport.set(lane(s), s, problems));
        servers().forEach(n -> StatusReport.server(n, problems));
        servers().forEach(n -> StatusReport.version(cluster, n, problems));
        undeclaredUse().refusals().forEach(r -> problems.add(HealthProblem.minor(r.where() + ": " + r.what())));
        if (cluster.isSharded()
                && controlSet().primary().filter(p -> !p.login().isAnonymous()).isPresent()) {
            StatusReport.sharding(cluster, shards(), sharding, problems);
        }
        return problems;
    }

    /** Returns the name of a set in commands: {@code CLUSTER/SET}. */
    public String lane(ReplicaSetState set) {
        return cluster.name() + "/" + set.name();
    }
}
