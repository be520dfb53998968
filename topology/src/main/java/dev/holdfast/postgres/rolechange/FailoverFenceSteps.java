package dev.holdfast.postgres.rolechange;

import dev.holdfast.execution.Action;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.action.RoleChangeActions;
import dev.holdfast.postgres.probe.RoleChangeConditions;
import dev.holdfast.postgres.probe.RoleChangeProbe;
import dev.holdfast.postgres.state.FenceMark;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.RoleChangeState;
import dev.holdfast.postgres.topology.PostgresCluster.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps of a failover that stop every member that can accept writes: the lost primary, and members that hang and can be
 * primary. Afterwards every route must refuse a test write.
 */
final class FailoverFenceSteps {

    private static final Duration MOMENT = Duration.ofSeconds(15);
    private static final Duration FENCING = Duration.ofSeconds(60);

    private final String cluster;
    private final RoleChangeActions actions;
    private final RoleChangeProbe probes;
    private final RoleChangeConditions until;
    private final ProxyTrafficSteps proxySteps;

    FailoverFenceSteps(
            String cluster,
            RoleChangeActions actions,
            RoleChangeProbe probes,
            RoleChangeConditions until,
            ProxyTrafficSteps proxySteps) {
        this.cluster = cluster;
        this.actions = actions;
        this.probes = probes;
        this.until = until;
        this.proxySteps = proxySteps;
    }

    /** @param readied the steps that prepare the candidate in parallel */
    Plan plan(FailoverFacts facts, MemberState candidate, String because, List<Step> readied) {
        FenceMark mark = mark(facts, candidate);
        List<Step> rivals = rivals(facts.state(), mark);
        MemberState lost = facts.lost();
        if (lost.isOutOfReach() || !lost.hasDatabase()) {
            return manual(facts.state(), lost).and(Plan.of(rivals));
        }
        if (isFenced(lost, candidate)) {
            return Plan.of(rivals);
        }
        List<Action> closing = new ArrayList<>(proxySteps.closed(facts.now()));
        closing.add(actions.fence(lost.node(), mark));
        List<Step> steps = new ArrayList<>(List.of(
                Step.on(cluster, "Close client endpoints and fence " + lost.name())
                        .because(because)
                        .risk(Risk.PAUSE)
                        .typeAtOnce(closing)
                        .until(until.isFencedFor(lost.member(), candidate.name()), FENCING),
                proven(facts, lost)));
        steps.addAll(rivals);
        steps.addAll(readied);
        return Plan.of(steps);
    }

    /**
     * Returns whether it is fenced by this or an earlier run, or manually where its host is unreachable. The fence must name the
     * candidate, because nothing else may show a later run that the candidate can have been promoted.
     */
    static boolean isFenced(MemberState lost, MemberState candidate) {
        return lost.isOutOfReach()
                || lost.isDown() && !lost.hasDatabase()
                || lost.isDown()
                        && !lost.disk().marks().containsKey("left")
                        && lost.disk()
                                .fence()
                                .filter(f -> f.isRestore() || f.isFailover() && f.to().equals(candidate.name()))
                                .isPresent();
    }

    private FenceMark mark(FailoverFacts facts, MemberState candidate) {
        int timeline = facts.state().standbys().stream()
                .mapToInt(MemberState::timeline)
                .max()
                .orElse(0);
        return probes.fences(new FenceMark(
                FenceMark.FAILOVER,
                Math.max(timeline, facts.lost().timeline()),
                candidate.name(),
                facts.state().at().toString()));
    }

    private List<Step> rivals(RoleChangeState state, FenceMark mark) {
        return state.hanging().stream()
                .map(m -> Step.on(cluster, "Fence " + m.name())
                        .because(m.name() + " possibly runs as primary, because its process exists but does not answer")
                        .risk(Risk.PAUSE)
                        .type(actions.fence(m.node(), mark))
                        .until(until.isFenced(m.member()), FENCING))
                .toList();
    }

    private Step proven(FailoverFacts facts, MemberState lost) {
        List<Node> routes = new ArrayList<>(List.of(lost.node()));
        ProxyTrafficSteps.proxies(facts.now()).stream().map(Proxy::node).forEach(routes::add);
        return Step.on(cluster, "Try a write on every route to " + lost.name())
                .because("no member is promoted while a route still accepts writes")
                .until(until.writesAreRefused(routes), MOMENT);
    }

    /** Plans the check after the operator confirmed the power-off: an answer through a client endpoint would disprove it. */
    private Plan manual(RoleChangeState state, MemberState lost) {
        List<Proxy> open = proxySteps.acceptingWrites(state.now());
        if (open.isEmpty()) {
            return Plan.NOTHING;
        }
        return Plan.of(List.of(
                Step.on(cluster, "Verify that no client endpoint reaches " + lost.name())
                        .because(
                                lost.isOutOfReach()
                                        ? "the host does not answer here, and the operator reported a manual fence; a "
                                                + "proxy can still reach the server"
                                        : "the data directory is missing, so the server cannot be fenced there; a proxy can still reach the server")
                        .until(until.noneAnswers(open.stream().map(Proxy::node).toList()), MOMENT),
                Step.on(cluster, "Close client endpoints")
                        .because("the client endpoints send clients to " + lost.name()
                                + " until another member is primary")
                        .risk(Risk.PAUSE)
                        .type(proxySteps.closed(state.now()))
                        .until(until.route(open, List.of()), MOMENT)));
    }
}
