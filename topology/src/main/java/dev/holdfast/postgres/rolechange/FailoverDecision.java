package dev.holdfast.postgres.rolechange;

import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.postgres.rolechange.RoleChangeDecision.Outcome;
import java.time.Duration;
import java.util.List;

/** The decision table of a PostgreSQL failover, over the observed state and the operator's request. */
public final class FailoverDecision {

    /** The interval after a failover in which a second one needs the operator. */
    public static final Duration CALM = Duration.ofMinutes(10);

    public static final List<DecisionRule<FailoverFacts, RoleChangeDecision>> TABLE = List.of(
            new DecisionRule<>(
                    DecisionCode.SPLIT_BRAIN,
                    "there is a split brain",
                    c -> c.now().splitBrain().isThere(),
                    c -> RoleChangeDecision.refused(
                            c.now().splitBrain().exit(),
                            "",
                            c.now().splitBrain().hint()),
                    c -> c.now().splitBrain().sentence()),
            FailoverEvidenceRows.WITHOUT_PASSWORD,
            new DecisionRule<>(
                    DecisionCode.UNKNOWN_MEMBER,
                    "--to names no member",
                    c -> c.request().to().isPresent()
                            && c.state().member(c.request().to().get()).isEmpty(),
                    c -> RoleChangeDecision.refused(
                            ExitCode.USAGE, "", "choose one of the members with --to: " + c.names()),
                    c -> "--to " + c.request().to().orElse("") + ": unknown member"),
            FailoverEvidenceRows.PROMOTION_UNRECORDED,
            FailoverEvidenceRows.PROMOTION_UNFENCED,
            FailoverEvidenceRows.PROMOTION_UNCOMPARED,
            new DecisionRule<>(
                    DecisionCode.ALREADY_PRIMARY,
                    "another member is primary already",
                    FailoverFacts::isDone,
                    c -> RoleChangeDecision.of(
                            Outcome.FINISH, c.primary().orElseThrow().name()),
                    c -> c.primary().orElseThrow().name() + " is primary on timeline "
                            + c.primary().orElseThrow().timeline()),
            new DecisionRule<>(
                    DecisionCode.PRIMARY_ANSWERS,
                    "the primary answers",
                    c -> c.primary().isPresent(),
                    c -> RoleChangeDecision.refused(
                            "", "to change a primary that answers, run holdfast switchover " + c.target()),
                    c -> c.primary().orElseThrow().name()
                            + " is primary and answers queries: there is nothing to fail over from"),
            new DecisionRule<>(
                    DecisionCode.PRIMARY_UNKNOWN,
                    "no member is known to have been primary",
                    c -> c.state().lost().isEmpty(),
                    c -> RoleChangeDecision.refused(
                            c.isSomeoneUnseen() ? ExitCode.UNREACHABLE : ExitCode.REFUSED,
                            "",
                            "make all hosts answer; or choose a member from holdfast status and name it with --to"),
                    c -> "no reachable member is or was primary"
                            + (c.isSomeoneUnseen() ? ", and not every host answers" : "")),
            FailoverEvidenceRows.ANOTHER_PORT,
            FailoverEvidenceRows.REACHED,
            FailoverEvidenceRows.FORMER_WITH_OTHERS_UNSEEN,
            FailoverEvidenceRows.FORMER_OVERTAKEN,
            FailoverEvidenceRows.FORMER,
            FailoverEvidenceRows.CANDIDATE_UNSEEN,
            new DecisionRule<FailoverFacts, RoleChangeDecision>(
                            DecisionCode.FENCED_BY_HAND,
                            "the lost primary's host does not answer, so the primary cannot be fenced",
                            c -> c.lost().isOutOfReach() && !c.overrides(DecisionCode.FENCED_BY_HAND),
                            c -> RoleChangeDecision.refused(
                                    ExitCode.UNREACHABLE,
                                    "",
                                    "make the host answer; or switch the host off and make sure that it stays off, then "
                                            + "run again with --override=" + DecisionCode.FENCED_BY_HAND),
                            c -> "the host of " + c.lost().name() + " does not answer ("
                                    + c.lost().hostTrouble()
                                    + "): that server can still be primary and acknowledge writes, and Holdfast cannot fence it")
                    .overridable(),
            new DecisionRule<FailoverFacts, RoleChangeDecision>(
                            DecisionCode.OTHERS_SILENT,
                            "the primary was fenced manually, and a majority of the other members is unreachable",
                            c -> c.lost().isOutOfReach()
                                    && !c.areMostOthersThere()
                                    && !c.overrides(DecisionCode.OTHERS_SILENT),
                            c -> RoleChangeDecision.refused(
                                    ExitCode.UNREACHABLE,
                                    "",
                                    "make these members answer; or make sure that no other operator promotes one of "
                                            + "them, then run again with --override=" + DecisionCode.OTHERS_SILENT),
                            c -> c.othersDescription())
                    .overridable(),
            new DecisionRule<>(
                    DecisionCode.NEWER_PRIMARY_UNSEEN,
                    "a member is unreachable, and another one is on a later timeline than the lost primary",
                    c -> c.isSomeoneUnseen() && c.hasComeFurther().isPresent(),
                    c -> RoleChangeDecision.refused(
                            ExitCode.UNREACHABLE,
                            "",
                            "make all hosts answer, then run holdfast failover "
                                    + c.now().cluster().name()
                                    + " again; the newest primary is not among the reachable members"),
                    c -> c.hasComeFurther().orElse("")),
            new DecisionRule<FailoverFacts, RoleChangeDecision>(
                            DecisionCode.PRIMARY_RECOVERING,
                            "the primary performs crash recovery",
                            c -> c.lost().isStarting() && !c.overrides(DecisionCode.PRIMARY_RECOVERING),
                            c -> RoleChangeDecision.refused(
                                    "",
                                    "wait until the primary answers, or fence the primary anyway with --override="
                                            + DecisionCode.PRIMARY_RECOVERING),
                            c -> c.lost().name() + " says: "
                                    + c.lost().answer().text().strip())
                    .overridable(),
            new DecisionRule<FailoverFacts, RoleChangeDecision>(
                            DecisionCode.FAILOVER_AGAIN,
                            "another failover was done shortly before",
                            c -> c.sinceLast()
                                            .filter(s -> s.compareTo(CALM) < 0)
                                            .isPresent()
                                    && !c.overrides(DecisionCode.FAILOVER_AGAIN),
                            c -> RoleChangeDecision.refused(
                                    "",
                                    "find out why the primaries fail, then run again with --override="
                                            + DecisionCode.FAILOVER_AGAIN),
                            c -> "the last failover was "
                                    + c.sinceLast().orElseThrow().toSeconds() + " s ago; another one within "
                                    + CALM.toSeconds() + " s needs an override")
                    .overridable(),
            FailoverEvidenceRows.STOPPED_STANDBYS,
            new DecisionRule<>(
                    DecisionCode.NO_STANDBY_ANSWERS,
                    "no standby that can be promoted answers",
                    c -> c.candidate().isEmpty(),
                    c -> RoleChangeDecision.refused(
                            ExitCode.UNREACHABLE,
                            "",
                            FailoverEvidenceRows.startingAgain(c) + c.aDisasterRecoveryCopy()),
                    c -> "no standby that can be promoted answers"
                            + c.request().to().map(t -> " with the name " + t).orElse("")),
            FailoverEvidenceRows.DISASTER_RECOVERY_UNNAMED,
            new DecisionRule<>(
                    DecisionCode.CANDIDATE_COMPLETE,
                    "the candidate has every acknowledged commit",
                    c -> c.inSync().isProven(c.candidate().orElseThrow()),
                    c -> RoleChangeDecision.of(
                            Outcome.GO, c.candidate().orElseThrow().name()),
                    c -> c.description() + "; " + c.candidate().orElseThrow().name()
                            + (c.state().gap(c.candidate().orElseThrow()).isNothing()
                                    ? " has every commit of its WAL"
                                    : " was synchronous according to the record of "
                                            + c.state().history().orElseThrow().at()
                                            + ", so the commits that only "
                                            + c.lost().name()
                                            + " has were not acknowledged yet: "
                                            + c.state()
                                                    .gap(c.candidate().orElseThrow())
                                                    .description())),
            new DecisionRule<>(
                    DecisionCode.DATA_LOSS_ACCEPTED,
                    "the candidate can lack acknowledged commits, and the loss was accepted",
                    c -> c.request().acceptDataLoss(),
                    c -> RoleChangeDecision.of(
                            Outcome.GO, c.candidate().orElseThrow().name()),
                    c -> c.description() + "; " + c.bound() + ", which was accepted"),
            new DecisionRule<>(
                    DecisionCode.DATA_LOSS,
                    "otherwise",
                    c -> true,
                    c -> RoleChangeDecision.refused(
                            ExitCode.WOULD_LOSE_DATA,
                            c.candidate().orElseThrow().name(),
                            FailoverEvidenceRows.startingAgain(c) + "; or accept the loss with " + c.accepting()
                                    + "--accept-data-loss"),
                    FailoverFacts::bound));

    private FailoverDecision() {}

    public static Decision<RoleChangeDecision> of(FailoverFacts facts) {
        return DecisionRule.decide(TABLE, facts);
    }
}
