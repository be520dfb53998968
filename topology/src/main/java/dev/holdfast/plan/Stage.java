package dev.holdfast.plan;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A stage of a runbook: planned from what is seen when its turn comes, then carried out.
 *
 * @param planner pure: same wanted and same seen give the same plan
 * @param glance takes what was seen before and looks again at all that this act changes and the acts after it plan from;
 *     empty: everything is looked at
 * @param isIndependent whether it is begun although an act before it failed in the same round
 */
public record Stage<S extends ClusterState>(
        String name,
        Function<S, Plan> planner,
        Optional<BiFunction<S, ExecutionContext, S>> glance,
        boolean isIndependent) {

    public Stage(String name, Function<S, Plan> planner, Optional<BiFunction<S, ExecutionContext, S>> glance) {
        this(name, planner, glance, false);
    }

    public Stage(String name, Function<S, Plan> planner) {
        this(name, planner, Optional.empty(), false);
    }

    /**
     * The same, begun although an act before it failed in the same round. Then only those of its steps are carried out that
     * clients do not notice, on nodes and in groups in which nothing failed.
     */
    public Stage<S> independent() {
        return new Stage<>(name, planner, glance, true);
    }
}
