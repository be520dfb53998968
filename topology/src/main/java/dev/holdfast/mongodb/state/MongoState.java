package dev.holdfast.mongodb.state;

import dev.holdfast.engine.HostFacts.DirectoryOwner;
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
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What all servers of one MongoDB cluster said at one moment.
 *
 * @param sets the config servers first, then the shards or the replica set
 * @param loggedIn the declared users who could log in with their declared passwords
 * @param restricted declared users whose logins from here are refused and restricted to other clients or servers, by name
 * @param strays servers that are marked as ours but declared no more
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
        List<UndeclaredServer> strays,
        InstalledVersions versions)
        implements ClusterState {

    /** The estate's name, which marks its directories. */
    public String estate() {
        return topology.name();
    }

    public MongoCredentials logins() {
        return new MongoCredentials(cluster);
    }

    public ServerProcess server(Node node) {
        return new ServerProcess(estate(), cluster, node);
    }

    /** The declared servers, in the order of the topology. */
    public Stream<NodeState> servers() {
        return Stream.concat(sets.stream().flatMap(s -> s.members().stream()), routers.stream());
    }

    /** The set that carries users and cluster-wide defaults: the config servers, or the lone replica set. */
    public ReplicaSetState seat() {
        return sets.get(0);
    }

    public List<ReplicaSetState> shards() {
        return cluster.isSharded() ? sets.subList(1, sets.size()) : List.of();
    }

    /** Some of its servers were made before. */
    public boolean stands() {
        return servers().anyMatch(n -> n.hostFacts().ground() == DirectoryOwner.OURS);
    }

    /** Every host answers: only then is it known what there is to compare with what is declared. */
    public boolean isReached() {
        return servers().noneMatch(NodeState::isOutOfReach);
    }

    @Override
    public List<NodeStatus> nodes() {
        return StatusReport.observations(this);
    }

    @Override
    public List<HealthProblem> findings() {
        return StatusReport.complaints(this);
    }

    /** A set as people name it: {@code CLUSTER/SET}. */
    public String lane(ReplicaSetState set) {
        return cluster.name() + "/" + set.name();
    }
}
