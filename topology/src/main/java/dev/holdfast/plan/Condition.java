package dev.holdfast.plan;

import dev.holdfast.world.World;

/**
 * Something that must become true, and how to look whether it is.
 *
 * @param says the sentence that is then true, e.g. "a1 answers on 127.0.1.1:27018"
 */
public record Condition(String says, Look look) {

    /** A look at the world that answers whether it holds and what was seen. */
    @FunctionalInterface
    public interface Look {
        Glimpse at(World world);
    }

    /** @param seen what was last seen, for the error when it never came true */
    public record Glimpse(boolean holds, String seen) {}

    public static Glimpse holds(String seen) {
        return new Glimpse(true, seen);
    }

    public static Glimpse notYet(String seen) {
        return new Glimpse(false, seen);
    }
}
