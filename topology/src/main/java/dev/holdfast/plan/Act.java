package dev.holdfast.plan;

import dev.holdfast.world.Observed;
import dev.holdfast.world.World;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A stage of a runbook: planned from what is seen when its turn comes, then carried out.
 *
 * @param planner pure: same wanted and same seen give the same plan
 * @param glance takes what was seen before and looks again at all that this act changes and the acts after it plan from;
 *     empty: everything is looked at
 */
public record Act<S extends Observed>(
        String name, Function<S, Plan> planner, Optional<BiFunction<S, World, S>> glance) {

    public Act(String name, Function<S, Plan> planner) {
        this(name, planner, Optional.empty());
    }
}
