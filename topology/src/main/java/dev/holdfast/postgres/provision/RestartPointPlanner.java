package dev.holdfast.postgres.provision;

import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.action.RoleChangeActions;
import dev.holdfast.postgres.probe.RoleChangeConditions;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.value.Lsn;
import java.time.Duration;
import java.util.List;

/**
 * The planner of restart points, which show why a running standby does not follow. A restart point writes to the control file which
 * timeline the standby has replayed, and up to which LSN. A standby that replayed an old timeline beyond its end has diverged.
 * Its position alone does not show that once the primary is beyond it.
 */
public final class RestartPointPlanner {

    private static final Duration WRITING = Duration.ofMinutes(10);

    private final RoleChangeActions actions;
    private final RoleChangeConditions until;

    public RestartPointPlanner(RoleChangeActions actions, RoleChangeConditions until) {
        this.actions = actions;
        this.until = until;
    }

    public Plan plan(PostgresState state) {
        return Plan.of(state.primary().filter(p -> p.timeline() > 1).stream()
                .flatMap(p -> state.others()
                        .filter(m -> m.isStandby() && !state.follows(m))
                        .filter(m -> !m.server().isEndInControlFile())
                        .map(m -> restartPoint(m, p)))
                .toList());
    }

    private Step restartPoint(MemberState member, MemberState primary) {
        Lsn end = member.server().replayed();
        return Step.on(member.node().id(), "Write a restart point on " + member.name())
                .because(member.name() + " does not receive WAL from " + primary.name()
                        + "; a restart point shows whether other WAL was replayed")
                // the first one may end at the last checkpoint in the WAL; the second one ends at the last replayed
                // record
                .type(List.of(actions.checkpoint(member.node()), actions.checkpoint(member.node())))
                .until(
                        until.server(
                                member.node(),
                                "the control file of " + member.name() + " has the end of the replayed WAL, " + end,
                                s -> s.isEndInControlFile(end),
                                s -> "the control file has an earlier end"),
                        WRITING);
    }
}
