package dev.holdfast.cli.exec;

import dev.holdfast.execution.ActionResult;

/** A program that was started to stay on a host. */
public interface HeldScript {

    /** The first line it said; REFUSED with its exit code and complaint when it ended, SILENT when nothing was heard. */
    ActionResult first();

    /** Whether it was there a moment ago; asks it when the last proof is older than that. */
    boolean isThere();

    /** One that does not stay. */
    static HeldScript not(ActionResult why) {
        return new HeldScript() {
            @Override
            public ActionResult first() {
                return why;
            }

            @Override
            public boolean isThere() {
                return false;
            }
        };
    }
}
