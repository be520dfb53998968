package dev.holdfast.postgres.automatic;

import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Quantities;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.postgres.rolechange.RoleChangeDecision;
import dev.holdfast.postgres.rolechange.RoleChangeDecision.Outcome;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.topology.AutomaticFailover;
import dev.holdfast.postgres.topology.Durability;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The decision tables of role changes in a cluster that Patroni runs, over the observed state and the operator's request. They
 * refuse before Patroni gets a request; what Patroni refuses itself comes after them.
 */
public record AutomaticDecision(AutomaticState state, RoleChangeRequest request) {

    private static final long BYTES_PER_MEGABYTE = 1024L * 1024;

    public static final List<DecisionRule<AutomaticDecision, RoleChangeDecision>> SWITCHOVER = afterCommon(List.of(
            new DecisionRule<>(
                    DecisionCode.NO_PRIMARY_ANSWERS,
                    "no primary answers, or no member has the leader lock",
                    c -> c.serving().isEmpty(),
                    c -> RoleChangeDecision.refused(
                            ExitCode.UNREACHABLE,
                            "",
                            "holdfast failover " + c.cluster() + " shows how Patroni recovers the cluster"),
                    c -> "no primary with the leader lock answers, so a switchover is not possible"),
            new DecisionRule<>(
                    DecisionCode.NO_CANDIDATE,
                    "no standby that Patroni may promote is known",
                    c -> c.candidate().isEmpty(),
                    c -> RoleChangeDecision.refused("", "holdfast status shows the standbys"),
                    c -> "Patroni has no standby that may be promoted"),
            recoveryCopy(),
            new DecisionRule<>(
                    DecisionCode.CANDIDATE_SILENT,
                    "the candidate's host does not answer",
                    c -> c.chosen().isOutOfReach(),
                    c -> RoleChangeDecision.refused(
                            ExitCode.UNREACHABLE,
                            c.chosen().name(),
                            "make the host answer: holdfast status shows the reason"),
                    c -> "the host of " + c.chosen().name() + " does not answer: "
                            + c.chosen().hostTrouble()),
            new DecisionRule<>(
                    DecisionCode.CANDIDATE_DOWN,
                    "the candidate's server or its Patroni does not answer",
                    c -> !c.chosen().isUp()
                            || c.state.patroni(c.chosen()).rest().isEmpty(),
                    c -> RoleChangeDecision.refused(
                            c.chosen().name(), "holdfast apply starts the server and its Patroni"),
                    c -> c.chosen().name() + " or its Patroni does not answer"),
            new DecisionRule<>(
                    DecisionCode.CANDIDATE_NOT_STREAMING,
                    "the candidate does not stream from the primary",
                    c -> !c.isStreaming(),
                    c -> RoleChangeDecision.refused(
                            c.chosen().name(), "wait until the candidate streams, which holdfast " + "status shows"),
                    c -> c.chosen().name() + " does not stream from "
                            + c.serving().orElseThrow().name()),
            new DecisionRule<>(
                    DecisionCode.CANDIDATE_NOT_SYNC,
                    "commits wait for synchronous standbys, and the candidate is not synchronous",
                    c -> c.isSynchronous() && !c.state.synchronous().contains(c.chosen()),
                    c -> RoleChangeDecision.refused(
                            c.chosen().name(),
                            "wait until the candidate is a synchronous standby of Patroni, or name a synchronous standby "
                                    + "with --to"),
                    c -> c.chosen().name() + " is not a synchronous standby; the synchronous standbys are: "
                            + c.names(c.state.synchronous())),
            new DecisionRule<>(
                    DecisionCode.CANDIDATE_BEHIND,
                    "commits wait for no standby, and the candidate is too far behind",
                    c -> !c.isSynchronous() && c.lag() > c.limit(),
                    c -> RoleChangeDecision.refused(
                            c.chosen().name(),
                            "wait until the candidate has caught up, which " + "holdfast status shows"),
                    c -> c.chosen().name() + " is " + c.lag() + " bytes behind, limit " + c.limit() + " (maximumLag)"),
            new DecisionRule<>(
                    DecisionCode.CANDIDATE_FIT,
                    "otherwise",
                    c -> true,
                    c -> RoleChangeDecision.of(Outcome.GO, c.chosen().name()),
                    c -> c.chosen().name() + " streams from "
                            + c.serving().orElseThrow().name()
                            + (c.isSynchronous() ? " as synchronous standby" : ""))));

    public static final List<DecisionRule<AutomaticDecision, RoleChangeDecision>> FAILOVER = afterCommon(List.of(
            new DecisionRule<>(
                    DecisionCode.PRIMARY_ANSWERS,
                    "the primary answers and has the leader lock",
                    c -> c.serving().isPresent(),
                    c -> RoleChangeDecision.refused(
                            c.serving().orElseThrow().name(),
                            "holdfast switchover " + c.cluster() + " moves the role without loss"),
                    c -> c.serving().orElseThrow().name()
                            + " answers as primary and has the leader lock, so a failover is not needed"),
            new DecisionRule<>(
                    DecisionCode.NO_STANDBY_ANSWERS,
                    "no standby that Patroni may promote answers",
                    c -> c.candidate()
                            .filter(m -> c.state.patroni(m).rest().isPresent())
                            .isEmpty(),
                    c -> RoleChangeDecision.refused(
                            ExitCode.UNREACHABLE,
                            "",
                            "make the host of a standby answer; holdfast apply starts the Patroni there"),
                    c -> "no standby that Patroni may promote answers"),
            recoveryCopy(),
            new DecisionRule<>(
                    DecisionCode.DATA_LOSS,
                    "commits waited for synchronous standbys, and the candidate was not synchronous",
                    c -> c.isSynchronous() && !c.state.synchronous().contains(c.chosen()),
                    c -> RoleChangeDecision.refused(
                            ExitCode.WOULD_LOSE_DATA,
                            c.chosen().name(),
                            "start the lost primary or a synchronous standby: holdfast apply"),
                    c -> c.chosen().name() + " was not a synchronous standby (the synchronous standbys were: "
                            + c.names(c.state.synchronous())
                            + "), so it can lack acknowledged commits, and Patroni does not promote it"),
            new DecisionRule<>(
                    DecisionCode.ELECTION_EXPECTED,
                    "otherwise",
                    c -> true,
                    c -> RoleChangeDecision.of(Outcome.GO, c.chosen().name()),
                    c -> "Patroni promotes a standby when the leader lock has expired, after at most "
                            + Quantities.shown(c.automatic().ttl()))));

    private static List<DecisionRule<AutomaticDecision, RoleChangeDecision>> afterCommon(
            List<DecisionRule<AutomaticDecision, RoleChangeDecision>> own) {
        return Stream.concat(common().stream(), own.stream()).toList();
    }

    private static List<DecisionRule<AutomaticDecision, RoleChangeDecision>> common() {
        return List.of(
                new DecisionRule<>(
                        DecisionCode.SPLIT_BRAIN,
                        "there is a split brain",
                        c -> c.state.servers().primaries().size() > 1,
                        c -> RoleChangeDecision.refused(
                                c.state.servers().splitBrain().exit(),
                                "",
                                c.state.servers().splitHint()),
                        c -> c.state.servers().splitBrain().sentence()),
                new DecisionRule<>(
                        DecisionCode.UNKNOWN_MEMBER,
                        "--to names no member",
                        c -> c.request.to().flatMap(c.state::member).isEmpty()
                                && c.request.to().isPresent(),
                        c -> RoleChangeDecision.refused(
                                ExitCode.USAGE,
                                "",
                                "choose one of the members with --to: "
                                        + c.names(c.state.servers().members())),
                        c -> "--to " + c.request.to().orElse("") + ": unknown member"),
                new DecisionRule<>(
                        DecisionCode.SECRETS_UNKNOWN,
                        "the admin password of the cluster is not stored on this machine",
                        c -> c.state.servers().withoutPassword().isPresent(),
                        c -> RoleChangeDecision.refused(
                                "",
                                "run the command on a machine that has the secret "
                                        + c.state.cluster().adminPassword().name()
                                        + ", or copy the secret to this machine"),
                        c -> c.state.servers().withoutPassword().orElse("")),
                new DecisionRule<>(
                        DecisionCode.ALREADY_PRIMARY,
                        "the requested member is primary, or the role has moved already",
                        c -> c.serving()
                                .filter(p ->
                                        c.request.to().filter(p.name()::equals).isPresent())
                                .isPresent(),
                        c -> RoleChangeDecision.of(
                                Outcome.FINISH, c.serving().orElseThrow().name()),
                        c -> c.serving().orElseThrow().name() + " is primary on timeline "
                                + c.serving().orElseThrow().timeline()),
                new DecisionRule<>(
                        DecisionCode.MAINTENANCE,
                        "Patroni is paused",
                        c -> c.state.isPaused(),
                        c -> RoleChangeDecision.refused("", c.state.resume() + "; holdfast status shows the pause"),
                        c -> "Patroni is paused, so that nothing changes roles"),
                new DecisionRule<>(
                        DecisionCode.NO_MAJORITY,
                        "etcd has no majority",
                        c -> !c.state.isStoreHealthy(),
                        c -> RoleChangeDecision.refused("", "start the etcd servers: holdfast apply"),
                        c -> "etcd has no majority, and Patroni changes no roles without it"));
    }

    private static DecisionRule<AutomaticDecision, RoleChangeDecision> recoveryCopy() {
        return new DecisionRule<>(
                DecisionCode.AUTOMATIC_FAILOVER,
                "--to names a disaster-recovery copy",
                c -> c.chosen().member().role() == MemberRole.DR,
                c -> RoleChangeDecision.refused(c.chosen().name(), "name a standby with --to, or leave --to out"),
                c -> c.chosen().name()
                        + " is a disaster-recovery copy, which Patroni does not promote; its promotion is not"
                        + " supported yet with failover: automatic");
    }

    /** Returns the row that decides. */
    static Decision<RoleChangeDecision> of(
            List<DecisionRule<AutomaticDecision, RoleChangeDecision>> table,
            AutomaticState state,
            RoleChangeRequest request) {
        return DecisionRule.decide(table, new AutomaticDecision(state, request));
    }

    /** Returns the primary, if it answers and has the leader lock. */
    Optional<MemberState> serving() {
        return state.leader().filter(MemberState::isPrimary);
    }

    /** Returns the named member, or a synchronous standby, or any standby that answers. */
    Optional<MemberState> candidate() {
        if (request.to().isPresent()) {
            return request.to().flatMap(state::member);
        }
        Optional<String> leader = state.leader().map(MemberState::name);
        return Stream.concat(state.synchronous().stream(), state.servers().members().stream())
                .filter(m -> leader.isEmpty() || !m.name().equals(leader.get()))
                .filter(m -> m.member().role() != MemberRole.DR)
                .filter(m -> state.patroni(m).rest().isPresent() || m.isStandby())
                .findFirst();
    }

    private MemberState chosen() {
        return candidate().orElseThrow();
    }

    private boolean isSynchronous() {
        return state.cluster().durability() != Durability.FAST;
    }

    private boolean isStreaming() {
        return state.servers().follower(chosen()).getOrDefault("state", "").equals("streaming");
    }

    private long lag() {
        return Long.parseLong(state.servers().follower(chosen()).getOrDefault("lag_bytes", "0"));
    }

    private long limit() {
        return automatic().maximumLag() * BYTES_PER_MEGABYTE;
    }

    private AutomaticFailover automatic() {
        return state.cluster().automatic().orElseThrow();
    }

    private String cluster() {
        return state.cluster().name();
    }

    private String names(List<MemberState> members) {
        return members.isEmpty()
                ? "none"
                : members.stream().map(MemberState::name).collect(Collectors.joining(", "));
    }
}
