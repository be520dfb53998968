package dev.holdfast.postgres.restore;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExtendedClusterState;
import dev.holdfast.postgres.backup.BackupState;
import dev.holdfast.postgres.backup.ReplayTarget;
import dev.holdfast.postgres.state.PostgresState;
import java.time.Instant;
import java.util.Optional;

/**
 * What a restore is decided and planned by.
 *
 * @param at when the place was looked at
 * @param now the servers among which, or into whose place, the moment is brought back
 * @param site how far it has come there
 * @param goal what is to be brought back; empty when the moment cannot be reached
 * @param refusal why it cannot be reached
 * @param vault the source's servers and repository as they were first seen
 * @param own the cluster's own repository, once the moment was brought back into its place
 */
public record RestoreState(
        Instant at,
        PostgresState now,
        DestinationState site,
        Optional<ReplayTarget> goal,
        Optional<dev.holdfast.plan.Plan.Refusal> refusal,
        BackupState vault,
        Optional<BackupState> own)
        implements ExtendedClusterState {

    @Override
    public ClusterState observed() {
        return now;
    }

    boolean isBegun() {
        return goal.isPresent()
                && ReplayTarget.of(site.order()).filter(g -> g.isTo(goal.get())).isPresent();
    }

    boolean isDone() {
        return goal.isPresent()
                && site.order().isEmpty()
                && ReplayTarget.of(site.done()).filter(g -> g.isTo(goal.get())).isPresent();
    }
}
