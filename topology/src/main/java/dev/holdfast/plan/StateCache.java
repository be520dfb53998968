package dev.holdfast.plan;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The last observed state, from which a runbook plans its next stage. It is updated only after a stage, and then only
 * by what that stage changes, if the stage declares that.
 */
final class StateCache<S extends ClusterState> {

    private final ExecutionContext context;
    private final Supplier<S> everything;
    private S state;
    private boolean isWhole = true;
    private Optional<Stage<S>> lastStage = Optional.empty();

    /** @param first an earlier observation of everything */
    StateCache(ExecutionContext context, S first, Supplier<S> everything) {
        this.context = context;
        this.state = first;
        this.everything = everything;
    }

    /** Returns the state from which the next stage plans. */
    S state() {
        if (lastStage.isEmpty()) {
            return state;
        }
        var refresh = lastStage.get().refresh();
        if (refresh.isEmpty()) {
            return whole();
        }
        state = refresh.get().apply(state, context);
        isWhole = false;
        lastStage = Optional.empty();
        return state;
    }

    /** Returns a full observation after the last stage. */
    S whole() {
        if (lastStage.isPresent() || !isWhole) {
            state = everything.get();
            isWhole = true;
            lastStage = Optional.empty();
        }
        return state;
    }

    /** Invalidates the observation, because something was done since. */
    void changedBy(Stage<S> stage) {
        lastStage = Optional.of(stage);
    }
}
