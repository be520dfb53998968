package dev.holdfast.engine;

import dev.holdfast.model.Cluster;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Topology;
import dev.holdfast.model.Trouble;
import dev.holdfast.plan.Runbook;
import dev.holdfast.world.Observed;
import dev.holdfast.world.World;
import java.util.List;

/** What Holdfast can do with one kind of database; the door every engine offers. */
public interface Engine {

    /** As written in the topology: {@code engine: mongodb}. */
    String name();

    /** The keys of a cluster of this engine, beside those that every cluster has. */
    Shape.Keys shape();

    /** Makes the cluster of what the file says, and tells what cannot work; the shape was examined before. */
    Cluster read(Draft draft);

    /** Asks all nodes of a cluster at once, with a deadline each; changes nothing. */
    Observed look(World world, Topology topology, Cluster cluster);

    /** From whatever is there to what is declared; planning again afterwards gives nothing to do. */
    Runbook<?> provision(Topology topology, Cluster cluster);

    /** Ends every process of the cluster and removes its directories; for lab estates. */
    Runbook<?> destroy(Topology topology, Cluster cluster);

    /** Moves the primary's role in a planned way: lossless or refused. */
    default Maneuver<?> switchover(Topology topology, Cluster cluster, Order order) {
        throw cannot(cluster, "switchover");
    }

    /** Gives the primary's role to another node when the primary is lost. */
    default Maneuver<?> failover(Topology topology, Cluster cluster, Order order) {
        throw cannot(cluster, "failover");
    }

    /** Brings a node back that was left behind by a failover. */
    default Maneuver<?> rejoin(Topology topology, Cluster cluster, Order order) {
        throw cannot(cluster, "rejoin");
    }

    /** What drills need to know of a cluster. */
    default Rehearsal rehearsal(Topology topology, Cluster cluster) {
        throw cannot(cluster, "drills");
    }

    /** The runbooks of a cluster as people read them before the day comes. */
    default List<Chapter> chapters(Topology topology, Cluster cluster) {
        return List.of();
    }

    private static Trouble cannot(Cluster cluster, String what) {
        return new Trouble(Exit.REFUSED, cluster.name(), cluster.engine() + " has no " + what + " here", "");
    }
}
