package dev.holdfast.postgres;

import dev.holdfast.world.Observed;
import dev.holdfast.world.Widened;
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
record RestoreSeen(
        Instant at,
        PostgresSeen now,
        SiteSeen site,
        Optional<Goal> goal,
        Optional<dev.holdfast.plan.Plan.Refusal> refusal,
        VaultSeen vault,
        Optional<VaultSeen> own)
        implements Widened {

    @Override
    public Observed observed() {
        return now;
    }

    boolean isBegun() {
        return goal.isPresent()
                && Goal.of(site.order()).filter(g -> g.isTo(goal.get())).isPresent();
    }

    boolean isDone() {
        return goal.isPresent()
                && site.order().isEmpty()
                && Goal.of(site.done()).filter(g -> g.isTo(goal.get())).isPresent();
    }
}
