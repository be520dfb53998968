package dev.holdfast.plan;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a runbook sees. It is looked again only after an act, and then only at what that act changes where it tells what
 * that is.
 */
final class StateCache<S extends ClusterState> {

    private final ExecutionContext context;
    private final Supplier<S> everything;
    private S state;
    private boolean isWhole = true;
    private Optional<Stage<S>> lastAct = Optional.empty();

    /** @param first what was seen of everything a moment ago */
    StateCache(ExecutionContext context, S first, Supplier<S> everything) {
        this.context = context;
        this.state = first;
        this.everything = everything;
    }

    /** What the next act plans from. */
    S state() {
        if (lastAct.isEmpty()) {
            return state;
        }
        var glance = lastAct.get().glance();
        if (glance.isEmpty()) {
            return whole();
        }
        state = glance.get().apply(state, context);
        isWhole = false;
        lastAct = Optional.empty();
        return state;
    }

    /** Everything, as it was after the last act. */
    S whole() {
        if (lastAct.isPresent() || !isWhole) {
            state = everything.get();
            isWhole = true;
            lastAct = Optional.empty();
        }
        return state;
    }

    /** Something was done; what was seen before it no longer holds. */
    void changedBy(Stage<S> act) {
        lastAct = Optional.of(act);
    }
}
