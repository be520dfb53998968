package dev.holdfast.cli.exec;

import dev.holdfast.execution.ActionResult;

/** A program that keeps running on a host, with its first line and a check whether it still runs. */
public interface HeldScript {

    /** Returns its first line; REFUSED with exit code and standard error when it ended, SILENT when it printed nothing. */
    ActionResult first();

    /** Whether it was running a moment ago; checks again when the last proof is older than that. */
    boolean isThere();

    /** Returns a script that does not run. */
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
