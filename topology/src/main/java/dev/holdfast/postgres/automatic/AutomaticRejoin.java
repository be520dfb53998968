package dev.holdfast.postgres.automatic;

import dev.holdfast.engine.Operation;
import dev.holdfast.engine.Operation.Assessment;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.DecisionCode;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.action.MemberActions;
import dev.holdfast.postgres.action.RoleChangeActions;
import dev.holdfast.postgres.automatic.AutomaticRejoinDecision.Observed;
import dev.holdfast.postgres.probe.RoleChangeConditions;
import dev.holdfast.postgres.probe.RoleChangeProbe;
import dev.holdfast.postgres.rolechange.RejoinSteps;
import dev.holdfast.postgres.rolechange.RoleChangeDecision;
import dev.holdfast.postgres.rolechange.RoleChangeDecision.Outcome;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The operation that returns a member to a cluster that Patroni runs, with the decision of {@link AutomaticRejoinDecision}.
 *
 * <ol>
 *   <li>Wait a moment for a Patroni that brings the member back by itself.
 *   <li>A second primary without the leader lock: stop its Patroni and its server, then decide again.
 *   <li>Preserve what only the member has: its WAL, the WAL as text, and the rows. Patroni rewinds without a copy.
 *   <li>Start its Patroni, which rewinds the server and starts it as a standby. Where a rewind is impossible, preserve the complete
 *       data directory, so that Patroni copies the primary. A member without WAL of its own is copied by Patroni at once.
 * </ol>
 */
public final class AutomaticRejoin {

    private static final Duration STOP = Duration.ofSeconds(60);
    private static final Duration MOMENT = Duration.ofSeconds(30);
    private static final Duration BREATH = Duration.ofSeconds(1);
    private static final Duration START = Duration.ofMinutes(5);
    private static final Duration REWIND = Duration.ofHours(1);

    private final PostgresCluster cluster;
    private final RoleChangeRequest request;
    private final String name;
    /** Time of the first probe of this run; data preserved since then is its result. */
    private final AtomicReference<Instant> began = new AtomicReference<>();

    private final AutomaticProbe probe;
    private final AutomaticActions actions;
    private final RoleChangeProbe roles;
    private final RoleChangeActions servers;
    private final RoleChangeConditions until;
    private final RejoinSteps steps;

    private AutomaticRejoin(Topology topology, PostgresCluster cluster, RoleChangeRequest request) {
        this.cluster = cluster;
        this.request = request;
        this.name = request.to().orElse("");
        this.probe = new AutomaticProbe(topology, cluster);
        this.actions = new AutomaticActions(topology, cluster);
        this.roles = RoleChangeProbe.patient(topology, cluster);
        this.servers = new RoleChangeActions(topology, cluster);
        this.until = new RoleChangeConditions(roles, servers);
        this.steps = new RejoinSteps(cluster, servers, until);
    }

    public static Operation<Observed> operation(Topology topology, PostgresCluster cluster, RoleChangeRequest request) {
        AutomaticRejoin rejoin = new AutomaticRejoin(topology, cluster, request);
        Runbook<Observed> runbook = new Runbook<>(
                cluster.name(),
                "rejoin " + rejoin.name + " to " + cluster.name(),
                rejoin::look,
                List.of(
                        new Stage<>("decision", rejoin::decision),
                        new Stage<>("stop", rejoin::stop),
                        new Stage<>("return", rejoin::planReturn),
                        new Stage<>("result", rejoin::result)));
        return new Operation<>(runbook, rejoin::decided);
    }

    private Observed look(ExecutionContext context) {
        boolean isFirst = began.compareAndSet(null, context.now());
        Observed state = once(context);
        // a Patroni that runs can be rewinding or starting the member at this moment
        Instant end = context.now().plus(cluster.automatic().orElseThrow().ttl());
        while (isFirst && isCopiedAlthoughRun(state) && context.now().isBefore(end)) {
            context.pause(BREATH);
            state = once(context);
        }
        return state;
    }

    private Observed once(ExecutionContext context) {
        return new Observed(probe.look(context, false), roles.look(context));
    }

    private boolean isCopiedAlthoughRun(Observed state) {
        Outcome way = decide(state).then().way();
        return (way == Outcome.GO || way == Outcome.CLONE)
                && state.automatic()
                        .member(name)
                        .filter(m -> state.automatic().patroni(m).isRunning())
                        .isPresent();
    }

    private Decision<RoleChangeDecision> decide(Observed state) {
        return new AutomaticRejoinDecision(state, request).decision();
    }

    private String where() {
        return cluster.name() + "/" + PostgresCluster.SERVERS;
    }

    private Assessment decided(Observed state) {
        Decision<RoleChangeDecision> decision = decide(state);
        Optional<Refusal> refusal = RoleChangeDecision.refusal(where(), decision);
        String sentence = switch (decision.then().way()) {
            case FENCE -> "stop " + name + ", preserve the WAL and rows that only it has, and return it as a standby";
            case FOLLOW -> "start the Patroni of " + name;
            case GO -> "copy the primary to " + name + " with Patroni";
            case REWIND -> "preserve what only " + name + " has, and let Patroni rewind it";
            case CLONE -> "preserve the data of " + name + ", and let Patroni copy the primary to it";
            default -> "nothing is done";
        };
        return new Assessment(sentence, decision.because(), refusal, Duration.ZERO).by(decision.code());
    }

    private Plan decision(Observed state) {
        return RoleChangeDecision.refusal(where(), decide(state))
                .map(r -> Plan.refused(List.of(r)))
                .orElse(Plan.NOTHING);
    }

    /** Plans the end of a second primary, after which the next stage decides again. */
    private Plan stop(Observed state) {
        Decision<RoleChangeDecision> decision = decide(state);
        return decision.then().is(Outcome.FENCE)
                ? Plan.of(stopped(state, decision.because(), Risk.PAUSE))
                : Plan.NOTHING;
    }

    private List<Step> stopped(Observed state, String because, Risk risk) {
        MemberState member = state.roles().member(name).orElseThrow();
        boolean isRun = state.automatic().patroni(member.node()).isRunning();
        if (!isRun && member.isDown()) {
            return List.of();
        }
        List<Action> all = new ArrayList<>();
        if (isRun) {
            all.add(actions.stop(member.node(), STOP));
        }
        if (member.isUp()) {
            all.add(servers.plain().stop(member, member.major()));
        }
        return List.of(Step.on(member.node().id(), isRun ? "Stop " + name + " and its Patroni" : "Stop " + name)
                .because(because)
                .risk(risk)
                .type(all)
                .until(
                        probe.patroni(
                                        member.node(),
                                        "no Patroni runs " + name,
                                        p -> p.isReachable() && !p.isRunning(),
                                        p -> p.isReachable() ? "Patroni runs" : p.trouble())
                                .and(until.disk(
                                        member.member(),
                                        name + " has stopped",
                                        MemberState::isDown,
                                        m -> name + " runs")),
                        STOP.plus(MOMENT)));
    }

    private Plan planReturn(Observed state) {
        Decision<RoleChangeDecision> decision = decide(state);
        String because = decision.because();
        return switch (decision.then().way()) {
            case FOLLOW ->
                Plan.of(List.of(started(
                        state,
                        because,
                        List.of(),
                        "Start Patroni on " + name,
                        decision.code() == DecisionCode.NO_DATABASE ? MemberActions.CLONING : START)));
            case GO -> Plan.of(List.of(copied(state, because)));
            case REWIND, CLONE ->
                Plan.of(returned(state, because, decision.then().is(Outcome.CLONE)));
            default -> Plan.NOTHING;
        };
    }

    private List<Step> returned(Observed state, String because, boolean isCopied) {
        MemberState member = state.roles().member(name).orElseThrow();
        MemberState primary = state.leader().orElseThrow();
        List<Step> all = new ArrayList<>(stopped(state, because, Risk.NONE));
        if (member.disk().unread().isEmpty()) {
            all.add(steps.kept(state.now(), member, primary));
        }
        List<Action> aside = new ArrayList<>();
        if (isCopied) {
            aside.add(servers.aside(
                    member.node(), RoleChangeActions.folder(state.now().at())));
        }
        all.add(started(
                state,
                because,
                aside,
                isCopied
                        ? "Clone " + primary.name() + " to " + name + " with Patroni"
                        : "Rewind " + name + " with Patroni",
                isCopied ? MemberActions.CLONING : REWIND));
        return all;
    }

    /** @param before what is done before Patroni starts */
    private Step started(Observed state, String because, List<Action> before, String title, Duration within) {
        MemberState member = state.automatic().member(name).orElseThrow();
        MemberState primary = state.leader().orElseThrow();
        List<Action> all = new ArrayList<>(before);
        all.addAll(actions.started(member, primary.major()));
        return Step.on(member.node().id(), title)
                .because(because)
                .risk(Risk.NONE)
                .type(all)
                .until(until.standbyRuns(primary.node(), member.node()), within);
    }

    private Step copied(Observed state, String because) {
        MemberState member = state.roles().member(name).orElseThrow();
        MemberState primary = state.leader().orElseThrow();
        return Step.on(member.node().id(), "Clone " + primary.name() + " to " + name + " with Patroni")
                .because(because)
                .type(actions.request(member.node(), "POST", "reinitialize", "{\"force\": true}", MOMENT))
                .until(until.standbyRuns(primary.node(), member.node()), MemberActions.CLONING);
    }

    /** Returns where this run has preserved what only the member had. */
    private Plan result(Observed state) {
        return state.roles()
                .member(name)
                .map(m -> RejoinSteps.result(m, began.get()))
                .orElse(Plan.NOTHING);
    }
}
