package dev.holdfast.plan;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A stage of a runbook, planned from the observed state when its turn comes, and then executed.
 *
 * @param planner pure: the same desired and observed states give the same plan
 * @param refresh takes an observation and updates all that this stage changes and later stages plan from; empty: everything
 *     is observed again
 * @param isIndependent whether it starts although an earlier stage failed in the same round
 */
public record Stage<S extends ClusterState>(
        String name,
        Function<S, Plan> planner,
        Optional<BiFunction<S, ExecutionContext, S>> refresh,
        boolean isIndependent) {

    public Stage(String name, Function<S, Plan> planner, Optional<BiFunction<S, ExecutionContext, S>> refresh) {
        this(name, planner, refresh, false);
    }

    public Stage(String name, Function<S, Plan> planner) {
        this(name, planner, Optional.empty(), false);
    }

    /**
     * Returns the same stage, started although an earlier stage failed in the same round. Then only its steps without disruption
     * are executed, on nodes and in groups without failures.
     */
    public Stage<S> independent() {
        return new Stage<>(name, planner, refresh, true);
    }
}
