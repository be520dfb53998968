package dev.holdfast.cli.hands;

import dev.holdfast.world.Answer;

/** A program that was started to stay on a host. */
interface Held {

    /** The first line it said; REFUSED with its exit code and complaint when it ended, SILENT when nothing was heard. */
    Answer first();

    /** Whether it was there a moment ago; asks it when the last proof is older than that. */
    boolean isThere();

    /** One that does not stay. */
    static Held not(Answer why) {
        return new Held() {
            @Override
            public Answer first() {
                return why;
            }

            @Override
            public boolean isThere() {
                return false;
            }
        };
    }
}
