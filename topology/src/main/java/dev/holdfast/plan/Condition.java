package dev.holdfast.plan;

import dev.holdfast.execution.ExecutionContext;

/**
 * Something that must become true, and how to look whether it is.
 *
 * @param description the sentence that is then true, e.g. "a1 answers on 127.0.1.1:27018"
 */
public record Condition(String description, Probe look) {

    /** A look at the world that answers whether it holds and what was seen. */
    @FunctionalInterface
    public interface Probe {
        ProbeResult at(ExecutionContext context);
    }

    /** @param observed what was last seen, for the error when it never came true */
    public record ProbeResult(boolean holds, String observed) {}

    public static ProbeResult holds(String observed) {
        return new ProbeResult(true, observed);
    }

    public static ProbeResult notYet(String observed) {
        return new ProbeResult(false, observed);
    }
}
