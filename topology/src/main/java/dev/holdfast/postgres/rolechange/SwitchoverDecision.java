package dev.holdfast.postgres.rolechange;

import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.postgres.rolechange.RoleChangeDecision.Outcome;
import dev.holdfast.postgres.state.FenceMark;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.RoleChangeState;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The decision table of a switchover, over the observed state and the operator's request. */
public record SwitchoverDecision(RoleChangeState state, RoleChangeRequest request) {

    public static final List<DecisionRule<SwitchoverDecision, RoleChangeDecision>> TABLE = List.of(
            new DecisionRule<>(
                    DecisionCode.SPLIT_BRAIN,
                    "there is a split brain",
                    c -> c.now().splitBrain().isThere(),
                    c -> RoleChangeDecision.refused(
                            c.now().splitBrain().exit(),
                            "",
                            c.now().splitBrain().hint()),
                    c -> c.now().splitBrain().sentence()),
            new DecisionRule<>(
                    DecisionCode.UNKNOWN_MEMBER,
                    "--to names no member",
                    c -> c.request.to().isPresent()
                            && c.state.member(c.request.to().get()).isEmpty(),
                    c -> RoleChangeDecision.refused(
                            ExitCode.USAGE, "", "choose one of the members with --to: " + c.names()),
                    c -> "--to " + c.request.to().orElse("") + ": unknown member"),
            new DecisionRule<>(
                    DecisionCode.PROMOTION_UNRECORDED,
                    "no role change promoted the running primary, and the recorded primary does not answer",
                    c -> c.state.unconfirmed().isPresent(),
                    c -> RoleChangeDecision.refused(
                            ExitCode.UNREACHABLE,
                            "",
                            c.state.unconfirmed().orElseThrow().referral()),
                    c -> c.state.unconfirmed().orElseThrow().sentence()),
            new DecisionRule<>(
                    DecisionCode.OTHER_PROMOTED,
                    "a member other than the requested one has become primary",
                    SwitchoverDecision::isAnother,
                    c -> RoleChangeDecision.refused(
                            ExitCode.REFUSED,
                            "",
                            "see holdfast status, then run holdfast switchover "
                                    + c.now().cluster().name() + " --to "
                                    + c.request.to().orElse("") + " again"),
                    c -> c.primary().orElseThrow().name() + " has become primary on timeline "
                            + c.primary().orElseThrow().timeline() + ", desired: "
                            + c.request.to().orElse("")),
            new DecisionRule<>(
                    DecisionCode.SECRETS_UNKNOWN,
                    "the admin password of the cluster is not stored on this machine",
                    c -> c.now().withoutPassword().isPresent(),
                    c -> RoleChangeDecision.refused(
                            "",
                            "run the command on a machine that has the secret "
                                    + c.now().cluster().adminPassword().name()
                                    + ", or copy the secret to this machine"),
                    c -> c.now().withoutPassword().orElse("")),
            new DecisionRule<>(
                    DecisionCode.ALREADY_PRIMARY,
                    "the requested member is primary, or the role has moved already",
                    SwitchoverDecision::isSwitchedOver,
                    c -> RoleChangeDecision.of(
                            Outcome.FINISH, c.primary().orElseThrow().name()),
                    c -> c.primary().orElseThrow().name() + " is primary on timeline "
                            + c.primary().orElseThrow().timeline()),
            new DecisionRule<>(
                    DecisionCode.RIVALS_SILENT,
                    "another member that possibly runs as primary does not answer",
                    c -> !c.rivals().isEmpty(),
                    c -> RoleChangeDecision.refused(ExitCode.UNREACHABLE, "", c.rivalRemedy()),
                    c -> c.rivals().get(0).name()
                            + " possibly runs as primary: its process exists but does not answer ("
                            + c.rivals().get(0).answer().sentence() + ")"),
            new DecisionRule<>(
                    DecisionCode.CANDIDATE_UNSEEN,
                    "the primary has stopped for a switchover to a member that can have been promoted unobserved",
                    c -> c.unseen().isPresent(),
                    c -> RoleChangeDecision.refused(
                            c.unseen().orElseThrow().isOutOfReach() ? ExitCode.UNREACHABLE : ExitCode.WOULD_LOSE_DATA,
                            "",
                            c.unseenRemedy()),
                    c -> c.stopped().flatMap(c.state::promotedUnseen).orElse("")),
            new DecisionRule<>(
                    DecisionCode.HANDOVER_COMPLETE,
                    "the old primary has stopped for a switchover, and a standby has received all its WAL",
                    c -> c.stopped().isPresent() && c.successor().isPresent(),
                    c -> RoleChangeDecision.of(
                            Outcome.GO, c.successor().orElseThrow().name()),
                    c -> c.stopped().orElseThrow().name() + " has stopped, its last record begins at " + c.lastRecord()
                            + ", and " + c.successor().orElseThrow().name() + " has WAL up to "
                            + c.successor().orElseThrow().server().end()),
            new DecisionRule<>(
                    DecisionCode.HANDOVER_INCOMPLETE,
                    "the old primary has stopped for a switchover, and no standby is known to have all its WAL",
                    c -> c.stopped().isPresent(),
                    c -> RoleChangeDecision.of(
                            Outcome.TAKE_BACK, c.stopped().orElseThrow().name()),
                    c -> c.stopped().orElseThrow().name() + " has stopped for a switchover, its last record begins at "
                            + c.lastRecord() + ", and no possible candidate is known to have that record"),
            new DecisionRule<>(
                    DecisionCode.NO_PRIMARY_ANSWERS,
                    "no primary answers",
                    c -> c.primary().isEmpty(),
                    c -> RoleChangeDecision.refused(
                            ExitCode.UNREACHABLE,
                            "",
                            c.now()
                                    .leader()
                                    .flatMap(MemberState::errorRemedy)
                                    .orElse("holdfast failover "
                                            + c.now().cluster().name() + " shows what is possible without a primary")),
                    c -> "no primary answers, so a switchover is not possible"),
            new DecisionRule<>(
                    DecisionCode.HANDOVER_REVERTED,
                    "this run has stopped the primary and started it again",
                    SwitchoverDecision::isTakenBack,
                    c -> RoleChangeDecision.refused(
                            "",
                            "find out why the primary did not stop in time, then run holdfast switchover "
                                    + c.now().cluster().name() + " again"),
                    c -> "the switchover was reverted: "
                            + c.primary().orElseThrow().name() + " is primary as before and accepts writes"),
            new DecisionRule<>(
                    DecisionCode.PRIMARY_HOST_SILENT,
                    "the primary's host does not answer",
                    c -> c.primary().orElseThrow().isOutOfReach(),
                    c -> RoleChangeDecision.refused(
                            ExitCode.UNREACHABLE,
                            "",
                            "make the host answer: the primary is stopped there; then run holdfast switchover "
                                    + c.now().cluster().name() + " again"),
                    c -> "the host of " + c.primary().orElseThrow().name() + " does not answer: "
                            + c.primary().orElseThrow().hostTrouble()),
            new DecisionRule<>(
                    DecisionCode.RECOVERY_COPY_UNNAMED,
                    "only disaster-recovery standbys remain, and --to names none",
                    c -> c.candidate().isEmpty() && c.hasDisasterRecovery(),
                    c -> RoleChangeDecision.refused("", "name the standby with --to NAME"),
                    c -> "only disaster-recovery standbys are declared, and Holdfast never chooses one without --to"),
            new DecisionRule<>(
                    DecisionCode.NO_CANDIDATE,
                    "there is no other member",
                    c -> c.candidate().isEmpty(),
                    c -> RoleChangeDecision.refused("", "declare a standby in the topology, then holdfast apply"),
                    c -> "there is no other member"),
            new DecisionRule<>(
                    DecisionCode.CANDIDATE_UNFIT,
                    "the candidate cannot take over",
                    c -> !c.candidate().orElseThrow().isFit(),
                    c -> c.candidate().orElseThrow().decision().then(),
                    SwitchoverDecision::whyNoCandidate),
            new DecisionRule<>(
                    DecisionCode.CANDIDATE_FIT,
                    "otherwise",
                    c -> true,
                    c -> RoleChangeDecision.of(
                            Outcome.GO, c.candidate().orElseThrow().member().name()),
                    c -> c.candidate().orElseThrow().decision().because()));

    PostgresState now() {
        return state.now();
    }

    public Decision<RoleChangeDecision> decision() {
        Decision<RoleChangeDecision> decision = DecisionRule.decide(TABLE, this);
        return decision.code() == DecisionCode.CANDIDATE_UNFIT
                ? new Decision<>(
                        decision.then(),
                        decision.because(),
                        decision.when(),
                        candidate().orElseThrow().decision().code())
                : decision;
    }

    public Optional<MemberState> primary() {
        return now().primary();
    }

    public Optional<SwitchoverCandidate> candidate() {
        return SwitchoverCandidate.chosen(now(), request);
    }

    private String names() {
        return now().members().stream().map(MemberState::name).collect(Collectors.joining(", "));
    }

    private boolean hasDisasterRecovery() {
        return now().others().anyMatch(m -> m.member().role() == MemberRole.DR);
    }

    private boolean isSwitchedOver() {
        return primary()
                .filter(p -> request.to().filter(p.name()::equals).isPresent()
                        || state.leaving()
                                .filter(l -> !l.name().equals(p.name()))
                                .isPresent()
                        || isUnfinished(p))
                .isPresent();
    }

    private boolean isTakenBack() {
        String started = state.leaving().map(RoleChangeState.Leaving::started).orElse("");
        return !started.isEmpty()
                && !started.equals(primary().orElseThrow().server().started());
    }

    /** Returns whether another member than the requested one was promoted during this run. */
    private boolean isAnother() {
        return primary()
                .filter(p -> request.to().filter(t -> !t.equals(p.name())).isPresent())
                .filter(p ->
                        state.leaving().filter(l -> !l.name().equals(p.name())).isPresent())
                .isPresent();
    }

    /**
     * Returns whether an earlier run was interrupted after its promotion: the old primary has not returned, or the history on a
     * host, which a run writes last, is older than the timeline.
     */
    private boolean isUnfinished(MemberState primary) {
        return request.to().isEmpty() && (hasNotComeBack(primary) || isNotOnRecord(primary));
    }

    private boolean hasNotComeBack(MemberState primary) {
        return now().members().stream()
                .filter(m -> !m.isUp())
                .flatMap(m -> m.disk().fence().stream())
                .anyMatch(f -> f.isSwitchover() && f.timeline() < primary.timeline());
    }

    private boolean isNotOnRecord(MemberState primary) {
        return now().members().stream()
                .filter(m -> !m.isOutOfReach())
                .flatMap(m -> m.disk().history().stream())
                .anyMatch(h -> h.timeline() < primary.timeline());
    }

    /** Returns the old primary that has stopped for a switchover, while no member is primary. */
    Optional<MemberState> stopped() {
        return primary().isPresent()
                ? Optional.empty()
                : state.lost()
                        .filter(m -> m.isDown()
                                && m.disk()
                                        .fence()
                                        .filter(FenceMark::isSwitchover)
                                        .isPresent());
    }

    /**
     * Returns members besides the primary whose processes exist, whose files are those of a primary, and that do not answer: a
     * person can have promoted them.
     */
    private List<MemberState> rivals() {
        return primary().isPresent() || stopped().isPresent()
                ? now().members().stream()
                        .filter(m -> m.wasPrimary() && !m.isDown() && !m.isOutOfReach())
                        .toList()
                : List.of();
    }

    private Optional<MemberState> unseen() {
        return stopped().flatMap(state::unseenCandidate);
    }

    private String rivalRemedy() {
        MemberState rival = rivals().get(0);
        return rival.errorRemedy().orElse("stop " + rival.name() + ", or wait until it answers")
                + "; then run holdfast switchover " + now().cluster().name()
                + request.to().map(t -> " --to " + t).orElse("") + " again";
    }

    private String unseenRemedy() {
        MemberState candidate = unseen().orElseThrow();
        return (candidate.isOutOfReach()
                        ? "make the host of " + candidate.name() + " answer"
                        : "restore the data directory of " + candidate.name())
                + "; or see what is possible without that member with holdfast failover "
                + now().cluster().name();
    }

    private String lastRecord() {
        return stopped()
                .map(MemberState::disk)
                .map(d -> d.control().checkpointLsn())
                .filter(l -> !l.isEmpty())
                .orElse("?");
    }

    /**
     * Returns the member to promote: it has all WAL of the stopped primary, and is the named, the prepared or the first
     * suitable one.
     */
    Optional<MemberState> successor() {
        Optional<MemberState> from = stopped();
        if (from.isEmpty()) {
            return Optional.empty();
        }
        String prepared = from.get().disk().fence().map(FenceMark::to).orElse("");
        return state.standbys().stream()
                .filter(s -> s.hasAllOf(from.get()))
                .filter(s -> request.to().map(s.name()::equals).orElse(true))
                .filter(s -> s.member().role() != MemberRole.DR
                        || s.name().equals(prepared)
                        || request.to().isPresent())
                .min(Comparator.comparing(s -> s.name().equals(prepared) ? 0 : 1));
    }

    private String whyNoCandidate() {
        if (request.to().isPresent()) {
            return candidate().orElseThrow().decision().because();
        }
        return SwitchoverCandidate.all(now(), request).stream()
                .map(c -> c.decision().because())
                .collect(Collectors.joining("; "));
    }
}
