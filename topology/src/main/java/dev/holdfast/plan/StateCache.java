package dev.holdfast.plan;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import java.util.function.Supplier;

/**
 * What a runbook sees. It is looked again only after an act, and then only at what that act changes where it tells what
 * that is.
 */
final class StateCache<S extends ClusterState> {

    private final ExecutionContext world;
    private final Supplier<S> everything;
    private S seen;
    private boolean isWhole = true;
    private Stage<S> lastAct;

    /** @param first what was seen of everything a moment ago */
    StateCache(ExecutionContext world, S first, Supplier<S> everything) {
        this.world = world;
        this.seen = first;
        this.everything = everything;
    }

    /** What the next act plans from. */
    S seen() {
        if (lastAct == null || lastAct.glance().isEmpty()) {
            return lastAct == null ? seen : whole();
        }
        seen = lastAct.glance().get().apply(seen, world);
        isWhole = false;
        lastAct = null;
        return seen;
    }

    /** Everything, as it was after the last act. */
    S whole() {
        if (lastAct != null || !isWhole) {
            seen = everything.get();
            isWhole = true;
            lastAct = null;
        }
        return seen;
    }

    /** Something was done; what was seen before it no longer holds. */
    void changedBy(Stage<S> act) {
        lastAct = act;
    }
}
