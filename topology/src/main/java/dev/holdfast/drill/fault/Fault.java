package dev.holdfast.drill.fault;

import dev.holdfast.engine.DrillProfile.FaultEffect;
import dev.holdfast.execution.Script;

/**
 * A break with its mend, both in one script on the victim's host that is told which of them to do.
 *
 * <p>The script knows four words in {@code verb}: {@code possible} ends with 0 when this host can do it, {@code set}
 * breaks, {@code seen} ends with 0 when the break is in effect, {@code mend} undoes it and may be said any number of
 * times. A mend is kept on the host in full, so it must not need anything from the CLI.
 */
public interface Fault {

    /** As it is written in a drill, e.g. {@code freeze}. */
    String name();

    /** What it does, and what it is like, in one sentence. */
    String story();

    /** What it means to the servers it strikes. */
    FaultEffect blow();

    /** The script with everything but its verb. */
    Script script(AffectedNode affected);

    /** Whether it strikes a host as a whole, with all servers on it. */
    default boolean isOfHost() {
        return false;
    }

    /** Whether it is felt, and seen to be mended, only when a piece of the log is archived. */
    default boolean isOfArchive() {
        return false;
    }

    /** Whether it keeps servers apart from some others rather than from everybody. */
    default boolean isOfLink() {
        return false;
    }

    default Script script(AffectedNode affected, String verb) {
        return script(affected).with("verb", verb);
    }
}
