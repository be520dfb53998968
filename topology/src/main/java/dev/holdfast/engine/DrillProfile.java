package dev.holdfast.engine;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Workload.Stream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an engine tells drills about one cluster: how clients write to the cluster, and how fast it recovers. */
public interface DrillProfile {

    /** The role of a group. */
    enum GroupRole {
        DATA,
        CONFIG,
        ENTRANCE
    }

    /** What is done to a group. */
    enum FaultEffect {
        KILLED,
        FROZEN,
        CUT_OFF,
        SWITCHED_OVER,
        STARTED_AGAIN,
        /** The server continues more slowly, or refuses by itself. */
        DEGRADED
    }

    /**
     * A term of the expected recovery time.
     *
     * @param because the setting that determines the term, with its value, or "measured"
     */
    record RecoveryTerm(String name, Duration least, Duration most, String because) {}

    /**
     * A user's own query, as a drill file has it.
     *
     * @param database the database of a command; empty for SQL
     * @param words SQL, or the text of a command
     * @param command the command as a document; empty for SQL
     */
    record OwnQuery(String database, String words, Map<String, Object> command) {}

    /** An event that a group itself reports about its last role change. */
    record RoleChangeEvent(String what, Instant at) {}

    /** Returns the names of the groups with a role, in the order of the topology. */
    List<String> groups(GroupRole role);

    /** Returns how clients write: one stream for each data group and each declared level of acknowledgement. */
    List<Stream> streams();

    /** Returns the terms of a group's recovery time, in order; their sum is the prediction. */
    List<RecoveryTerm> forecast(String group, FaultEffect effect);

    /** Whether a group that lost its primary elects another by itself. */
    boolean electsByItself();

    /** Whether writes wait after a failover until the lost primary, or another standby, is back. */
    default boolean waitsForRejoin() {
        return false;
    }

    /** Whether a killed member returns by a rejoin, because the start of its process alone would not make it a member again. */
    default boolean returnsByRejoin() {
        return false;
    }

    /**
     * Returns the action that executes a user's own query; absent when there is no server to query.
     *
     * @param primary the primary of the cluster's first data group; absent when there is none
     */
    Optional<Action> query(OwnQuery query, Optional<Node> primary, Duration deadline);

    /** Returns the action that makes a group's primary hand over its role; absent when the engine has none. */
    Optional<Action> stepDown(ClusterState state, String group);

    /** Returns the action that starts a new WAL segment, so that the current one is archived; absent when the engine has none. */
    Optional<Action> newSegment(ClusterState state, String group);

    /** Returns what a group reports about its last role change, in the order of time. */
    List<RoleChangeEvent> account(ExecutionContext context, ClusterState state, String group);

    /** Returns the files on a group's hosts with data that rollbacks removed; none when the engine leaves none. */
    default List<String> rolledBack(ExecutionContext context, ClusterState state, String group) {
        return List.of();
    }
}
