package dev.holdfast.engine;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.plan.Workload.Stream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What an engine tells of one cluster so that it can be drilled: how clients write to it, and what to expect of it. */
public interface DrillProfile {

    /** What part a group plays. */
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
        /** It goes on, but slower, or refuses by itself. */
        DEGRADED
    }

    /**
     * A part of the expected recovery time.
     *
     * @param because the setting it comes from, with its value, or that it was measured
     */
    record RecoveryTerm(String name, Duration least, Duration most, String because) {}

    /** Something that a group itself tells of its last change of roles. */
    record RoleChangeEvent(String what, Instant at) {}

    /** The names of the groups that play a part, in the order of the topology. */
    List<String> groups(GroupRole part);

    /** How clients write: one stream for each data group and each level of acknowledgement that is declared. */
    List<Stream> streams();

    /** The terms of the recovery time of a group, in order; their sum is what is predicted. */
    List<RecoveryTerm> forecast(String group, FaultEffect effect);

    /** Whether a group that lost its primary elects another without being told. */
    boolean electsByItself();

    /** Whether writes wait after a failover until the lost primary, or another standby, is back. */
    default boolean waitsForRejoin() {
        return false;
    }

    /** Asks a group's primary to hand its role over; absent where the engine has no such word. */
    Optional<Action> stepDown(ClusterState state, String group);

    /** Asks a group's primary to begin a new piece of its log, so that the one before is archived; absent without such. */
    Optional<Action> newSegment(ClusterState state, String group);

    /** What a group tells of its last change of roles, in the order of time. */
    List<RoleChangeEvent> account(ExecutionContext context, ClusterState state, String group);

    /** The files on a group's hosts that hold what rollbacks took out of its data; none where the engine leaves none. */
    default List<String> rolledBack(ExecutionContext context, ClusterState state, String group) {
        return List.of();
    }
}
