package dev.holdfast.postgres.rolechange;

import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.postgres.rolechange.RoleChangeDecision.Outcome;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.RoleChangeState;
import dev.holdfast.postgres.state.SplitBrain;
import dev.holdfast.postgres.state.TimelineHistory;
import dev.holdfast.postgres.value.Lsn;
import java.util.List;
import java.util.Optional;

/** The decision table of a rejoin, over the observed state. */
public record RejoinDecision(RoleChangeState state, RoleChangeRequest request) {

    public static final List<DecisionRule<RejoinDecision, RoleChangeDecision>> TABLE = List.of(
            new DecisionRule<>(
                    DecisionCode.UNKNOWN_MEMBER,
                    "unknown member",
                    c -> c.state.member(c.name()).isEmpty(),
                    c -> RoleChangeDecision.refused(ExitCode.USAGE, "", "holdfast status names the members"),
                    c -> c.name().isEmpty() ? "the command names no member" : c.name() + ": unknown member"),
            new DecisionRule<>(
                    DecisionCode.SECRETS_UNKNOWN,
                    "the admin password of the cluster is not stored on this machine",
                    c -> c.state.now().withoutPassword().isPresent(),
                    c -> RoleChangeDecision.refused(
                            c.name(),
                            "run the command on a machine that has the secret "
                                    + c.state.now().cluster().adminPassword().name()
                                    + ", or copy the secret to this machine"),
                    c -> c.state.now().withoutPassword().orElse("")),
            new DecisionRule<>(
                    DecisionCode.PROMOTION_UNRECORDED,
                    "no role change promoted the running primary, and the recorded primary does not answer",
                    c -> c.state.unconfirmed().isPresent(),
                    c -> RoleChangeDecision.refused(
                            ExitCode.UNREACHABLE,
                            c.name(),
                            c.state.unconfirmed().orElseThrow().referral()),
                    c -> c.state.unconfirmed().orElseThrow().sentence()),
            new DecisionRule<>(
                    DecisionCode.ALREADY_PRIMARY,
                    "the member is primary",
                    c -> c.member().isPrimary() && !c.isSplit(),
                    c -> RoleChangeDecision.of(Outcome.FINISH, c.name()),
                    c -> c.name() + " is primary"),
            new DecisionRule<>(
                    DecisionCode.STRAY_PRIMARY,
                    "the member is one of several primaries, and the clients use another one",
                    c -> c.isSide() && c.isStray(),
                    c -> RoleChangeDecision.of(Outcome.FENCE, c.name()),
                    c -> c.split().sentence()),
            new DecisionRule<>(
                    DecisionCode.STRAY_PRIMARY_ACCEPTED,
                    "the member is one of several primaries, it is unclear which one the clients use, and the loss was accepted",
                    c -> c.isSide() && c.split().exit() == ExitCode.WOULD_LOSE_DATA && c.request.acceptDataLoss(),
                    c -> RoleChangeDecision.of(Outcome.FENCE, c.name()),
                    c -> c.split().sentence() + "; giving up " + c.split().commits(c.member()) + " was accepted"),
            new DecisionRule<>(
                    DecisionCode.SPLIT_BRAIN,
                    "there is a split brain",
                    RejoinDecision::isSplit,
                    c -> RoleChangeDecision.refused(
                            c.split().exit(), c.name(), c.split().hint() + c.afterwards()),
                    c -> c.split().sentence()),
            new DecisionRule<>(
                    DecisionCode.NO_PRIMARY_ANSWERS,
                    "no primary answers",
                    c -> c.state.now().primary().isEmpty(),
                    c -> RoleChangeDecision.refused(
                            ExitCode.UNREACHABLE,
                            "",
                            c.state
                                    .now()
                                    .leader()
                                    .flatMap(MemberState::errorRemedy)
                                    .orElse("a primary that answers is needed first: holdfast failover "
                                            + c.state.now().cluster().name())),
                    c -> "no primary answers"),
            new DecisionRule<>(
                    DecisionCode.HOST_SILENT,
                    "the member's host does not answer",
                    c -> c.member().isOutOfReach(),
                    c -> RoleChangeDecision.refused(
                            ExitCode.UNREACHABLE,
                            c.name(),
                            "make the host answer, then run holdfast rejoin "
                                    + c.member().node().id() + " again"),
                    c -> "the host of " + c.name() + " does not answer: "
                            + c.member().hostTrouble()),
            new DecisionRule<>(
                    DecisionCode.PROCESS_SILENT,
                    "the member's process exists and does not answer",
                    c -> !c.member().isUp() && !c.member().isDown(),
                    c -> RoleChangeDecision.refused(
                            ExitCode.UNREACHABLE,
                            c.name(),
                            c.member()
                                    .errorRemedy()
                                    .orElse("stop the process, or wait until it answers; then run holdfast rejoin "
                                            + c.member().node().id() + " again")),
                    c -> c.name() + " has a process that does not answer: "
                            + c.member().answer().sentence()),
            new DecisionRule<>(
                    DecisionCode.REWIND_UNFINISHED,
                    "a rewind has begun and has not ended",
                    c -> c.member().disk().brokenRewind().isPresent(),
                    c -> RoleChangeDecision.of(Outcome.CLONE, c.name()),
                    c -> c.member().disk().brokenRewind().orElse("")),
            new DecisionRule<RejoinDecision, RoleChangeDecision>(
                            DecisionCode.ROWS_NOT_KEPT,
                            "the rows that only the member has could not be saved",
                            c -> c.member().disk().unread().isPresent()
                                    && !c.request.overrides(DecisionCode.ROWS_NOT_KEPT),
                            c -> RoleChangeDecision.refused(
                                    c.name(),
                                    "holdfast rejoin " + c.member().node().id() + " --override="
                                            + DecisionCode.ROWS_NOT_KEPT
                                            + " keeps the whole data directory of the member and clones the member again"),
                            c -> c.member().disk().unread().orElse(""))
                    .overridable(),
            new DecisionRule<>(
                    DecisionCode.ROWS_NOT_KEPT_ACCEPTED,
                    "the rows that only the member has could not be saved, and that was overridden",
                    c -> c.member().disk().unread().isPresent(),
                    c -> RoleChangeDecision.of(Outcome.CLONE, c.name()),
                    c -> c.member().disk().unread().orElse("")
                            + "; the operator has overridden this, and the whole data directory of the member is kept"),
            new DecisionRule<>(
                    DecisionCode.NO_DATABASE,
                    "the member has no database",
                    c -> !c.member().hasDatabase(),
                    c -> RoleChangeDecision.of(Outcome.CLONE, c.name()),
                    c -> c.name() + " has no database"),
            new DecisionRule<>(
                    DecisionCode.OTHER_CLUSTER,
                    "the member has another system identifier",
                    c -> !c.member().systemIdentifier().equals(c.primary().systemIdentifier()),
                    c -> RoleChangeDecision.refused(
                            c.name(),
                            "the member belongs to another cluster: move its data directory away, then holdfast apply"),
                    c -> c.name() + " has system identifier " + c.member().systemIdentifier() + ", and "
                            + c.primary().name() + " has " + c.primary().systemIdentifier()),
            new DecisionRule<>(
                    DecisionCode.REJOINED,
                    "the member follows the primary",
                    c -> c.member().isUp()
                            && c.state.now().follows(c.member())
                            && c.state.now().diverged(c.member()).isEmpty(),
                    c -> RoleChangeDecision.of(Outcome.FINISH, c.name()),
                    c -> c.name() + " follows " + c.primary().name()),
            new DecisionRule<>(
                    DecisionCode.NO_DIVERGENCE,
                    "the member stopped at or before the start of the new timeline",
                    c -> c.left().isEmpty(),
                    c -> RoleChangeDecision.of(Outcome.FOLLOW, c.name()),
                    c -> c.name() + " has no WAL that " + c.primary().name() + " does not have"),
            new DecisionRule<>(
                    DecisionCode.REWIND_IMPOSSIBLE,
                    "the member has other WAL on the primary's timeline",
                    c -> c.member().timeline() == c.primary().timeline()
                            || c.state.now().hasOtherWal(c.member()),
                    c -> RoleChangeDecision.of(Outcome.CLONE, c.name()),
                    c -> c.left().orElse("")
                            + "; pg_rewind compares only the numbers of timelines and would do nothing"),
            new DecisionRule<>(
                    DecisionCode.REWIND_NEEDED,
                    "otherwise",
                    c -> true,
                    c -> RoleChangeDecision.of(Outcome.REWIND, c.name()),
                    c -> c.left().orElse("")));

    public Decision<RoleChangeDecision> decision() {
        return DecisionRule.decide(TABLE, this);
    }

    String name() {
        return request.to().orElse("");
    }

    MemberState member() {
        return state.member(name()).orElseThrow();
    }

    SplitBrain split() {
        return state.now().splitBrain();
    }

    private boolean isSplit() {
        return split().isThere();
    }

    private boolean isSide() {
        return isSplit() && split().sides().contains(member());
    }

    private boolean isStray() {
        return split().winner().filter(w -> w != member()).isPresent();
    }

    /** Returns a hint: a fenced member returns once a single primary is left. */
    private String afterwards() {
        return member().isPrimary()
                ? ""
                : "; afterwards holdfast rejoin " + member().node().id();
    }

    private MemberState primary() {
        return state.now().primary().orElseThrow();
    }

    private Optional<String> left() {
        return left(state.now(), member());
    }

    /**
     * Returns the WAL of a member that the primary lacks; empty when there is none. The WAL of a cleanly stopped primary ends
     * with its checkpoint; a crashed one may have written more than its control file shows, so it counts as diverged.
     */
    public static Optional<String> left(PostgresState now, MemberState member) {
        if (!member.wasPrimary()) {
            return now.diverged(member);
        }
        MemberState primary = now.primary().orElseThrow();
        String state = member.disk().control().state();
        Lsn checkpoint = Lsn.at(member.disk().control().checkpointLsn());
        int timeline = member.timeline();
        TimelineHistory own = TimelineHistory.of(member);
        TimelineHistory.Fork parts = own.fork(TimelineHistory.of(primary));
        Lsn fork = parts.timeline() == timeline || !own.isKnown()
                ? primary.server().leftTimelineAt(timeline)
                : Lsn.START;
        if (timeline < primary.timeline() && state.equals("shut down") && fork.isPast(checkpoint)) {
            return Optional.empty();
        }
        return Optional.of(member.name() + " was primary on timeline " + timeline + " and is '" + state
                + "' with its last checkpoint at " + checkpoint + "; " + primary.name()
                + (parts.isWithinOneTimeline()
                        ? " is primary on that timeline"
                        : " diverged from that primary at " + parts.at() + " of timeline " + parts.timeline()));
    }
}
