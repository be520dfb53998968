package dev.holdfast.plan;

import dev.holdfast.world.Observed;
import dev.holdfast.world.World;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * Acts in order, for one cluster.
 *
 * @param look asks all nodes at once, with a deadline each
 */
public record Runbook<S extends Observed>(String cluster, String title, Function<World, S> look, List<Act<S>> acts) {

    /** The plan of all acts from one observation; later acts plan for what the earlier ones will have made. */
    public List<Planned> plan(S seen) {
        return acts.stream()
                .map(a -> new Planned(cluster, a.name(), a.planner().apply(seen)))
                .toList();
    }

    /** The same, beginning with what was seen a moment ago: what was decided from that is what is done. */
    public Runbook<S> startingFrom(S seen) {
        AtomicReference<S> first = new AtomicReference<>(seen);
        return new Runbook<>(
                cluster,
                title,
                world -> Optional.ofNullable(first.getAndSet(null)).orElseGet(() -> look.apply(world)),
                acts);
    }

    public List<Planned> plan(World world) {
        return plan(look.apply(world));
    }

    /** An act's plan, named. */
    public record Planned(String cluster, String act, Plan plan) {}
}
