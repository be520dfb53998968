package dev.holdfast.engine;

import dev.holdfast.config.EngineConfigReader;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Runbook;
import java.util.List;

/** What Holdfast can do with one kind of database; the door every engine offers. */
public interface Engine extends EngineConfigReader {

    /** Asks all nodes of a cluster at once, with a deadline each; changes nothing. */
    ClusterState look(ExecutionContext context, Topology topology, Cluster cluster);

    /**
     * What a look has seen, with answers to what takes longer, for a person who wants to know how a cluster is; changes nothing.
     *
     * @param state by a look of this engine
     */
    default ClusterState widen(ExecutionContext context, ClusterState state) {
        return state;
    }

    /** From whatever is there to what is declared; planning again afterwards gives nothing to do. */
    Runbook<?> provision(Topology topology, Cluster cluster);

    /** Ends every process of the cluster and removes its directories; for lab estates. */
    Runbook<?> destroy(Topology topology, Cluster cluster);

    /** Moves the primary's role in a planned way: lossless or refused. */
    default Operation<?> switchover(Topology topology, Cluster cluster, RoleChangeRequest request) {
        throw cannot(cluster, "switchover");
    }

    /** Gives the primary's role to another node when the primary is lost. */
    default Operation<?> failover(Topology topology, Cluster cluster, RoleChangeRequest request) {
        throw cannot(cluster, "failover");
    }

    /** Brings a node back that was left behind by a failover. */
    default Operation<?> rejoin(Topology topology, Cluster cluster, RoleChangeRequest request) {
        throw cannot(cluster, "rejoin");
    }

    /** What drills need to know of a cluster. */
    default DrillProfile rehearsal(Topology topology, Cluster cluster) {
        throw cannot(cluster, "drills");
    }

    /** The runbooks of a cluster as people read them before the day comes. */
    default List<RunbookDocument> documents(Topology topology, Cluster cluster) {
        return List.of();
    }

    private static HoldfastException cannot(Cluster cluster, String what) {
        return new HoldfastException(
                ExitCode.REFUSED, cluster.name(), cluster.engine() + " has no " + what + " here", "");
    }
}
