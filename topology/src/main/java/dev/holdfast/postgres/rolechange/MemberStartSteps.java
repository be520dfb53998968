package dev.holdfast.postgres.rolechange;

import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.action.RoleChangeActions;
import dev.holdfast.postgres.configuration.ServerConfiguration;
import dev.holdfast.postgres.probe.RoleChangeConditions;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.ServerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The steps of a failover that start stopped members: {@link RestartableMembers}. */
final class MemberStartSteps {

    private static final Duration START = Duration.ofMinutes(5);

    private final RoleChangeActions actions;
    private final RoleChangeConditions until;
    private final ProxyTrafficSteps proxySteps;

    MemberStartSteps(RoleChangeActions actions, RoleChangeConditions until, ProxyTrafficSteps proxySteps) {
        this.actions = actions;
        this.until = until;
        this.proxySteps = proxySteps;
    }

    Plan standbys(List<MemberState> stopped, String because) {
        return Plan.of(stopped.stream().map(m -> standby(m, because)).toList());
    }

    private Step standby(MemberState member, String because) {
        return Step.on(member.node().id(), "Start " + member.name() + " as standby")
                .because(because)
                .type(actions.plain().start(member, member.major()))
                .until(
                        until.server(
                                member.node(),
                                member.name() + " answers as a standby",
                                ServerState::isStandby,
                                s -> member.name() + " is primary"),
                        START);
    }

    /** Plans the removal of the fence and the start; commits wait for the standbys in its files. */
    Plan primary(PostgresState state, MemberState former, String because, boolean isLossy) {
        List<Step> steps = new ArrayList<>();
        steps.add(Step.on(former.node().cluster(), "Unfence " + former.name() + " and start it as primary")
                .because(because)
                .risk(isLossy ? Risk.DANGER : Risk.PAUSE)
                .type(
                        actions.resume(former.node()),
                        actions.plain()
                                .configure(
                                        former.member(),
                                        ServerConfiguration.ofPrimary(
                                                former.disk().synchronousNames())),
                        actions.plain().start(former, former.major()))
                .until(until.leads(former.node()), START));
        Optional<Step> open = proxySteps.opened(state, former.name(), former.name() + " is primary again");
        open.ifPresent(steps::add);
        return Plan.of(steps);
    }
}
