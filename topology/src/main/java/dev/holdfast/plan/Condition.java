package dev.holdfast.plan;

import dev.holdfast.execution.ExecutionContext;

/**
 * A statement about the observed state, together with the probe that observes whether it holds.
 *
 * @param description the statement, e.g. "a1 answers on 127.0.1.1:27018"
 */
public record Condition(String description, Probe look) {

    /** A probe that returns whether the condition holds, and what was observed. */
    @FunctionalInterface
    public interface Probe {
        ProbeResult at(ExecutionContext context);
    }

    /** @param observed the last observation, for the error when the condition never held */
    public record ProbeResult(boolean holds, String observed) {}

    /** Returns the condition that both hold; the other one is observed only when this one holds. */
    public Condition and(Condition other) {
        return new Condition(description + ", and " + other.description, context -> {
            ProbeResult first = look.at(context);
            return first.holds() ? other.look.at(context) : first;
        });
    }

    public static ProbeResult holds(String observed) {
        return new ProbeResult(true, observed);
    }

    public static ProbeResult notYet(String observed) {
        return new ProbeResult(false, observed);
    }
}
