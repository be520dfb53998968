package dev.holdfast.mongodb;

import dev.holdfast.engine.Maneuver.Decided;
import dev.holdfast.model.Exit;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Rule.Decision;
import java.time.Duration;
import java.util.Optional;

/** What a row of a table of role changes decides: that it may go on, that nothing is to be done, or that it is refused. */
record Ruling(Kind kind, Exit exit, String hint) {

    /** Go on, do nothing, or refuse. */
    enum Kind {
        GO,
        NOTHING,
        REFUSED
    }

    static final Ruling GO = new Ruling(Kind.GO, Exit.DONE, "");
    static final Ruling NOTHING = new Ruling(Kind.NOTHING, Exit.DONE, "");

    static Ruling refused(String hint) {
        return new Ruling(Kind.REFUSED, Exit.REFUSED, hint);
    }

    static Ruling refused(Exit exit, String hint) {
        return new Ruling(Kind.REFUSED, exit, hint);
    }

    boolean isGo() {
        return kind == Kind.GO;
    }

    /** @param deed the sentence that says what is done when it may go on */
    static Decided told(String where, String deed, Decision<Ruling> decision, Duration pause) {
        Ruling ruling = decision.then();
        return switch (ruling.kind()) {
            case GO -> new Decided(deed, decision.because(), Optional.empty(), pause);
            case NOTHING -> new Decided("nothing is done", decision.because(), Optional.empty(), Duration.ZERO);
            case REFUSED ->
                new Decided(
                        "refused",
                        decision.because(),
                        Optional.of(new Refusal(where, decision.because(), ruling.hint(), ruling.exit())),
                        Duration.ZERO);
        };
    }
}
