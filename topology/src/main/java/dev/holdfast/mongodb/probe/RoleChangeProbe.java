package dev.holdfast.mongodb.probe;

import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.mongodb.state.MemberDirectoryState;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.PeerObservation;
import dev.holdfast.mongodb.state.RoleChangeState;
import dev.holdfast.mongodb.topology.MongoCredentials;
import dev.holdfast.mongodb.topology.SingleSetScope;
import java.util.ArrayList;
import java.util.List;

/** The probe of one replica set before a role change. */
public final class RoleChangeProbe {

    private RoleChangeProbe() {}

    public static RoleChangeState at(ExecutionContext context, SingleSetScope set) {
        MongoState mongo = ClusterProbe.at(context, set.topology(), set.cluster());
        List<PeerObservation> sightings = new ArrayList<>(PeerObservation.byRouters(
                context,
                set.topology().name(),
                set.routers(),
                new MongoCredentials(set.cluster()).admin(),
                mongo.controlSet()));
        sightings.addAll(PeerObservation.byHosts(context, mongo.controlSet()));
        return new RoleChangeState(
                mongo, MemberDirectoryState.look(context, set.set().nodes()), sightings);
    }
}
