package dev.holdfast.postgres.rolechange;

import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.postgres.configuration.ConfigurationDiff;
import dev.holdfast.postgres.provision.ReplaySettings;
import dev.holdfast.postgres.rolechange.RoleChangeDecision.Outcome;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A candidate of a PostgreSQL switchover, with the decision rows that say whether it can take over. */
public record SwitchoverCandidate(PostgresState state, MemberState member, RoleChangeRequest request) {

    /** The limit of WAL to replay: a candidate with more would make writes wait too long. */
    static final long MOST_LAG = 16L << 20;

    public static final List<DecisionRule<SwitchoverCandidate, RoleChangeDecision>> TABLE = List.of(
            new DecisionRule<>(
                    DecisionCode.CANDIDATE_SILENT,
                    "the candidate's host does not answer",
                    c -> c.member.isOutOfReach(),
                    c -> RoleChangeDecision.refused(
                            ExitCode.UNREACHABLE, c.name(), "make the host answer, or choose another member with --to"),
                    c -> "the host of " + c.name() + " does not answer: " + c.member.hostTrouble()),
            new DecisionRule<>(
                    DecisionCode.CANDIDATE_DOWN,
                    "the candidate does not answer",
                    c -> !c.member.isUp(),
                    c -> RoleChangeDecision.refused(
                            c.name(), "start the candidate with holdfast apply, or choose another member with --to"),
                    c -> c.name() + " does not answer: " + c.member.answer().sentence()),
            new DecisionRule<>(
                    DecisionCode.CANDIDATE_NOT_STANDBY,
                    "the candidate is not a standby",
                    c -> !c.member.isStandby(),
                    c -> RoleChangeDecision.refused(c.name(), "see holdfast status"),
                    c -> c.name() + " is not a standby"),
            new DecisionRule<>(
                    DecisionCode.CANDIDATE_DIVERGED,
                    "the candidate's WAL has diverged from the primary's",
                    c -> c.state.diverged(c.member).isPresent(),
                    c -> RoleChangeDecision.refused(
                            c.name(),
                            "return the candidate as a standby with holdfast rejoin "
                                    + c.member.node().id()),
                    c -> c.name() + " has diverged: "
                            + c.state.diverged(c.member).orElse("")),
            new DecisionRule<>(
                    DecisionCode.CANDIDATE_NOT_STREAMING,
                    "the candidate does not stream",
                    c -> !c.replicationState().equals("streaming")
                            || !c.member.server().receives(),
                    c -> RoleChangeDecision.refused(
                            c.name(),
                            "wait until the candidate has caught up (holdfast status shows the lag), or choose "
                                    + "another member with --to"),
                    c -> c.name() + " does not stream from the primary: its state is " + c.replicationState()),
            new DecisionRule<>(
                    DecisionCode.CANDIDATE_SETTINGS,
                    "the candidate's settings are lower than its WAL requires",
                    c -> !ReplaySettings.missing(c.member).isEmpty(),
                    c -> RoleChangeDecision.refused(
                            c.name(),
                            "restart the candidate with the declared settings (holdfast apply), or choose another member "
                                    + "with --to"),
                    c -> c.name() + " would stop during its promotion: "
                            + ConfigurationDiff.description(ReplaySettings.missing(c.member))),
            new DecisionRule<SwitchoverCandidate, RoleChangeDecision>(
                            DecisionCode.REPLAY_PAUSED,
                            "the candidate's replay is paused",
                            c -> c.member.server().isReplayPaused() && !c.overrides(DecisionCode.REPLAY_PAUSED),
                            c -> RoleChangeDecision.refused(
                                    c.name(),
                                    "resume the replay with SELECT pg_wal_replay_resume() on " + c.name()
                                            + ", or promote the candidate anyway with --override="
                                            + DecisionCode.REPLAY_PAUSED),
                            c -> "replay is paused on " + c.name() + "")
                    .overridable(),
            new DecisionRule<SwitchoverCandidate, RoleChangeDecision>(
                            DecisionCode.CANDIDATE_LAG,
                            "the candidate lags too far behind",
                            c -> c.lag() > MOST_LAG && !c.overrides(DecisionCode.CANDIDATE_LAG),
                            c -> RoleChangeDecision.refused(
                                    c.name(),
                                    "wait until the candidate has caught up, or accept the pause of writes with --override="
                                            + DecisionCode.CANDIDATE_LAG),
                            c -> c.name() + " has " + c.lag() + " bytes to replay, the limit is " + MOST_LAG)
                    .overridable(),
            new DecisionRule<>(
                    DecisionCode.CANDIDATE_FIT,
                    "otherwise",
                    c -> true,
                    c -> RoleChangeDecision.of(Outcome.GO, c.name()),
                    c -> c.name() + " streams, is " + c.syncState() + " and has " + c.lag() + " bytes to replay"));

    private String name() {
        return member.name();
    }

    private boolean overrides(DecisionCode code) {
        return request.overrides(code);
    }

    private String replicationState() {
        return state.follower(member).getOrDefault("state", "not connected");
    }

    private String syncState() {
        return state.follower(member).getOrDefault("sync_state", "async");
    }

    private long lag() {
        return Long.parseLong(state.follower(member).getOrDefault("lag_bytes", "0"));
    }

    public Decision<RoleChangeDecision> decision() {
        return DecisionRule.decide(TABLE, this);
    }

    boolean isFit() {
        return decision().then().is(Outcome.GO);
    }

    /** Returns the automatic candidates, best first: synchronous standbys, then as declared; never a disaster-recovery copy. */
    static List<SwitchoverCandidate> all(PostgresState state, RoleChangeRequest request) {
        return state.others()
                .filter(m -> m.member().role() != MemberRole.DR)
                .map(m -> new SwitchoverCandidate(state, m, request))
                .sorted(Comparator.comparing(c -> rank(c)))
                .toList();
    }

    private static int rank(SwitchoverCandidate candidate) {
        int sync = List.of("sync", "quorum", "potential").indexOf(candidate.syncState());
        return sync < 0 ? 10 + candidate.member.member().role().ordinal() : sync == 1 ? 0 : sync;
    }

    /** Returns the named candidate, otherwise the best suitable one, otherwise the best one. */
    static Optional<SwitchoverCandidate> chosen(PostgresState state, RoleChangeRequest request) {
        if (request.to().isPresent()) {
            return state.members().stream()
                    .filter(m -> m.name().equals(request.to().get()))
                    .map(m -> new SwitchoverCandidate(state, m, request))
                    .findFirst();
        }
        List<SwitchoverCandidate> all = all(state, request);
        return all.stream()
                .filter(SwitchoverCandidate::isFit)
                .findFirst()
                .or(() -> all.stream().findFirst());
    }
}
