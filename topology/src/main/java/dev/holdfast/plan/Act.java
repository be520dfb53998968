package dev.holdfast.plan;

import dev.holdfast.world.Observed;
import java.util.function.Function;

/**
 * A stage of a runbook: planned from what is seen when its turn comes, then carried out.
 *
 * @param planner pure: same wanted and same seen give the same plan
 */
public record Act<S extends Observed>(String name, Function<S, Plan> planner) {}
