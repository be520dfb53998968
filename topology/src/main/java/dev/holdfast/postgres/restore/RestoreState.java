package dev.holdfast.postgres.restore;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExtendedClusterState;
import dev.holdfast.postgres.backup.BackupState;
import dev.holdfast.postgres.backup.ReplayTarget;
import dev.holdfast.postgres.state.PostgresState;
import java.time.Instant;
import java.util.Optional;

/**
 * The observed state by which a PostgreSQL restore is decided and planned.
 *
 * @param at time of the query of the destination
 * @param now the servers of the destination cluster
 * @param destination progress at the destination
 * @param goal the replay target; empty when the recovery target cannot be reached
 * @param refusal why the recovery target cannot be reached
 * @param backups the servers and the repository of the source at the first query
 * @param own the cluster's own repository, after an in-place restore
 */
public record RestoreState(
        Instant at,
        PostgresState now,
        DestinationState destination,
        Optional<ReplayTarget> goal,
        Optional<dev.holdfast.plan.Plan.Refusal> refusal,
        BackupState backups,
        Optional<BackupState> own)
        implements ExtendedClusterState {

    @Override
    public ClusterState observed() {
        return now;
    }

    boolean isBegun() {
        return goal.isPresent()
                && ReplayTarget.of(destination.order())
                        .filter(g -> g.isTo(goal.get()))
                        .isPresent();
    }

    boolean isDone() {
        return goal.isPresent()
                && destination.order().isEmpty()
                && ReplayTarget.of(destination.done())
                        .filter(g -> g.isTo(goal.get()))
                        .isPresent();
    }
}
