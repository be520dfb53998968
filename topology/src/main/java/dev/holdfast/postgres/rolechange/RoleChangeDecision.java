package dev.holdfast.postgres.rolechange;

import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.Plan.Refusal;
import java.util.Optional;

/**
 * What a decision table about a change of the primary says.
 *
 * @param who whom it is about; empty when it is about nobody
 * @param exit how a refusal ends
 * @param hint what to do about a refusal
 */
public record RoleChangeDecision(Outcome way, String who, ExitCode exit, String hint) {

    /** What is to be done. */
    public enum Outcome {
        /** Do what was asked for. */
        GO,
        /** It is done but for what follows from it. */
        FINISH,
        /** Start stopped standbys, then decide once more. */
        START,
        /** Start a fenced former primary as primary again. */
        RESUME,
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

    static RoleChangeDecision of(Outcome way, String who) {
        return new RoleChangeDecision(way, who, ExitCode.DONE, "");
    }

    static RoleChangeDecision refused(ExitCode exit, String who, String hint) {
        return new RoleChangeDecision(Outcome.REFUSE, who, exit, hint);
    }

    static RoleChangeDecision refused(String who, String hint) {
        return refused(ExitCode.REFUSED, who, hint);
    }

    boolean is(Outcome wanted) {
        return way == wanted;
    }

    /** The refusal that a decision is; empty when it is none. */
    static Optional<Refusal> refusal(String where, DecisionRule.Decision<RoleChangeDecision> decision) {
        RoleChangeDecision ruling = decision.then();
        return ruling.is(Outcome.REFUSE)
                ? Optional.of(new Refusal(where, decision.because(), ruling.hint(), ruling.exit()))
                : Optional.empty();
    }
}
