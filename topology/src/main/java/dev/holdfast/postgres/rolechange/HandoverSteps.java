package dev.holdfast.postgres.rolechange;

import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.execution.Action;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.action.RoleChangeActions;
import dev.holdfast.postgres.probe.RoleChangeConditions;
import dev.holdfast.postgres.probe.RoleChangeProbe;
import dev.holdfast.postgres.state.FenceMark;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.RoleChangeState;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The steps of a switchover that stop the primary and fence it for the candidate, or revert that. */
final class HandoverSteps {

    /** The age in seconds below which the last checkpoint is recent enough for a shutdown. */
    static final double YOUNG = 30;

    private static final Duration MOMENT = Duration.ofSeconds(15);
    private static final Duration CHECKPOINT = Duration.ofMinutes(10);
    private static final Duration RESTART = Duration.ofMinutes(5);

    private final String cluster;
    private final RoleChangeRequest request;
    private final RoleChangeActions actions;
    private final RoleChangeProbe probes;
    private final RoleChangeConditions until;
    private final ProxyTrafficSteps proxySteps;

    HandoverSteps(
            String cluster,
            RoleChangeRequest request,
            RoleChangeActions actions,
            RoleChangeProbe probes,
            RoleChangeConditions until,
            ProxyTrafficSteps proxySteps) {
        this.cluster = cluster;
        this.request = request;
        this.actions = actions;
        this.probes = probes;
        this.until = until;
        this.proxySteps = proxySteps;
    }

    Step checkpoint(Node primary) {
        return Step.on(primary.id(), "Write a checkpoint on " + primary.name())
                .because("the shutdown is short after a checkpoint")
                .type(actions.checkpoint(primary))
                .until(
                        until.server(
                                primary,
                                "the last checkpoint of " + primary.name() + " is younger than " + (int) YOUNG + " s",
                                s -> s.checkpointAge() < YOUNG,
                                s -> "the last checkpoint is " + s.checkpointAge() + " s old"),
                        CHECKPOINT);
    }

    Step stopped(RoleChangeState state, MemberState candidate, String because) {
        MemberState primary = state.now().primary().orElseThrow();
        FenceMark fence = fence(state, primary, candidate);
        List<Member> candidates = state.standbys().stream()
                .map(MemberState::member)
                .filter(m -> m.role() != MemberRole.DR || m.node().name().equals(candidate.name()))
                .filter(m -> request.to().map(m.node().name()::equals).orElse(true))
                .toList();
        List<Action> revert = undone(state, primary);
        return Step.on(cluster, "Close client endpoints and stop " + primary.name())
                .because(because)
                .risk(Risk.PAUSE)
                .typeAtOnce(proxySteps.closedBehindPause(state.now()), actions.stepDown(primary.node(), fence))
                .revert(revert.toArray(Action[]::new))
                .until(until.hasStopped(primary.member(), candidates), RoleChangeActions.STOP);
    }

    private FenceMark fence(RoleChangeState state, MemberState primary, MemberState candidate) {
        return probes.fences(new FenceMark(
                FenceMark.SWITCHOVER,
                primary.timeline(),
                candidate.name(),
                state.at().toString()));
    }

    /** A later run may find nothing but the fence that shows the promotion, so the fence must name the promoted member. */
    Optional<Step> renamed(RoleChangeState state, MemberState stopped, MemberState candidate) {
        boolean isNamed = stopped.disk()
                .fence()
                .filter(f -> f.to().equals(candidate.name()))
                .isPresent();
        return isNamed
                ? Optional.empty()
                : Optional.of(Step.on(cluster, "Name " + candidate.name() + " in the fence of " + stopped.name())
                        .because("the fence names the member that can have been promoted, desired: " + candidate.name())
                        .type(actions.stepDown(stopped.node(), fence(state, stopped, candidate)))
                        .until(until.fenceNames(stopped.member(), candidate.name()), MOMENT));
    }

    private List<Action> undone(RoleChangeState state, MemberState primary) {
        List<Action> revert = new ArrayList<>();
        revert.add(actions.resume(primary.node()));
        revert.add(actions.plain().start(primary, primary.major()));
        revert.addAll(proxySteps.open(state.now(), primary.name()));
        return revert;
    }

    Step takenBack(RoleChangeState state, MemberState stopped, String because) {
        return Step.on(cluster, "Start " + stopped.name() + " again as primary")
                .because(because)
                .risk(Risk.PAUSE)
                .type(undone(state, stopped))
                .until(until.leads(stopped.node()), RESTART);
    }
}
