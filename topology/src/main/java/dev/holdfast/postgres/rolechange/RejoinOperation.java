package dev.holdfast.postgres.rolechange;

import dev.holdfast.engine.Operation;
import dev.holdfast.engine.Operation.Assessment;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.action.RoleChangeActions;
import dev.holdfast.postgres.archive.ForeignWalPlanner;
import dev.holdfast.postgres.probe.RoleChangeConditions;
import dev.holdfast.postgres.probe.RoleChangeProbe;
import dev.holdfast.postgres.provision.RestartPointPlanner;
import dev.holdfast.postgres.replication.SyncHistory;
import dev.holdfast.postgres.rolechange.RoleChangeDecision.Outcome;
import dev.holdfast.postgres.state.FenceMark;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.RoleChangeState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The operation that returns a member after a role change, with the steps of {@link RejoinSteps} and the decision of {@link
 * RejoinDecision}.
 */
public final class RejoinOperation {

    private static final Duration FENCING = Duration.ofSeconds(60);
    private static final String OTHER_WAL = "other-wal";

    private final PostgresCluster cluster;
    private final RoleChangeRequest request;
    private final String name;
    /** Time of the first probe of this run; data preserved since then is its result. */
    private final AtomicReference<Instant> began = new AtomicReference<>();

    private final RoleChangeProbe probes;
    private final RoleChangeActions serverActions;
    private final RoleChangeConditions until;
    private final ProxyTrafficSteps proxySteps;
    private final RejoinSteps comingBack;
    private final PostPromotionStages followers;
    private final RestartPointPlanner restartPoints;
    private final SyncHistory record;
    private final ForeignWalPlanner foreignWal;

    private RejoinOperation(Topology topology, PostgresCluster cluster, RoleChangeRequest request) {
        this.cluster = cluster;
        this.request = request;
        this.name = request.to().orElse("");
        this.serverActions = new RoleChangeActions(topology, cluster);
        this.probes = RoleChangeProbe.patient(topology, cluster);
        this.until = new RoleChangeConditions(probes, serverActions);
        this.proxySteps = new ProxyTrafficSteps(cluster, serverActions, until);
        this.comingBack = new RejoinSteps(cluster, serverActions, until);
        this.followers = new PostPromotionStages(topology, cluster, serverActions, until, false);
        this.restartPoints = new RestartPointPlanner(serverActions, until);
        this.record = new SyncHistory(topology, cluster);
        this.foreignWal = new ForeignWalPlanner(topology, cluster, serverActions.plain());
    }

    public static Operation<RoleChangeState> operation(
            Topology topology, PostgresCluster cluster, RoleChangeRequest request) {
        RejoinOperation rejoin = new RejoinOperation(topology, cluster, request);
        return new Operation<>(rejoin.runbook(), rejoin::decided);
    }

    private Runbook<RoleChangeState> runbook() {
        List<Stage<RoleChangeState>> stages = new ArrayList<>();
        stages.add(new Stage<>("decision", this::decision));
        stages.add(new Stage<>("fence", this::fence));
        stages.add(new Stage<>("record", state -> record.failover(state.now())));
        stages.add(new Stage<>("other WAL", this::recordOtherWal));
        stages.add(new Stage<>("set aside", this::setAside));
        stages.add(new Stage<>("leftovers", this::leftovers));
        stages.addAll(followers.before());
        stages.add(new Stage<>("restart points", this::restartPoints));
        stages.add(new Stage<>("return", this::planReturn));
        stages.addAll(followers.stages(state -> decide(state).then().is(Outcome.FINISH)));
        stages.add(new Stage<>("result", this::result));
        return new Runbook<>(cluster.name(), "rejoin " + name + " to " + cluster.name(), this::look, stages);
    }

    private RoleChangeState look(ExecutionContext context) {
        began.compareAndSet(null, context.now());
        return probes.look(context);
    }

    private Decision<RoleChangeDecision> decide(RoleChangeState state) {
        return new RejoinDecision(state, request).decision();
    }

    private String where() {
        return cluster.name() + "/" + PostgresCluster.SERVERS;
    }

    private Assessment decided(RoleChangeState state) {
        Decision<RoleChangeDecision> decision = decide(state);
        Optional<Refusal> refusal = RoleChangeDecision.refusal(where(), decision);
        String sentence = switch (decision.then().way()) {
            case FENCE -> "fence " + name + ", preserve the WAL and rows that only it has, and return it as a standby";
            case FOLLOW -> "start " + name + " as a standby, without a rewind";
            case REWIND -> "preserve what only " + name + " has, rewind it and start it as a standby";
            case CLONE -> "preserve the data of " + name + " and clone it again";
            default -> "nothing is done";
        };
        return new Assessment(sentence, decision.because(), refusal, Duration.ZERO).by(decision.code());
    }

    private Plan decision(RoleChangeState state) {
        return RoleChangeDecision.refusal(where(), decide(state))
                .map(r -> Plan.refused(List.of(r)))
                .orElse(Plan.NOTHING);
    }

    /** Plans the fence of a stray primary: no proxy sends clients to it, and none of its processes runs. */
    private Plan fence(RoleChangeState state) {
        Decision<RoleChangeDecision> decision = decide(state);
        if (!decision.then().is(Outcome.FENCE)) {
            return Plan.NOTHING;
        }
        MemberState member = state.member(name).orElseThrow();
        Optional<MemberState> survivor =
                new RejoinDecision(state, request).split().survivor(member);
        String successor = survivor.map(MemberState::name).orElse("");
        boolean isSurvivorRunning = survivor.filter(s -> !s.isPrimary()).isEmpty();
        boolean isRouted = isSurvivorRunning && !successor.isEmpty();
        List<Action> actions = new ArrayList<>(isRouted ? proxySteps.open(state.now(), successor) : List.of());
        actions.add(serverActions.fence(
                member.node(),
                new FenceMark(
                        isSurvivorRunning ? FenceMark.FAILOVER : FenceMark.REJOIN,
                        member.timeline(),
                        successor,
                        state.at().toString())));
        return Plan.of(List.of(Step.on(
                        cluster.name(),
                        isRouted ? "Send writes to " + successor + " and fence " + name : "Fence " + name)
                .because(decision.because())
                .risk(Risk.PAUSE)
                .type(actions)
                .until(until.isFenced(member.member()), FENCING)));
    }

    /** Plans the record of other WAL: once the archive has the primary's WAL, the member replaces its own, which proves it. */
    private Plan recordOtherWal(RoleChangeState state) {
        Optional<MemberState> member =
                state.member(name).filter(m -> state.now().hasOtherWal(m));
        if (!decide(state).then().is(Outcome.CLONE) || member.isEmpty()) {
            return Plan.NOTHING;
        }
        MemberState other = member.get();
        String why = state.now().diverged(other).orElse("");
        return other.disk().marks().containsKey(OTHER_WAL)
                ? Plan.NOTHING
                : Plan.of(List.of(Step.on(
                                other.node().id(), "Record on " + name + " that only a new copy can replace its data")
                        .because(why)
                        .type(serverActions.plain().recordOtherWal(other.node(), why))
                        .until(
                                until.disk(
                                        other.member(),
                                        name + " has the record",
                                        m -> m.disk().marks().containsKey(OTHER_WAL),
                                        m -> "no record"),
                                FENCING)));
    }

    /** Plans to move WAL of another server out of the archive: the member would replay it when it returns. */
    private Plan setAside(RoleChangeState state) {
        return decision(state).refusals().isEmpty() && !decide(state).then().is(Outcome.FENCE)
                ? foreignWal.setAside(state.now())
                : Plan.NOTHING;
    }

    /** Plans the end of remaining backends after a kill of the postmaster, because they block a start or rewind. */
    private Plan leftovers(RoleChangeState state) {
        if (!isComingBack(decide(state).then().way())) {
            return Plan.NOTHING;
        }
        MemberState member = state.member(name).orElseThrow();
        String left = member.disk().marks().getOrDefault("left", "");
        if (left.isEmpty()) {
            return Plan.NOTHING;
        }
        return Plan.of(List.of(Step.on(member.node().id(), "End remaining processes of " + name)
                .because("the postmaster has exited, and these processes still use the data directory: " + left)
                .type(serverActions.plain().abandonStop(member.node()))
                .until(
                        until.disk(
                                member.member(),
                                "no process uses the data directory of " + name,
                                m -> !m.disk().marks().containsKey("left"),
                                m -> "left: " + m.disk().marks().getOrDefault("left", "")),
                        FENCING)));
    }

    private static boolean isComingBack(Outcome way) {
        return way == Outcome.FOLLOW || way == Outcome.REWIND || way == Outcome.CLONE;
    }

    private Plan restartPoints(RoleChangeState state) {
        return decision(state).refusals().isEmpty() ? restartPoints.plan(state.now()) : Plan.NOTHING;
    }

    private Plan planReturn(RoleChangeState state) {
        Decision<RoleChangeDecision> decision = decide(state);
        Outcome way = decision.then().way();
        if (!isComingBack(way)) {
            return Plan.NOTHING;
        }
        MemberState member = state.member(name).orElseThrow();
        return Plan.of(comingBack.steps(state.now(), member, way, decision.because()));
    }

    /** Returns where this run has preserved what only the member had. */
    private Plan result(RoleChangeState state) {
        return state.member(name).map(m -> RejoinSteps.result(m, began.get())).orElse(Plan.NOTHING);
    }
}
