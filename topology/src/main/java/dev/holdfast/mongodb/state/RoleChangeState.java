package dev.holdfast.mongodb.state;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExtendedClusterState;
import dev.holdfast.model.Node;
import java.util.List;
import java.util.Map;

/**
 * What all members of one replica set say at one moment, and what their directories tell of its past.
 *
 * @param sightings what routers and hosts see of members
 */
public record RoleChangeState(MongoState mongo, Map<Node, MemberDirectoryState> traces, List<PeerObservation> sightings)
        implements ExtendedClusterState {

    public ReplicaSetState set() {
        return mongo.seat();
    }

    public MemberDirectoryState traces(Node node) {
        return traces.getOrDefault(node, MemberDirectoryState.NONE);
    }

    @Override
    public ClusterState observed() {
        return mongo;
    }
}
