package dev.holdfast.postgres.rolechange;

import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.postgres.probe.RoleChangeProbe;
import dev.holdfast.postgres.rolechange.RoleChangeDecision.Outcome;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.ReplicationGap;
import dev.holdfast.postgres.state.RoleChangeState;
import dev.holdfast.postgres.state.SyncProof;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** The decision table of a failover, over the observed state and the operator's request. */
public record FailoverDecision(RoleChangeState state, RoleChangeRequest request) {

    /** The interval after a failover in which a second one needs the operator. */
    public static final Duration CALM = Duration.ofMinutes(10);

    public static final List<DecisionRule<FailoverDecision, RoleChangeDecision>> TABLE = List.of(
            new DecisionRule<>(
                    DecisionCode.SPLIT_BRAIN,
                    "two members are primary",
                    c -> c.now().primaries().size() > 1,
                    c -> RoleChangeDecision.refused(
                            c.now().splitBrain().exit(),
                            "",
                            c.now().splitBrain().hint()),
                    c -> c.now().splitBrain().sentence()),
            FailoverEvidenceRows.WITHOUT_PASSWORD,
            new DecisionRule<>(
                    DecisionCode.UNKNOWN_MEMBER,
                    "--to names no member",
                    c -> c.request.to().isPresent()
                            && c.state.member(c.request.to().get()).isEmpty(),
                    c -> RoleChangeDecision.refused(ExitCode.USAGE, "", "the members are: " + c.names()),
                    c -> "--to " + c.request.to().orElse("") + ": unknown member"),
            new DecisionRule<>(
                    DecisionCode.ALREADY_PRIMARY,
                    "another is primary already",
                    FailoverDecision::isDone,
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
                    c -> c.state.lost().isEmpty(),
                    c -> RoleChangeDecision.refused(
                            c.isSomeoneUnseen() ? ExitCode.UNREACHABLE : ExitCode.REFUSED,
                            "",
                            "make all hosts answer; or choose a member with holdfast status and name it with --to"),
                    c -> "no reachable member is or was primary"
                            + (c.isSomeoneUnseen() ? ", and not every host answers" : "")),
            FailoverEvidenceRows.ANOTHER_PORT,
            FailoverEvidenceRows.REACHED,
            FailoverEvidenceRows.FORMER_WITH_OTHERS_UNSEEN,
            FailoverEvidenceRows.FORMER_OVERTAKEN,
            FailoverEvidenceRows.FORMER,
            new DecisionRule<FailoverDecision, RoleChangeDecision>(
                            DecisionCode.FENCED_BY_HAND,
                            "the lost primary's host does not answer, so it cannot be fenced",
                            c -> c.lost().isOutOfReach() && !c.overrides(DecisionCode.FENCED_BY_HAND),
                            c -> RoleChangeDecision.refused(
                                    ExitCode.UNREACHABLE,
                                    "",
                                    "make the host answer; or switch it off and make sure that it stays off, then run again with"
                                            + " --override=" + DecisionCode.FENCED_BY_HAND),
                            c -> "the host of " + c.lost().name() + " does not answer ("
                                    + c.lost().hostTrouble()
                                    + "): it can still be primary and acknowledge writes, and Holdfast cannot fence it")
                    .overridable(),
            new DecisionRule<FailoverDecision, RoleChangeDecision>(
                            DecisionCode.OTHERS_SILENT,
                            "the primary was fenced manually, and a majority of the other members is unreachable",
                            c -> c.lost().isOutOfReach()
                                    && !c.areMostOthersThere()
                                    && !c.overrides(DecisionCode.OTHERS_SILENT),
                            c -> RoleChangeDecision.refused(
                                    ExitCode.UNREACHABLE,
                                    "",
                                    "make their hosts answer; or make sure that no other operator promotes one of them, then run again with"
                                            + " --override=" + DecisionCode.OTHERS_SILENT),
                            c -> c.othersDescription())
                    .overridable(),
            new DecisionRule<>(
                    DecisionCode.NEWER_PRIMARY_UNSEEN,
                    "a member is unreachable, and another one is on a later timeline than the lost primary",
                    c -> c.isSomeoneUnseen() && c.hasComeFurther().isPresent(),
                    c -> RoleChangeDecision.refused(
                            ExitCode.UNREACHABLE,
                            "",
                            "make all hosts answer; the newest primary is not among the reachable members"),
                    c -> c.hasComeFurther().orElse("")),
            new DecisionRule<FailoverDecision, RoleChangeDecision>(
                            DecisionCode.PRIMARY_RECOVERING,
                            "the primary performs crash recovery",
                            c -> c.lost().isStarting() && !c.overrides(DecisionCode.PRIMARY_RECOVERING),
                            c -> RoleChangeDecision.refused(
                                    "",
                                    "wait until it answers, or fence it nevertheless with --override="
                                            + DecisionCode.PRIMARY_RECOVERING),
                            c -> c.lost().name() + " says: "
                                    + c.lost().answer().text().strip())
                    .overridable(),
            new DecisionRule<FailoverDecision, RoleChangeDecision>(
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
                                    + c.sinceLast().orElseThrow().toSeconds() + " s ago, the limit is "
                                    + CALM.toSeconds() + " s")
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
                            + c.request.to().map(t -> " with the name " + t).orElse("")),
            FailoverEvidenceRows.DISASTER_RECOVERY_UNNAMED,
            new DecisionRule<>(
                    DecisionCode.CANDIDATE_COMPLETE,
                    "it has every acknowledged commit",
                    c -> c.inSync().isProven(c.candidate().orElseThrow()),
                    c -> RoleChangeDecision.of(
                            Outcome.GO, c.candidate().orElseThrow().name()),
                    c -> c.description() + "; " + c.candidate().orElseThrow().name()
                            + (c.state.gap(c.candidate().orElseThrow()).isNothing()
                                    ? " has every commit of its WAL"
                                    : " was synchronous according to the record of "
                                            + c.state.history().orElseThrow().at() + ", and the "
                                            + c.state
                                                    .gap(c.candidate().orElseThrow())
                                                    .description()
                                            + " that only " + c.lost().name() + " has were still waiting for it")),
            new DecisionRule<>(
                    DecisionCode.DATA_LOSS_ACCEPTED,
                    "it can lack acknowledged commits, and the loss was accepted",
                    c -> c.request.acceptDataLoss(),
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
                    FailoverDecision::bound));

    String target() {
        return now().cluster().name();
    }

    PostgresState now() {
        return state.now();
    }

    public Decision<RoleChangeDecision> decision() {
        return DecisionRule.decide(TABLE, this);
    }

    Optional<MemberState> primary() {
        return now().primary();
    }

    MemberState lost() {
        return state.lost().orElseThrow();
    }

    SyncProof inSync() {
        return new SyncProof(state);
    }

    boolean overrides(DecisionCode code) {
        return request.overrides(code);
    }

    private List<MemberState> others() {
        return now().members().stream().filter(m -> m != lost()).toList();
    }

    /** Returns whether too many members are unreachable: two runs that reach different members cannot both reach a majority. */
    private boolean areMostOthersThere() {
        long there = others().stream().filter(m -> !m.isOutOfReach()).count();
        return there * 2 > others().size();
    }

    RestartableMembers restartable() {
        return new RestartableMembers(state, request);
    }

    private String othersDescription() {
        return "the hosts of "
                + others().stream()
                        .filter(MemberState::isOutOfReach)
                        .map(MemberState::name)
                        .collect(Collectors.joining(", "))
                + " do not answer either, and another operator could promote one of them: more than half of the "
                + others().size() + " members other than " + lost().name() + " must answer";
    }

    private String names() {
        return now().members().stream().map(MemberState::name).collect(Collectors.joining(", "));
    }

    private boolean isSomeoneUnseen() {
        return now().members().stream().anyMatch(MemberState::isOutOfReach);
    }

    private boolean isDone() {
        if (primary().isPresent() && request.to().isPresent()) {
            return primary().get().name().equals(request.to().get());
        }
        return primary()
                .filter(p ->
                        state.leaving().filter(l -> !l.name().equals(p.name())).isPresent()
                                || now().members().stream()
                                        .filter(m -> !m.isUp() && m != p)
                                        .anyMatch(m -> m.disk().fence().isPresent()
                                                && m.disk().fence().get().timeline() < p.timeline()))
                .isPresent();
    }

    /** Returns whether a member has a later timeline than the lost primary. */
    private Optional<String> hasComeFurther() {
        MemberState lost = lost();
        if (lost.isOutOfReach() || !lost.isDown() || !lost.hasDatabase()) {
            return Optional.empty();
        }
        int timeline = lost.timeline();
        return now().members().stream()
                .filter(m -> m.timeline() > timeline)
                .findFirst()
                .map(m -> m.name() + " is on timeline " + m.timeline() + ", and " + lost.name()
                        + " was primary on timeline " + timeline + ": another member was promoted since then");
    }

    private Optional<Duration> sinceLast() {
        return state.lastFailover().map(l -> Duration.between(l.at(), state.at()));
    }

    String description() {
        MemberState lost = lost();
        return lost.name()
                + (lost.isOutOfReach()
                        ? " was fenced manually"
                        : lost.isDown()
                                ? lost.hasDatabase()
                                        ? " is down according to its host"
                                        : " is down, and its data directory no longer exists"
                                : " does not answer: " + RoleChangeProbe.ATTEMPTS + " queries timed out");
    }

    /**
     * Returns the best candidate: the named one; otherwise synchronous standbys first, then by most WAL. Disaster-recovery
     * copies only by name.
     */
    Optional<MemberState> candidate() {
        Comparator<MemberState> best = Comparator.comparing((MemberState m) -> inSync().isProven(m) ? 0 : 1)
                .thenComparing((MemberState m) -> m.server().end(), Comparator.reverseOrder());
        return state.standbys().stream()
                .filter(m -> request.to().map(m.name()::equals).orElse(true))
                .filter(m -> m.member().part() != MemberRole.DR || request.to().isPresent() || isTheOnlyHope())
                .min(best);
    }

    /** Returns the number of commits in the lost primary's WAL beyond the candidate's; absent where it cannot be read. */
    OptionalLong mostLost() {
        return candidate()
                .filter(m -> !inSync().isProven(m))
                .map(state::gap)
                .filter(ReplicationGap::isKnown)
                .map(g -> OptionalLong.of(g.commits()))
                .orElse(OptionalLong.empty());
    }

    private boolean isTheOnlyHope() {
        return !request.acceptDataLoss()
                && state.standbys().stream().allMatch(m -> m.member().part() == MemberRole.DR);
    }

    String aDisasterRecoveryCopy() {
        return state.standbys().stream()
                .filter(m -> m.member().part() == MemberRole.DR)
                .map(m -> "; or name the disaster-recovery standby with --to " + m.name())
                .findFirst()
                .orElse("");
    }

    private String accepting() {
        MemberState candidate = candidate().orElseThrow();
        return candidate.member().part() == MemberRole.DR && request.to().isEmpty()
                ? "--to " + candidate.name() + " "
                : "";
    }

    /** Describes the bound of the loss; where the lost primary's WAL cannot be read, only the time bounds it. */
    private String since(MemberState candidate) {
        return "what was committed after "
                + candidate
                        .server()
                        .lastCommit()
                        .map(at -> at + ", the last commit that " + candidate.name() + " has, "
                                + Math.max(0, Duration.between(at, state.at()).toSeconds()) + " s ago")
                        .orElse("the last commit that " + candidate.name() + " has")
                + "; the number of bytes is unknown, because the lost primary's WAL cannot be read";
    }

    private String bound() {
        MemberState candidate = candidate().orElseThrow();
        return candidate.name() + " can lack acknowledged commits: "
                + inSync().doubt(candidate).orElse("") + "; at most lost: "
                + (state.gap(candidate).isKnown() ? state.gap(candidate).description() : since(candidate));
    }
}
