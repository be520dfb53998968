package dev.holdfast.postgres.rolechange;

import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.Plan.Refusal;
import java.util.Optional;

/**
 * What a decision table about a change of the primary says.
 *
 * @param node whom it is about; empty when it is about nobody
 * @param exit how a refusal ends
 * @param hint what to do about a refusal
 */
public record RoleChangeDecision(Outcome way, String node, ExitCode exit, String hint) {

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

    static RoleChangeDecision of(Outcome way, String member) {
        return new RoleChangeDecision(way, member, ExitCode.DONE, "");
    }

    static RoleChangeDecision refused(ExitCode exit, String member, String hint) {
        return new RoleChangeDecision(Outcome.REFUSE, member, exit, hint);
    }

    static RoleChangeDecision refused(String member, String hint) {
        return refused(ExitCode.REFUSED, member, hint);
    }

    boolean is(Outcome desired) {
        return way == desired;
    }

    /** The refusal that a decision is; empty when it is none. */
    static Optional<Refusal> refusal(String where, DecisionRule.Decision<RoleChangeDecision> decision) {
        RoleChangeDecision ruling = decision.then();
        return ruling.is(Outcome.REFUSE)
                ? Optional.of(new Refusal(
                        where, decision.because(), ruling.hint(), ruling.exit(), Optional.of(decision.code())))
                : Optional.empty();
    }
}
