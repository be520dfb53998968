package dev.holdfast.mongodb.state;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExtendedClusterState;
import dev.holdfast.model.Node;
import java.util.List;
import java.util.Map;

/**
 * The observed state of one replica set before a role change, with the failover records of its members.
 *
 * @param sightings the observations of members by routers and hosts
 */
public record RoleChangeState(MongoState mongo, Map<Node, MemberDirectoryState> traces, List<PeerObservation> sightings)
        implements ExtendedClusterState {

    public ReplicaSetState set() {
        return mongo.controlSet();
    }

    public MemberDirectoryState traces(Node node) {
        return traces.getOrDefault(node, MemberDirectoryState.NONE);
    }

    @Override
    public ClusterState observed() {
        return mongo;
    }
}
