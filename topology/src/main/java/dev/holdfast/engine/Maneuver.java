package dev.holdfast.engine;

import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.world.Observed;
import dev.holdfast.world.World;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * A change of roles: decided by a table, carried out by a runbook. Going through the runbook again once it is done finds
 * nothing to do, so that a killed run is taken up where it stopped.
 *
 * @param decide pure: from what is seen to what is decided
 * @param afterwards what is proven at leisure once roles have changed and writes are served; not part of the change
 */
public record Maneuver<S extends Observed>(
        Runbook<S> book, Function<S, Decided> decide, Optional<Runbook<?>> afterwards) {

    public Maneuver(Runbook<S> book, Function<S, Decided> decide) {
        this(book, decide, Optional.empty());
    }

    /**
     * What was decided.
     *
     * @param sentence what will be done, e.g. "promote payments/servers/b2"; or that nothing is
     * @param because the row's reason, with the values seen
     * @param refusal why it is not allowed; empty when it is
     * @param pause how long writes are expected to be refused
     * @param mostLost how many commits at most, if it loses any; absent where nobody knows
     */
    public record Decided(
            String sentence, String because, Optional<Refusal> refusal, Duration pause, OptionalLong mostLost) {

        public Decided(String sentence, String because, Optional<Refusal> refusal, Duration pause) {
            this(sentence, because, refusal, pause, OptionalLong.empty());
        }
    }

    /**
     * A decision with the runbook that carries it out.
     *
     * @param book begins with what was seen when it was decided, so that it is to be carried out at once
     */
    public record Ruled(Decided decided, Runbook<?> book) {}

    /** Looks and decides, without doing anything. */
    public Decided decide(World world) {
        return rule(world).decided();
    }

    /** Looks and decides, to carry it out at once: writes may be waiting for it. */
    public Ruled rule(World world) {
        S seen = book.look().apply(world);
        return new Ruled(decide.apply(seen), book.startingFrom(seen));
    }
}
