package dev.holdfast.postgres.rolechange;

import dev.holdfast.engine.Operation;
import dev.holdfast.engine.Operation.Assessment;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.DecisionRule.Decision;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.action.RoleChangeActions;
import dev.holdfast.postgres.archive.ArchivingPlanner;
import dev.holdfast.postgres.configuration.ServerConfiguration;
import dev.holdfast.postgres.probe.RoleChangeConditions;
import dev.holdfast.postgres.probe.RoleChangeProbe;
import dev.holdfast.postgres.provision.ReplaySettings;
import dev.holdfast.postgres.rolechange.RoleChangeDecision.Outcome;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.RoleChangeState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The operation that promotes a standby when the primary is lost.
 *
 * <ol>
 *   <li>Detect the loss: several queries time out, or the host reports that the process has exited. A closed port alone is not
 *       enough.
 *   <li>Restart a candidate whose settings are too low for its WAL, because it could not be promoted.
 *   <li>Close the client endpoints and fence the old primary on its host: stop every process in its directory and prevent its
 *       start. In parallel, the candidate gets replication slots for the other members, and unreachable standbys leave its
 *       synchronous_standby_names.
 *   <li>Verify that every route refuses a test write.
 *   <li>Promote a standby that holds every acknowledged commit, and send writes to it. Standbys that are not ahead of it follow
 *       it at the same time, because its commits wait for them.
 *   <li>Complete the role change: see {@link PostPromotionStages}; write a checkpoint, so that diverged members can be rewound.
 * </ol>
 *
 * If the host is unreachable, the operator must confirm that it is powered off. Holdfast then verifies that no client endpoint
 * still reaches the old primary.
 *
 * <p>Invariants: no promotion before the old primary is fenced; without {@code --accept-data-loss}, no promotion of a member
 * that may lack acknowledged commits.
 */
public final class FailoverOperation {

    /**
     * The duration after detection: of thirty failovers with a writer, on two cores, the longest took 0.9 s ({@code
     * scripts/bench failover}); more where process starts take three times as long.
     */
    static final Duration PAUSE = Duration.ofSeconds(2);

    /** An unreachable repository delays a promotion by up to {@link ServerConfiguration#GET_SECONDS}. */
    private static final Duration PROMOTION = Duration.ofSeconds(60);

    private static final Duration CHECKPOINT = Duration.ofMinutes(10);

    private final PostgresCluster cluster;
    private final RoleChangeRequest request;
    private final RoleChangeActions serverActions;
    private final RoleChangeProbe probes;
    private final RoleChangeConditions until;
    private final ProxyTrafficSteps proxySteps;
    private final PostPromotionStages followers;
    private final FailoverFenceSteps fenceSteps;

    private FailoverOperation(Topology topology, PostgresCluster cluster, RoleChangeRequest request) {
        this.cluster = cluster;
        this.request = request;
        this.serverActions = new RoleChangeActions(topology, cluster);
        this.probes = new RoleChangeProbe(topology, cluster, request.to());
        this.until = new RoleChangeConditions(probes, serverActions);
        this.proxySteps = new ProxyTrafficSteps(cluster, serverActions, until);
        this.followers = new PostPromotionStages(topology, cluster, serverActions, until, false);
        this.fenceSteps = new FailoverFenceSteps(cluster.name(), serverActions, probes, until, proxySteps);
    }

    public static Operation<RoleChangeState> operation(
            Topology topology, PostgresCluster cluster, RoleChangeRequest request) {
        FailoverOperation failover = new FailoverOperation(topology, cluster, request);
        return new Operation<>(
                failover.runbook(), failover::assessment, ArchivingPlanner.continuity(topology, cluster));
    }

    private Runbook<RoleChangeState> runbook() {
        List<Stage<RoleChangeState>> stages = new ArrayList<>(List.of(
                new Stage<>("decision", this::decision),
                new Stage<>("start", this::start),
                new Stage<>("candidate", this::prepareCandidate),
                new Stage<>("fence", this::fence),
                new Stage<>("promotion", this::promote)));
        stages.addAll(followers.stages(this::isDone));
        stages.add(new Stage<>("checkpoint", this::checkpoint));
        return new Runbook<>(cluster.name(), "fail over " + cluster.name(), probes::look, stages);
    }

    private FailoverFacts now(RoleChangeState state) {
        return new FailoverFacts(state, request);
    }

    private Decision<RoleChangeDecision> decided(RoleChangeState state) {
        return FailoverDecision.of(now(state));
    }

    private boolean isDone(RoleChangeState state) {
        return decided(state).then().is(Outcome.FINISH);
    }

    private boolean isToGo(RoleChangeState state) {
        return decided(state).then().is(Outcome.GO);
    }

    private String where() {
        return cluster.name() + "/" + PostgresCluster.SERVERS;
    }

    private Assessment assessment(RoleChangeState state) {
        Decision<RoleChangeDecision> decision = decided(state);
        Optional<Refusal> refusal = RoleChangeDecision.refusal(where(), decision);
        String sentence = switch (decision.then().way()) {
            case GO ->
                "fence " + now(state).lost().name() + " and promote "
                        + decision.then().node();
            case START -> "start " + decision.then().node() + ", then decide again";
            case RESUME -> "start " + decision.then().node() + " as primary again";
            case FINISH -> decision.then().node() + " is primary; only the stages after the promotion are left";
            default -> "nothing is done";
        };
        Duration pause = decision.then().is(Outcome.FINISH) ? Duration.ZERO : PAUSE;
        return new Assessment(
                        sentence,
                        decision.because() + announced(state),
                        refusal,
                        pause,
                        now(state).mostLost())
                .by(decision.code());
    }

    /** Returns the protection of commits afterwards, where it is less than before. */
    private String announced(RoleChangeState state) {
        return isToGo(state)
                ? followers
                        .protection(state, candidate(state))
                        .announced()
                        .map(a -> ". " + a)
                        .orElse("")
                : "";
    }

    private Plan decision(RoleChangeState state) {
        return RoleChangeDecision.refusal(where(), decided(state))
                .map(r -> Plan.refused(List.of(r)))
                .orElse(Plan.NOTHING);
    }

    private Plan start(RoleChangeState state) {
        Decision<RoleChangeDecision> decision = decided(state);
        RestartableMembers restartable = now(state).restartable();
        MemberStartSteps starts = new MemberStartSteps(serverActions, until, proxySteps);
        return switch (decision.then().way()) {
            case START -> starts.standbys(restartable.standbys(), decision.because());
            case RESUME ->
                starts.primary(
                        state.now(), restartable.former().orElseThrow(), decision.because(), request.acceptDataLoss());
            default -> Plan.NOTHING;
        };
    }

    private Plan prepareCandidate(RoleChangeState state) {
        if (!isToGo(state)) {
            return Plan.NOTHING;
        }
        MemberState candidate = candidate(state);
        return ReplaySettings.restart(
                cluster, candidate, serverActions.plain(), context -> probes.whole(context, candidate.member()));
    }

    private Plan fence(RoleChangeState state) {
        if (!isToGo(state)) {
            return Plan.NOTHING;
        }
        MemberState candidate = candidate(state);
        return fenceSteps.plan(
                now(state),
                candidate,
                decided(state).because(),
                followers.readied(
                        candidate,
                        now(state).lost().node(),
                        followers.protection(state, candidate).names(),
                        candidate.node().id()));
    }

    private MemberState candidate(RoleChangeState state) {
        return state.member(decided(state).then().node()).orElseThrow();
    }

    /** Decides again after the fence, because the old primary may have written more WAL until then. */
    private Plan promote(RoleChangeState state) {
        if (!isToGo(state)) {
            return Plan.NOTHING;
        }
        MemberState candidate = candidate(state);
        if (!FailoverFenceSteps.isFenced(now(state).lost(), candidate)
                || !state.hanging().isEmpty()) {
            return new Plan(
                    List.of(),
                    List.of(),
                    List.of("then " + candidate.name()
                            + " is promoted and accepts the writes, and the other members follow it"));
        }
        probes.promotes(candidate.name());
        List<Step> steps = new ArrayList<>();
        steps.addAll(followers.readied(
                candidate,
                now(state).lost().node(),
                followers.protection(state, candidate).names(),
                cluster.name()));
        steps.add(Step.on(cluster.name(), "Promote " + candidate.name())
                .because(decided(state).because())
                .risk(request.acceptDataLoss() ? Risk.DANGER : Risk.PAUSE)
                .type(serverActions.promote(candidate.node()))
                .until(until.leads(candidate.node()), PROMOTION));
        proxySteps
                .opened(state.now(), candidate.name(), candidate.name() + " is primary now")
                .ifPresent(steps::add);
        steps.addAll(followers.repointed(state, candidate));
        return Plan.of(steps);
    }

    private Plan checkpoint(RoleChangeState state) {
        if (!isDone(state)) {
            return Plan.NOTHING;
        }
        MemberState primary = state.now().primary().orElseThrow();
        List<String> notes = cluster
                .repository()
                .map(r -> "every backup is on a timeline before timeline " + primary.timeline()
                        + ": make a new backup with holdfast backup run " + cluster.name())
                .stream()
                .toList();
        if (primary.server().controlTimeline() == primary.server().timeline()) {
            return new Plan(List.of(), List.of(), notes);
        }
        String left = state.now()
                .others()
                .filter(m -> !m.isUp())
                .map(MemberState::name)
                .collect(Collectors.joining(", "));
        return new Plan(
                List.of(Step.on(primary.node().id(), "Write a checkpoint on " + primary.name())
                        .because("no member can be rewound to the new primary before a checkpoint"
                                + (left.isEmpty() ? "" : ", and " + left + " can need it"))
                        .type(serverActions.checkpoint(primary.node()))
                        .until(until.controlFileShowsItsTimeline(primary.node()), CHECKPOINT)),
                List.of(),
                notes);
    }
}
