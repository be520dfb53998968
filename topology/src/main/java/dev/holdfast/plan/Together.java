package dev.holdfast.plan;

import dev.holdfast.world.Observation;
import dev.holdfast.world.Observed;
import dev.holdfast.world.World;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What two runbooks that are carried out as one have seen. */
public record Together<A extends Observed, B extends Observed>(A first, B second) implements Observed {

    /** One runbook whose acts are those of the first and then those of the second, which leave alone what the first looks at. */
    public static <A extends Observed, B extends Observed> Runbook<Together<A, B>> of(
            Runbook<A> first, Runbook<B> second) {
        List<Act<Together<A, B>>> acts = new ArrayList<>();
        first.acts()
                .forEach(a -> acts.add(new Act<>(a.name(), seen -> a.planner().apply(seen.first()))));
        second.acts()
                .forEach(a -> acts.add(new Act<>(
                        a.name(),
                        seen -> a.planner().apply(seen.second()),
                        Optional.of((seen, world) ->
                                new Together<>(seen.first(), second.look().apply(world))))));
        return new Runbook<>(first.cluster(), first.title(), world -> look(first, second, world), acts);
    }

    private static <A extends Observed, B extends Observed> Together<A, B> look(
            Runbook<A> first, Runbook<B> second, World world) {
        List<Observed> both = world.sideBySide(
                List.of(() -> first.look().apply(world), () -> second.look().apply(world)));
        return new Together<>(cast(both.get(0)), cast(both.get(1)));
    }

    @SuppressWarnings("unchecked")
    private static <T extends Observed> T cast(Observed seen) {
        return (T) seen;
    }

    @Override
    public Instant at() {
        return first.at();
    }

    @Override
    public List<Observation> nodes() {
        return first.nodes();
    }

    @Override
    public List<String> complaints() {
        return first.complaints();
    }
}
