package dev.holdfast.plan;

import dev.holdfast.execution.ExecutionContext;

/**
 * Something that must become true, and how to look whether it is.
 *
 * @param says the sentence that is then true, e.g. "a1 answers on 127.0.1.1:27018"
 */
public record Condition(String says, Probe look) {

    /** A look at the world that answers whether it holds and what was seen. */
    @FunctionalInterface
    public interface Probe {
        ProbeResult at(ExecutionContext world);
    }

    /** @param seen what was last seen, for the error when it never came true */
    public record ProbeResult(boolean holds, String seen) {}

    public static ProbeResult holds(String seen) {
        return new ProbeResult(true, seen);
    }

    public static ProbeResult notYet(String seen) {
        return new ProbeResult(false, seen);
    }
}
