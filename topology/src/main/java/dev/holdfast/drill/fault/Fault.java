package dev.holdfast.drill.fault;

import dev.holdfast.engine.DrillProfile.FaultEffect;
import dev.holdfast.execution.Script;

/**
 * A failure that a drill can inject, with its revert. Both are in one script, which runs on the affected host and
 * receives a verb.
 *
 * <p>The script accepts four verbs: {@code possible} ends with 0 when this host supports the fault, {@code inject} injects it,
 * {@code verify} ends with 0 when the fault is in effect, {@code revert} reverts it and can be repeated. The host keeps the full
 * text of the revert, so the revert must not need anything from the CLI.
 */
public interface Fault {

    /** Returns the name in a drill file, e.g. {@code freeze}. */
    String name();

    /** Returns what the fault does and what it resembles, in one sentence. */
    String description();

    /** Returns the effect on the affected servers. */
    FaultEffect effect();

    /** Returns the script with all values except its verb. */
    Script script(AffectedNode affected);

    /** Whether the fault affects a host as a whole, with all servers on it. */
    default boolean isOfHost() {
        return false;
    }

    /** Whether the fault and its revert can only be observed when a WAL segment is archived. */
    default boolean isOfArchive() {
        return false;
    }

    /** Whether the fault separates servers from some others and not from all. */
    default boolean isOfLink() {
        return false;
    }

    default Script script(AffectedNode affected, String verb) {
        return script(affected).with("verb", verb);
    }
}
