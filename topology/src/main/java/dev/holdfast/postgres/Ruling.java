package dev.holdfast.postgres;

import dev.holdfast.model.Exit;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Rule;
import java.util.Optional;

/**
 * What a decision table about a change of the primary says.
 *
 * @param who whom it is about; empty when it is about nobody
 * @param exit how a refusal ends
 * @param hint what to do about a refusal
 */
record Ruling(Way way, String who, Exit exit, String hint) {

    /** What is to be done. */
    enum Way {
        /** Do what was asked for. */
        GO,
        /** It is done but for what follows from it. */
        FINISH,
        /** A handover that cannot be ended: the old primary goes on. */
        TAKE_BACK,
        /** It is primary beside its successor: fence it, then bring it back. */
        FENCE,
        /** Bring it back by following, without a rewind. */
        FOLLOW,
        /** Bring it back by a rewind. */
        REWIND,
        /** Bring it back by a new copy, the old one kept aside. */
        CLONE,
        /** Nothing may be done. */
        REFUSE
    }

    static Ruling of(Way way, String who) {
        return new Ruling(way, who, Exit.DONE, "");
    }

    static Ruling refused(Exit exit, String who, String hint) {
        return new Ruling(Way.REFUSE, who, exit, hint);
    }

    static Ruling refused(String who, String hint) {
        return refused(Exit.REFUSED, who, hint);
    }

    boolean is(Way wanted) {
        return way == wanted;
    }

    /** The refusal that a decision is; empty when it is none. */
    static Optional<Refusal> refusal(String where, Rule.Decision<Ruling> decision) {
        Ruling ruling = decision.then();
        return ruling.is(Way.REFUSE)
                ? Optional.of(new Refusal(where, decision.because(), ruling.hint(), ruling.exit()))
                : Optional.empty();
    }
}
