package dev.holdfast.postgres.provision;

import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.postgres.action.MemberActions;
import dev.holdfast.postgres.configuration.ServerConfiguration;
import dev.holdfast.postgres.probe.MemberConditions;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The stage that makes members follow the primary: it clones members without a database and starts stopped members. */
final class StandbyPlanner {

    private static final Duration MOMENT = Duration.ofSeconds(30);
    private static final Duration START = Duration.ofMinutes(5);

    private final PostgresCluster cluster;
    private final MemberActions actions;
    private final MemberConditions until;

    StandbyPlanner(PostgresCluster cluster, MemberActions actions, MemberConditions until) {
        this.cluster = cluster;
        this.actions = actions;
        this.until = until;
    }

    /** Plans the removal of a fence that remains on a following standby: after a stop, the standby would not start again. */
    private static boolean isFencedForNothing(PostgresState state, MemberState member) {
        return member.isStandby()
                && state.follows(member)
                && state.diverged(member).isEmpty()
                && member.disk().fence().filter(f -> !f.isRestore()).isPresent();
    }

    Plan plan(PostgresState state) {
        if (state.leader().isEmpty()) {
            return Plan.NOTHING;
        }
        MemberState primary = state.leader().get();
        List<Step> steps = new ArrayList<>();
        state.others().filter(MemberState::isMadeToFollow).forEach(m -> {
            if (!m.hasDatabase()) {
                steps.add(cloned(m, primary, state.major()));
            }
            steps.add(started(m, primary, state.major()));
        });
        state.others().filter(m -> isFencedForNothing(state, m)).forEach(m -> steps.add(unfenced(m, primary)));
        return Plan.of(steps);
    }

    private Step unfenced(MemberState member, MemberState primary) {
        String fence = member.disk().fence().orElseThrow().description();
        return Step.on(member.node().id(), "Remove the fence of " + member.name())
                .because(member.name() + " follows " + primary.name() + ", but its fence would block the next start: "
                        + fence)
                .type(actions.unfence(member.node()))
                .until(
                        until.member(
                                member.member(),
                                member.name() + " is not fenced",
                                m -> m.disk().fence().isEmpty(),
                                m -> member.name() + " is fenced"),
                        MOMENT);
    }

    private Step cloned(MemberState member, MemberState primary, int major) {
        Node node = member.node();
        return Step.on(node.id(), "Clone " + primary.name() + " to " + member.name())
                .because(member.name() + " has no database yet")
                .type(
                        actions.createDirectory(node),
                        actions.configure(member.member(), roleSettings(member, primary, major)),
                        actions.clone(member, primary.node(), major))
                .until(until.hasDatabase(node), MemberActions.CLONING);
    }

    private Step started(MemberState member, MemberState primary, int major) {
        return Step.on(member.node().id(), "Start " + member.name() + " as standby of " + primary.name())
                .because(member.hasDatabase() ? member.name() + " is stopped" : "nothing runs there yet")
                .type(
                        actions.configure(member.member(), roleSettings(member, primary, major)),
                        actions.start(member, major))
                .until(until.standbyRuns(primary.node(), member.member()), START);
    }

    private Map<String, String> roleSettings(MemberState member, MemberState primary, int major) {
        return ServerConfiguration.ofStandby(cluster, member.member(), primary.node(), major);
    }
}
