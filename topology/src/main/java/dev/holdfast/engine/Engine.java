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
import java.util.Optional;

/** The interface that every database engine implements. */
public interface Engine extends EngineConfigReader {

    /** The form of the statements that users of an engine write. */
    enum Statements {
        SQL,
        /** Commands as documents, each for one database. */
        COMMANDS
    }

    /** Returns the engine's name in sentences. */
    String title();

    Statements statements();

    /** Returns what is known about the engine's versions. */
    VersionProblems versions();

    /** Observes all nodes of a cluster in parallel, with a deadline each; changes nothing. */
    ClusterState look(ExecutionContext context, Topology topology, Cluster cluster);

    /**
     * Returns an observation with additional, slower observations, for {@code status}; changes nothing.
     *
     * @param state an observation by this engine
     */
    default ClusterState widen(ExecutionContext context, ClusterState state) {
        return state;
    }

    /** Returns what each node of a cluster needs of its host and of the network, before its server exists. */
    List<NodeNeeds> needs(Cluster cluster);

    /** Returns the runbook from any observed state to the desired state; planning again afterwards gives an empty plan. */
    Runbook<?> provision(Topology topology, Cluster cluster);

    /** Returns whether that runbook also plans the servers of the cluster that run and are not declared. */
    default boolean plansUndeclaredServers() {
        return false;
    }

    /** Returns the runbook that ends every process of the cluster and removes its directories; only for lab estates. */
    Runbook<?> destroy(Topology topology, Cluster cluster);

    /** Throws where a drill of this name is not supported for the cluster, before anything is observed. */
    default void requireDrill(Cluster cluster, String drill) {}

    /**
     * Returns the runbook that begins or ends the maintenance of a cluster.
     *
     * @param reason the operator's reason; empty ends the maintenance
     */
    default Runbook<?> maintenance(Topology topology, Cluster cluster, Optional<String> reason) {
        return MaintenanceRunbook.runbook(cluster, reason);
    }

    /** Returns the operation that moves the primary role as planned work: without loss, or refused. */
    default Operation<?> switchover(Topology topology, Cluster cluster, RoleChangeRequest request) {
        throw cannot(cluster, "switchover");
    }

    /** Returns the operation that promotes another node when the primary is lost. */
    default Operation<?> failover(Topology topology, Cluster cluster, RoleChangeRequest request) {
        throw cannot(cluster, "failover");
    }

    /** Returns the operation that brings back a node that a failover left behind. */
    default Operation<?> rejoin(Topology topology, Cluster cluster, RoleChangeRequest request) {
        throw cannot(cluster, "rejoin");
    }

    /** Returns the operation after which no older program of the engine can run the data of a cluster. */
    default Operation<?> finishUpgrade(Topology topology, Cluster cluster) {
        throw new HoldfastException(
                ExitCode.REFUSED,
                cluster.name(),
                cluster.engine() + " has no upgrade to finish: another minor version needs no further command",
                "holdfast plan shows whether all servers run the declared binaries");
    }

    /** Returns what drills need to know of a cluster. */
    default DrillProfile drillProfile(Topology topology, Cluster cluster) {
        throw cannot(cluster, "drills");
    }

    /** Returns the written runbooks of a cluster. */
    default List<RunbookDocument> documents(Topology topology, Cluster cluster) {
        return List.of();
    }

    private static HoldfastException cannot(Cluster cluster, String what) {
        return new HoldfastException(
                ExitCode.REFUSED, cluster.name(), cluster.engine() + " does not support " + what, "");
    }
}
