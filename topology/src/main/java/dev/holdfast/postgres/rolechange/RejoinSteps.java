package dev.holdfast.postgres.rolechange;

import dev.holdfast.execution.Action;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.action.MemberActions;
import dev.holdfast.postgres.action.RoleChangeActions;
import dev.holdfast.postgres.configuration.ServerConfiguration;
import dev.holdfast.postgres.probe.RoleChangeConditions;
import dev.holdfast.postgres.rolechange.RoleChangeDecision.Outcome;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.TimelineHistory;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The steps that return a member after a role change.
 *
 * <ol>
 *   <li>Write a checkpoint until the new primary's control file shows its timeline: before that, pg_rewind finds both on one
 *       timeline and does nothing.
 *   <li>Preserve what only the member has: its WAL, the WAL as text, and the rows. Then stop the member, if it runs.
 *   <li>Rewind it once. If the rewind did not finish, if pg_rewind would do nothing on the same timeline, or if the operator
 *       overrides unreadable rows, preserve its complete data and clone it.
 *   <li>Write its standby configuration, remove its fence and start it.
 * </ol>
 */
public final class RejoinSteps {

    private static final Duration MOMENT = Duration.ofMinutes(5);
    private static final Duration START = Duration.ofMinutes(5);
    private static final Duration COPYING = Duration.ofHours(1);

    private final PostgresCluster cluster;
    private final RoleChangeActions actions;
    private final RoleChangeConditions until;

    public RejoinSteps(PostgresCluster cluster, RoleChangeActions actions, RoleChangeConditions until) {
        this.cluster = cluster;
        this.actions = actions;
        this.until = until;
    }

    List<Step> steps(PostgresState state, MemberState member, Outcome way, String because) {
        MemberState primary = state.primary().orElseThrow();
        List<Step> steps = new ArrayList<>();
        boolean hasOwnLog = member.hasDatabase()
                && member.disk().brokenRewind().isEmpty()
                && member.disk().unread().isEmpty();
        if (way == Outcome.REWIND) {
            steps.add(checkpointed(primary, member));
        }
        if (way == Outcome.REWIND || way == Outcome.CLONE && hasOwnLog) {
            steps.add(kept(state, member, primary));
        }
        if (member.isUp() && way != Outcome.FOLLOW) {
            steps.add(stopped(member, because));
        }
        if (way == Outcome.REWIND) {
            steps.add(rewound(member, primary, RoleChangeActions.folder(state.at()), because));
        } else if (way == Outcome.CLONE) {
            steps.add(cloned(state, member, primary, because));
        } else if (member.wasPrimary() || member.disk().fence().isPresent()) {
            steps.add(demoted(member, primary, because));
        }
        steps.add(started(member, primary, because));
        return steps;
    }

    Step checkpointed(MemberState primary, MemberState member) {
        return Step.on(member.node().id(), "Write a checkpoint on " + primary.name())
                .because("until then, the control file shows the old timeline, and pg_rewind would do nothing")
                .type(actions.checkpoint(primary.node()))
                .until(until.controlFileShowsItsTimeline(primary.node()), MOMENT);
    }

    private Step stopped(MemberState member, String because) {
        return Step.on(member.node().id(), "Stop " + member.name())
                .because(because)
                .type(actions.plain().stop(member, member.major()))
                .until(
                        until.disk(
                                member.member(),
                                member.name() + " has stopped",
                                MemberState::isDown,
                                m -> member.name() + " runs"),
                        MOMENT);
    }

    /** Returns the step that preserves the WAL and the rows that only a stopped or running member has. */
    public Step kept(PostgresState state, MemberState member, MemberState primary) {
        TimelineHistory own = TimelineHistory.of(member);
        TimelineHistory.Fork fork = own.fork(TimelineHistory.of(primary));
        // a standby has the primary's WAL, except one that replayed WAL of another server
        if (fork.isWithinOneTimeline() && !member.wasPrimary() && !member.isPrimary() && !state.hasOtherWal(member)) {
            fork = new TimelineHistory.Fork(fork.timeline(), state.endOfLog(), true);
        }
        String folder = RoleChangeActions.folder(state.at());
        return Step.on(member.node().id(), "Preserve what only " + member.name() + " has")
                .because("the WAL of " + member.name() + " from " + fork.at() + " of timeline " + fork.timeline()
                        + " on is discarded; WAL and rows are preserved in "
                        + member.node().directory() + "/kept/" + folder)
                .type(actions.keep(member, own.beyond(fork), folder))
                .until(
                        until.disk(
                                member.member(),
                                "WAL and rows of " + member.name() + " are preserved",
                                m -> m.disk().marks().getOrDefault("kept", "").equals(folder)
                                        && !m.disk().marks().containsKey("unread"),
                                m -> "preserved so far: " + m.disk().marks().getOrDefault("kept", "nothing")),
                        COPYING);
    }

    /** Returns where a run has preserved what only the member had. */
    public static Plan result(MemberState member, Instant began) {
        String kept = member.disk().marks().getOrDefault("kept", "");
        if (kept.isEmpty() || began == null || kept.compareTo(RoleChangeActions.folder(began)) < 0) {
            return Plan.NOTHING;
        }
        String preserved = member.disk().marks().getOrDefault("preserved", "");
        String what = preserved.isEmpty()
                ? "the data of " + member.name()
                : preserved + " that only " + member.name() + " had";
        return new Plan(
                List.of(),
                List.of(),
                List.of(Plan.KEPT + what + ", in " + member.node().directory() + "/kept/" + kept));
    }

    private Step rewound(MemberState member, MemberState primary, String name, String because) {
        return Step.on(member.node().id(), "Rewind " + member.name() + " to the fork from " + primary.name())
                .because(because)
                .type(configured(member, primary), actions.rewind(member, primary.node(), name))
                .until(
                        until.disk(
                                member.member(),
                                member.name() + " is rewound and ready to start as a standby",
                                m -> m.disk()
                                                .marks()
                                                .getOrDefault("rewound", "")
                                                .equals(name)
                                        && m.disk().role().equals("standby"),
                                m -> "the last rewind: " + m.disk().marks().getOrDefault("rewound", "none")),
                        COPYING);
    }

    private Condition isCloned(MemberState member, String folder) {
        return until.disk(
                member.member(),
                member.name() + " is cloned",
                m -> m.disk().role().equals("standby")
                        && (!member.hasDatabase()
                                // WAL and rows of a standby are preserved in the same folder before its data is moved
                                || m.disk().marks().getOrDefault("moved", "").equals(folder)),
                m -> member.name() + " would start as " + m.disk().role());
    }

    private Condition isStandby(MemberState member) {
        return until.disk(
                member.member(),
                member.name() + " is ready to start as a standby",
                m -> m.disk().role().equals("standby")
                        && !m.disk().marks().containsKey("rewind")
                        && m.disk().fence().isEmpty(),
                m -> member.name() + " would start as " + m.disk().role());
    }

    private Step cloned(PostgresState state, MemberState member, MemberState primary, String because) {
        String folder = RoleChangeActions.folder(state.at());
        return Step.on(member.node().id(), "Clone " + primary.name() + " to " + member.name())
                .because(because
                        + (member.hasDatabase()
                                ? "; its data is preserved in " + member.node().directory() + "/kept/" + folder
                                : ""))
                .type(
                        actions.aside(member.node(), folder),
                        configured(member, primary),
                        actions.plain().clone(withPrograms(member, primary), primary.node(), primary.major()))
                .until(isCloned(member, folder), MemberActions.CLONING);
    }

    private Step demoted(MemberState member, MemberState primary, String because) {
        return Step.on(member.node().id(), "Make " + member.name() + " a standby of " + primary.name())
                .because(because)
                .type(configured(member, primary), actions.demote(member.node()))
                .until(isStandby(member), MOMENT);
    }

    private Step started(MemberState member, MemberState primary, String because) {
        return Step.on(member.node().id(), "Start " + member.name() + " as standby of " + primary.name())
                .because(because)
                .risk(Risk.NONE)
                .type(
                        configured(member, primary),
                        actions.plain().start(withPrograms(member, primary), primary.major()))
                .until(until.standbyRuns(primary.node(), member.node()), START);
    }

    private static MemberState withPrograms(MemberState member, MemberState primary) {
        return member.host().programs().containsKey(primary.major())
                ? member
                : new MemberState(
                        member.member(),
                        member.hostFacts(),
                        primary.host(),
                        member.disk(),
                        member.answer(),
                        member.server());
    }

    private Action configured(MemberState member, MemberState primary) {
        Map<String, String> roleSettings =
                ServerConfiguration.ofStandby(cluster, member.member(), primary.node(), primary.major());
        return actions.plain().configure(member.member(), roleSettings);
    }
}
