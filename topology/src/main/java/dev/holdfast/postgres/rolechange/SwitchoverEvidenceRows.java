package dev.holdfast.postgres.rolechange;

import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.DecisionRule;

/** The rows of the decision about a switchover that doubt whether another member is, or was, primary. */
final class SwitchoverEvidenceRows {

    static final DecisionRule<SwitchoverDecision, RoleChangeDecision> RIVALS =
            new DecisionRule<>(
                    DecisionCode.RIVALS_SILENT,
                    "another member that can be primary does not answer",
                    c -> !c.rivals().isEmpty(),
                    c -> RoleChangeDecision.refused(
                            ExitCode.UNREACHABLE,
                            "",
                            c.rivals()
                                            .get(0)
                                            .errorRemedy()
                                            .orElse("stop " + c.rivals().get(0).name() + ", or wait until it answers")
                                    + "; then run holdfast switchover "
                                    + c.now().cluster().name()
                                    + c.request().to().map(t -> " --to " + t).orElse("") + " again"),
                    c -> c.rivals().get(0).name() + " can be primary: its process exists and does not answer ("
                            + c.rivals().get(0).answer().sentence() + ")");

    static final DecisionRule<SwitchoverDecision, RoleChangeDecision> UNSEEN =
            new DecisionRule<>(
                    DecisionCode.CANDIDATE_UNSEEN,
                    "the primary has stopped for a switchover to a member that can have been promoted unobserved",
                    c -> c.unseen().isPresent(),
                    c -> RoleChangeDecision.refused(
                            c.unseen().orElseThrow().isOutOfReach() ? ExitCode.UNREACHABLE : ExitCode.WOULD_LOSE_DATA,
                            "",
                            (c.unseen().orElseThrow().isOutOfReach()
                                            ? "make the host of "
                                                    + c.unseen().orElseThrow().name() + " answer"
                                            : "restore the data directory of "
                                                    + c.unseen().orElseThrow().name())
                                    + "; or see what is possible without it with holdfast failover "
                                    + c.now().cluster().name()),
                    c -> c.stopped().flatMap(c.state()::promotedUnseen).orElse(""));

    private SwitchoverEvidenceRows() {}
}
