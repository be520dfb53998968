package dev.holdfast.postgres.rolechange;

import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.postgres.rolechange.RoleChangeDecision.Outcome;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.UnrecordedPromotion;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import java.util.List;

/**
 * The rows of the failover table about evidence from other nodes, and about members that a failover can start: {@link
 * RestartableMembers}.
 */
final class FailoverEvidenceRows {

    static final DecisionRule<FailoverFacts, RoleChangeDecision> WITHOUT_PASSWORD = new DecisionRule<>(
            DecisionCode.SECRETS_UNKNOWN,
            "the admin password of the cluster is not stored on this machine",
            c -> c.now().withoutPassword().isPresent(),
            c -> RoleChangeDecision.refused(
                    "",
                    "run the command on a machine that has the secret "
                            + c.now().cluster().adminPassword().name() + ", or copy the secret to this machine"),
            c -> c.now().withoutPassword().orElse(""));

    static final DecisionRule<FailoverFacts, RoleChangeDecision> PROMOTION_UNRECORDED = new DecisionRule<>(
            DecisionCode.PROMOTION_UNRECORDED,
            "no role change promoted the running primary, and the recorded primary can run without an answer",
            c -> c.state().unconfirmed().filter(p -> !p.isReplaceable()).isPresent(),
            c -> RoleChangeDecision.refused(
                    ExitCode.UNREACHABLE,
                    "",
                    c.state().unconfirmed().orElseThrow().hint()),
            c -> c.state().unconfirmed().orElseThrow().sentence());

    static final DecisionRule<FailoverFacts, RoleChangeDecision> PROMOTION_UNFENCED = new DecisionRule<
                    FailoverFacts, RoleChangeDecision>(
                    DecisionCode.PROMOTION_UNFENCED,
                    "no role change promoted the running primary, and the host of the recorded primary does not answer",
                    c -> c.state().unconfirmed().isPresent() && !c.overrides(DecisionCode.FENCED_BY_HAND),
                    c -> RoleChangeDecision.refused(
                            ExitCode.UNREACHABLE,
                            "",
                            c.state().unconfirmed().orElseThrow().hint()),
                    c -> c.state().unconfirmed().orElseThrow().sentence())
            .overriddenBy(DecisionCode.FENCED_BY_HAND);

    static final DecisionRule<FailoverFacts, RoleChangeDecision> PROMOTION_UNCOMPARED = new DecisionRule<>(
            DecisionCode.PROMOTION_UNCOMPARED,
            "the running primary can lack acknowledged commits of the recorded primary, whose host is switched off",
            c -> c.state().unconfirmed().isPresent() && !c.request().acceptDataLoss(),
            c -> RoleChangeDecision.refused(
                    ExitCode.WOULD_LOSE_DATA,
                    "",
                    "make the host of "
                            + c.now().unrecorded().unseen().orElseThrow().name()
                            + " answer; or accept the loss with "
                            + UnrecordedPromotion.confirmation(
                                    c.now().unrecorded().promoted().orElseThrow())
                            + " --accept-data-loss"),
            c -> c.now().unrecorded().sentence()
                    + "; at most lost: an unknown number of commits, because the WAL of the recorded primary cannot be read");

    static final DecisionRule<FailoverFacts, RoleChangeDecision> ANOTHER_PORT = new DecisionRule<>(
            DecisionCode.PRIMARY_OTHER_PORT,
            "the primary runs on another port than the declared one",
            c -> c.lost().otherPort().isPresent(),
            c -> RoleChangeDecision.refused(
                    "",
                    "declare port: " + c.lost().otherPort().orElse("") + " of "
                            + c.lost().name()
                            + " again, then run holdfast plan: another port needs no failover"),
            c -> c.lost().name() + " does not answer on port "
                    + c.lost().node().port() + ", and its process runs with port "
                    + c.lost().otherPort().orElse(""));

    static final DecisionRule<FailoverFacts, RoleChangeDecision> REACHED = new DecisionRule<
                    FailoverFacts, RoleChangeDecision>(
                    DecisionCode.PRIMARY_REACHED,
                    "other servers still reach the primary, or did not report whether they do",
                    c -> !c.state().reachedBy().isEmpty() && !c.overrides(DecisionCode.PRIMARY_REACHED),
                    c -> RoleChangeDecision.refused(
                            "",
                            c.lost()
                                            .errorRemedy()
                                            .orElse("restore the connection from here to "
                                                    + c.lost().node().endpoint())
                                    + ", then holdfast switchover " + c.target()
                                    + "; or fence the primary anyway with --override="
                                    + DecisionCode.PRIMARY_REACHED),
                    c -> c.lost().name() + " does not answer this machine, but is not lost: "
                            + String.join("; ", c.state().reachedBy()))
            .overridable();

    static final DecisionRule<FailoverFacts, RoleChangeDecision> FORMER_WITH_OTHERS_UNSEEN = new DecisionRule<
                    FailoverFacts, RoleChangeDecision>(
                    DecisionCode.RIVALS_SILENT,
                    "--to names a former primary, and a member that possibly runs as primary is unreachable",
                    c -> !hanging(c).isEmpty()
                            || c.restartable().former().isPresent()
                                    && !c.restartable().unseen().isEmpty()
                                    && !c.overrides(DecisionCode.FENCED_BY_HAND),
                    c -> RoleChangeDecision.refused(
                            ExitCode.UNREACHABLE,
                            "",
                            !hanging(c).isEmpty()
                                    ? "stop " + String.join(", ", hanging(c)) + ", or wait until it answers"
                                    : "make all hosts answer; or switch these hosts off and make sure that they stay "
                                            + "off, then run again with --override=" + DecisionCode.FENCED_BY_HAND),
                    c -> hanging(c).isEmpty()
                            ? "the hosts of "
                                    + String.join(", ", c.restartable().unseen())
                                    + " do not answer: one of them possibly runs as primary"
                            : String.join(", ", hanging(c))
                                    + " possibly runs as primary: its process exists but does not answer")
            .overriddenBy(DecisionCode.FENCED_BY_HAND);

    static final DecisionRule<FailoverFacts, RoleChangeDecision> FORMER_OVERTAKEN = new DecisionRule<>(
            DecisionCode.FORMER_OVERTAKEN,
            "--to names a former primary, and another member can have later commits",
            c -> c.restartable().former().flatMap(c.restartable()::overtaken).isPresent()
                    && !c.request().acceptDataLoss(),
            c -> RoleChangeDecision.refused(
                    ExitCode.WOULD_LOSE_DATA,
                    "",
                    "start that member again with holdfast apply; or accept the loss with --accept-data-loss"),
            c -> c.restartable().former().flatMap(c.restartable()::overtaken).orElse("") + "; at most lost: "
                    + c.restartable().former().map(RestartableMembers::mostLost).orElse(""));

    static final DecisionRule<FailoverFacts, RoleChangeDecision> FORMER = new DecisionRule<>(
            DecisionCode.FORMER_PRIMARY,
            "--to names a former primary",
            c -> c.restartable().former().isPresent(),
            c -> RoleChangeDecision.of(
                    Outcome.RESUME, c.restartable().former().orElseThrow().name()),
            c -> c.restartable().former().orElseThrow().name()
                    + c.restartable()
                            .former()
                            .flatMap(m -> m.disk().fence())
                            .map(f -> " is fenced by " + f.description())
                            .orElse(" was primary when it stopped")
                    + c.restartable()
                            .former()
                            .flatMap(c.restartable()::overtaken)
                            .map(w -> "; " + w + ", which was accepted")
                            .orElse(", and no other member was primary since"));

    static final DecisionRule<FailoverFacts, RoleChangeDecision> CANDIDATE_UNSEEN = new DecisionRule<
                    FailoverFacts, RoleChangeDecision>(
                    DecisionCode.CANDIDATE_UNSEEN,
                    "the fence of the primary names a candidate whose host does not answer",
                    c -> c.unseen().filter(MemberState::isOutOfReach).isPresent()
                            && !c.overrides(DecisionCode.FENCED_BY_HAND),
                    c -> RoleChangeDecision.refused(
                            ExitCode.UNREACHABLE,
                            "",
                            "make the host of "
                                    + c.unseen().orElseThrow().name()
                                    + " answer; or switch that host off and make sure that it stays off, then run again "
                                    + "with --override="
                                    + DecisionCode.FENCED_BY_HAND),
                    c -> c.state().promotedUnseen(c.lost()).orElse(""))
            .overriddenBy(DecisionCode.FENCED_BY_HAND);

    static final DecisionRule<FailoverFacts, RoleChangeDecision> STOPPED_STANDBYS = new DecisionRule<>(
            DecisionCode.STANDBYS_STOPPED,
            "stopped standbys can have every acknowledged commit",
            c -> !c.restartable().standbys().isEmpty()
                    && (c.candidate().isEmpty()
                            || isUnnamedCopy(c)
                            || !c.request().acceptDataLoss()
                                    && !c.inSync().isProven(c.candidate().get())),
            c -> RoleChangeDecision.of(Outcome.START, c.restartable().names()),
            c -> c.description() + "; " + c.restartable().names()
                    + " stopped as standby: Holdfast starts every stopped standby to read the end of its WAL");

    static final DecisionRule<FailoverFacts, RoleChangeDecision> DISASTER_RECOVERY_UNNAMED = new DecisionRule<>(
            DecisionCode.RECOVERY_COPY_UNNAMED,
            "the candidate has every acknowledged commit, but --to does not name this disaster-recovery standby",
            c -> isUnnamedCopy(c) && c.inSync().isProven(c.candidate().orElseThrow()),
            c -> RoleChangeDecision.refused("", startingAgain(c) + c.aDisasterRecoveryCopy()),
            c -> "only the disaster-recovery standby "
                    + c.candidate().orElseThrow().name()
                    + " can be promoted, and Holdfast promotes it only if --to names it");

    private FailoverEvidenceRows() {}

    private static List<String> hanging(FailoverFacts c) {
        return c.restartable().former().map(c.restartable()::hanging).orElse(List.of());
    }

    private static boolean isUnnamedCopy(FailoverFacts c) {
        return c.request().to().isEmpty()
                && c.candidate().orElseThrow().member().role() == MemberRole.DR;
    }

    /** Returns a hint: a lost primary with complete data should be started again; a fenced one only by its name. */
    static String startingAgain(FailoverFacts c) {
        MemberState lost = c.lost();
        if (!lost.isOutOfReach() && !lost.hasDatabase()) {
            return "restore the data directory of " + lost.name() + ", then holdfast apply";
        }
        boolean isFenced = lost.disk().fence().filter(f -> !f.isRestore()).isPresent();
        boolean isUnseen = !c.restartable().unseen().isEmpty();
        boolean isRivalled =
                !c.restartable().rivals(lost).isEmpty() && c.now().leader().isEmpty();
        return !lost.isOutOfReach() && (isFenced || isUnseen || isRivalled)
                ? "start " + lost.name() + " again as primary with holdfast failover "
                        + c.now().cluster().name() + " --to " + lost.name()
                        + (isUnseen ? " --override=" + DecisionCode.FENCED_BY_HAND : "")
                : "start " + lost.name() + " again with holdfast apply if its host works";
    }
}
