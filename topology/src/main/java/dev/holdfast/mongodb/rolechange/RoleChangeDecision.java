package dev.holdfast.mongodb.rolechange;

import dev.holdfast.engine.Operation.Assessment;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.plan.Plan.Refusal;
import java.time.Duration;
import java.util.Optional;

/** The outcome of a decision row: go on, do nothing, or refuse. */
public record RoleChangeDecision(Kind kind, ExitCode exit, String hint) {

    /** The kind of an outcome. */
    public enum Kind {
        GO,
        NOTHING,
        REFUSED
    }

    public static final RoleChangeDecision GO = new RoleChangeDecision(Kind.GO, ExitCode.DONE, "");
    public static final RoleChangeDecision NOTHING = new RoleChangeDecision(Kind.NOTHING, ExitCode.DONE, "");

    public static RoleChangeDecision refused(String hint) {
        return new RoleChangeDecision(Kind.REFUSED, ExitCode.REFUSED, hint);
    }

    public static RoleChangeDecision refused(ExitCode exit, String hint) {
        return new RoleChangeDecision(Kind.REFUSED, exit, hint);
    }

    boolean isGo() {
        return kind == Kind.GO;
    }

    /** @param operation the sentence about the change if it goes on */
    public static Assessment assessment(
            String where, String operation, Decision<RoleChangeDecision> decision, Duration pause) {
        Assessment description = switch (decision.then().kind()) {
            case GO -> new Assessment(operation, decision.because(), Optional.empty(), pause);
            case NOTHING -> new Assessment("nothing is done", decision.because(), Optional.empty(), Duration.ZERO);
            case REFUSED ->
                new Assessment("refused", decision.because(), Optional.of(refusal(where, decision)), Duration.ZERO);
        };
        return description.by(decision.code());
    }

    /** The refusal that a decision is. */
    public static Refusal refusal(String where, Decision<RoleChangeDecision> decision) {
        RoleChangeDecision ruling = decision.then();
        return new Refusal(where, decision.because(), ruling.hint(), ruling.exit(), Optional.of(decision.code()));
    }
}
