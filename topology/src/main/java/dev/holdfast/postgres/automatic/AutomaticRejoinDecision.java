package dev.holdfast.postgres.automatic;

import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExtendedClusterState;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.DecisionRule;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.postgres.rolechange.RejoinDecision;
import dev.holdfast.postgres.rolechange.RoleChangeDecision;
import dev.holdfast.postgres.rolechange.RoleChangeDecision.Outcome;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.RoleChangeState;
import dev.holdfast.postgres.state.SplitBrain;
import java.util.List;
import java.util.Optional;

/**
 * The decision table of a rejoin in a cluster that Patroni runs, over the observed state. The member with the leader lock is the
 * primary that stays; what only another member has is kept before Patroni rewinds or copies that member.
 */
public record AutomaticRejoinDecision(Observed state, RoleChangeRequest request) {

    /** The observation: Patroni and etcd, and the members as role changes see them. */
    public record Observed(AutomaticState automatic, RoleChangeState roles) implements ExtendedClusterState {
        @Override
        public ClusterState observed() {
            return automatic;
        }

        PostgresState now() {
            return roles.now();
        }

        /** Returns the primary with the leader lock, as role changes see it. */
        Optional<MemberState> leader() {
            return automatic.leader().map(l -> now().member(l.node())).filter(MemberState::isPrimary);
        }
    }

    public static final List<DecisionRule<AutomaticRejoinDecision, RoleChangeDecision>> TABLE = List.of(
            new DecisionRule<>(
                    DecisionCode.UNKNOWN_MEMBER,
                    "unknown member",
                    c -> c.state.roles().member(c.name()).isEmpty(),
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
                    DecisionCode.NO_MAJORITY,
                    "etcd has no majority",
                    c -> !c.state.automatic().isStoreHealthy(),
                    c -> RoleChangeDecision.refused(c.name(), "start the etcd servers: holdfast apply"),
                    c -> "etcd has no majority, and Patroni returns no member without it"),
            new DecisionRule<>(
                    DecisionCode.ALREADY_PRIMARY,
                    "the member is primary and has the leader lock",
                    c -> c.state.leader().filter(l -> l == c.member()).isPresent(),
                    c -> RoleChangeDecision.of(Outcome.FINISH, c.name()),
                    c -> c.name() + " is primary and has the leader lock"),
            new DecisionRule<>(
                    DecisionCode.MAINTENANCE,
                    "Patroni is paused",
                    c -> c.state.automatic().isPaused(),
                    c -> RoleChangeDecision.refused(
                            c.name(), c.state.automatic().resume() + "; holdfast status shows the pause"),
                    c -> "Patroni is paused, so that Patroni neither starts nor rewinds " + c.name()),
            new DecisionRule<>(
                    DecisionCode.NO_PRIMARY_ANSWERS,
                    "no primary with the leader lock answers",
                    c -> c.state.leader().isEmpty(),
                    c -> RoleChangeDecision.refused(
                            ExitCode.UNREACHABLE,
                            "",
                            "a primary that answers is needed first: holdfast failover " + c.cluster()
                                    + " shows how Patroni recovers the cluster"),
                    c -> "no primary with the leader lock answers"),
            new DecisionRule<>(
                    DecisionCode.STRAY_PRIMARY,
                    "the member is one of several primaries, and the clients use the one with the leader lock",
                    c -> c.isStray() && c.split().winner().equals(c.state.leader()),
                    c -> RoleChangeDecision.of(Outcome.FENCE, c.name()),
                    c -> c.split().sentence()),
            new DecisionRule<>(
                    DecisionCode.STRAY_PRIMARY_ACCEPTED,
                    "the member is one of several primaries without the leader lock, and the loss was accepted",
                    c -> c.isStray() && c.split().areOneCluster() && c.request.acceptDataLoss(),
                    c -> RoleChangeDecision.of(Outcome.FENCE, c.name()),
                    c -> c.split().sentence() + "; giving up " + c.split().commits(c.member()) + " was accepted"),
            new DecisionRule<>(
                    DecisionCode.SPLIT_BRAIN,
                    "there is a split brain",
                    c -> c.split().isThere(),
                    c -> RoleChangeDecision.refused(c.split().exit(), c.name(), c.splitHint()),
                    c -> c.split().sentence()),
            new DecisionRule<>(
                    DecisionCode.HOST_SILENT,
                    "the member's host does not answer",
                    c -> c.member().isOutOfReach() || !c.patroni().isReachable(),
                    c -> RoleChangeDecision.refused(
                            ExitCode.UNREACHABLE,
                            c.name(),
                            "make the host answer, then run holdfast rejoin " + c.id() + " again"),
                    c -> "the host of " + c.name() + " does not answer: "
                            + (c.member().isOutOfReach()
                                    ? c.member().hostTrouble()
                                    : c.patroni().trouble())),
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
                                            + c.id() + " again")),
                    c -> c.name() + " has a process that does not answer: "
                            + c.member().answer().sentence()),
            new DecisionRule<AutomaticRejoinDecision, RoleChangeDecision>(
                            DecisionCode.ROWS_NOT_KEPT,
                            "the rows that only the member has could not be saved",
                            c -> c.member().disk().unread().isPresent()
                                    && !c.request.overrides(DecisionCode.ROWS_NOT_KEPT),
                            c -> RoleChangeDecision.refused(
                                    c.name(),
                                    "holdfast rejoin " + c.id() + " --override=" + DecisionCode.ROWS_NOT_KEPT
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
                    c -> RoleChangeDecision.of(Outcome.FOLLOW, c.name()),
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
                    "Patroni runs the member, and the member follows the primary",
                    c -> c.isRun()
                            && c.member().isUp()
                            && c.state.now().follows(c.member())
                            && c.left().isEmpty(),
                    c -> RoleChangeDecision.of(Outcome.FINISH, c.name()),
                    c -> c.name() + " follows " + c.primary().name()),
            new DecisionRule<>(
                    DecisionCode.NO_DIVERGENCE,
                    "the member has no WAL of its own, and no Patroni runs it",
                    c -> c.left().isEmpty() && !c.isRun(),
                    c -> RoleChangeDecision.of(Outcome.FOLLOW, c.name()),
                    c -> "no Patroni runs on the host of " + c.name() + ", and " + c.name() + " has no WAL that "
                            + c.primary().name() + " does not have"),
            new DecisionRule<>(
                    DecisionCode.UNUSABLE_DATA,
                    "the member has no WAL of its own, and does not follow although Patroni runs it",
                    c -> c.left().isEmpty(),
                    c -> RoleChangeDecision.of(Outcome.GO, c.name()),
                    c -> "Patroni runs " + c.name() + ", but " + c.name() + " does not receive WAL from "
                            + c.primary().name() + "; " + c.name() + " has no WAL that "
                            + c.primary().name() + " does not have"),
            new DecisionRule<>(
                    DecisionCode.REWIND_IMPOSSIBLE,
                    "the member has other WAL on the primary's timeline, or Patroni runs it and has not rewound it",
                    c -> c.isRun()
                            || c.member().timeline() == c.primary().timeline()
                            || c.state.now().hasOtherWal(c.member()),
                    c -> RoleChangeDecision.of(Outcome.CLONE, c.name()),
                    c -> c.left().orElse("")
                            + (c.isRun()
                                    ? "; Patroni runs the member and has not rewound it"
                                    : "; pg_rewind compares only the numbers of timelines and would do nothing")),
            new DecisionRule<>(
                    DecisionCode.REWIND_NEEDED,
                    "otherwise",
                    c -> true,
                    c -> RoleChangeDecision.of(Outcome.REWIND, c.name()),
                    c -> c.left().orElse("")));

    Decision<RoleChangeDecision> decision() {
        return DecisionRule.decide(TABLE, this);
    }

    private String name() {
        return request.to().orElse("");
    }

    private String cluster() {
        return state.now().cluster().name();
    }

    private MemberState member() {
        return state.roles().member(name()).orElseThrow();
    }

    private String id() {
        return member().node().id();
    }

    private MemberState primary() {
        return state.leader().orElseThrow();
    }

    private SplitBrain split() {
        return state.now().splitBrain();
    }

    private boolean isStray() {
        return split().sides().size() > 1 && split().sides().contains(member());
    }

    private String splitHint() {
        if (!split().areOneCluster()) {
            return split().hint();
        }
        return isStray()
                ? "holdfast rejoin " + id() + " --accept-data-loss gives up " + split().commits(member())
                        + "; their rows are preserved in files"
                : state.now().splitHint();
    }

    private PatroniMember patroni() {
        return state.automatic().patroni(member().node());
    }

    private boolean isRun() {
        return patroni().isRunning();
    }

    /** Returns the WAL that only the member has; empty when there is none. */
    private Optional<String> left() {
        return RejoinDecision.left(state.now(), member());
    }
}
