package dev.holdfast.postgres.rolechange;

import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.Plan.Refusal;
import java.util.Optional;

/**
 * The result of a role-change decision table.
 *
 * @param node the member that it is about; empty for none
 * @param exit exit code of a refusal
 * @param hint what the operator can do about a refusal
 */
public record RoleChangeDecision(Outcome way, String node, ExitCode exit, String hint) {

    /** The operation to execute. */
    public enum Outcome {
        /** Execute the requested operation. */
        GO,
        /** Only the stages after the promotion are left. */
        FINISH,
        /** Start stopped standbys, then decide again. */
        START,
        /** Start a fenced former primary as primary again. */
        RESUME,
        /** Revert a switchover that cannot finish: the old primary stays primary. */
        TAKE_BACK,
        /** A second primary: fence it, then return it. */
        FENCE,
        /** Return it as a follower, without a rewind. */
        FOLLOW,
        /** Return it by a rewind. */
        REWIND,
        /** Return it by a clone, with its old data preserved. */
        CLONE,
        /** Refuse. */
        REFUSE
    }

    public static RoleChangeDecision of(Outcome way, String member) {
        return new RoleChangeDecision(way, member, ExitCode.DONE, "");
    }

    public static RoleChangeDecision refused(ExitCode exit, String member, String hint) {
        return new RoleChangeDecision(Outcome.REFUSE, member, exit, hint);
    }

    public static RoleChangeDecision refused(String member, String hint) {
        return refused(ExitCode.REFUSED, member, hint);
    }

    public boolean is(Outcome desired) {
        return way == desired;
    }

    /** Returns the refusal; empty when the decision is none. */
    public static Optional<Refusal> refusal(String where, DecisionRule.Decision<RoleChangeDecision> decision) {
        RoleChangeDecision ruling = decision.then();
        return ruling.is(Outcome.REFUSE)
                ? Optional.of(new Refusal(
                        where, decision.because(), ruling.hint(), ruling.exit(), Optional.of(decision.code())))
                : Optional.empty();
    }
}
