package dev.holdfast.postgres.rolechange;

import dev.holdfast.engine.Operation;
import dev.holdfast.engine.Operation.Assessment;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.Node;
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
import dev.holdfast.postgres.archive.ForeignWalPlanner;
import dev.holdfast.postgres.configuration.ServerConfiguration;
import dev.holdfast.postgres.probe.RoleChangeConditions;
import dev.holdfast.postgres.probe.RoleChangeProbe;
import dev.holdfast.postgres.rolechange.RoleChangeDecision.Outcome;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.RoleChangeState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The operation that moves the primary role in a planned way: without loss, or not at all.
 *
 * <ol>
 *   <li>Where the primary cannot archive because of WAL of another server, set that WAL aside.
 *   <li>Before the pause: write a checkpoint, so that the shutdown is short; create slots for all others on the candidate, and
 *       set its synchronous standbys.
 *   <li>Pause the PgBouncers, once their transactions in progress have ended; if one does not end, resume them without a
 *       change. Close the other client endpoints and end their sessions; stop and fence the primary.
 *   <li>Verify that its control file shows "shut down", and that a standby has WAL past the start of its last record. If this
 *       takes too long, start the old primary again and open the client endpoints to it.
 *   <li>Only now select the new primary, among the standbys with that proof. Promote it and send writes to it; the other
 *       synchronous standbys follow it at the same time.
 *   <li>Complete the role change: see {@link PostPromotionStages}.
 * </ol>
 *
 * Invariant: no member without the last WAL record of the old primary is promoted.
 */
public final class SwitchoverOperation {

    /**
     * The duration: of ten switchovers with a writer, on two cores, the longest took 0.8 s ({@code scripts/bench failover});
     * where process starts take three times as long, a few took up to 5 s.
     */
    static final Duration PAUSE = Duration.ofSeconds(2);

    /** An unreachable repository delays a promotion by up to {@link ServerConfiguration#GET_SECONDS}. */
    private static final Duration PROMOTION = Duration.ofSeconds(60);

    private final PostgresCluster cluster;
    private final RoleChangeRequest request;
    private final RoleChangeActions actions;
    private final RoleChangeProbe probes;
    private final RoleChangeConditions until;
    private final ProxyTrafficSteps proxySteps;
    private final PostPromotionStages followers;
    private final HandoverSteps handover;
    private final ForeignWalPlanner foreignWal;
    private final AtomicReference<String> finishing = new AtomicReference<>();
    private final AtomicBoolean begun = new AtomicBoolean();

    private SwitchoverOperation(Topology topology, PostgresCluster cluster, RoleChangeRequest request) {
        this.cluster = cluster;
        this.request = request;
        this.actions = new RoleChangeActions(topology, cluster);
        this.probes = new RoleChangeProbe(topology, cluster);
        this.until = new RoleChangeConditions(probes, actions);
        this.proxySteps = new ProxyTrafficSteps(cluster, actions, until);
        this.followers = new PostPromotionStages(topology, cluster, actions, until, true);
        this.handover = new HandoverSteps(cluster.name(), request, actions, probes, until, proxySteps);
        this.foreignWal = new ForeignWalPlanner(topology, cluster, actions.plain());
    }

    public static Operation<RoleChangeState> operation(
            Topology topology, PostgresCluster cluster, RoleChangeRequest request) {
        SwitchoverOperation switchover = new SwitchoverOperation(topology, cluster, request);
        return new Operation<>(
                switchover.runbook(), switchover::decided, ArchivingPlanner.continuity(topology, cluster));
    }

    private Runbook<RoleChangeState> runbook() {
        List<Stage<RoleChangeState>> stages = new ArrayList<>(List.of(
                new Stage<>("decision", this::decision),
                new Stage<>("set aside", this::setAside),
                new Stage<>("preparation", this::prepare),
                new Stage<>("handover", this::switchOver),
                new Stage<>("promotion", this::promote)));
        stages.addAll(followers.stages(state -> ruling(state).is(Outcome.FINISH)));
        return new Runbook<>(cluster.name(), "switch over " + cluster.name(), probes::look, stages);
    }

    /** Whether this run completes an earlier role change; it continues to do so, whatever the later cluster state. */
    private Decision<RoleChangeDecision> rule(RoleChangeState state) {
        boolean isFirst =
                request.to().isEmpty() && !begun.get() && state.now().primary().isPresent();
        if (isFirst && followers.isLastStageMissing(state.now())) {
            finishing.compareAndSet(null, state.now().primary().orElseThrow().name());
        }
        Optional<String> to = request.to().or(() -> Optional.ofNullable(finishing.get()));
        RoleChangeRequest now =
                new RoleChangeRequest(request.group(), to, request.acceptDataLoss(), request.overrides());
        Decision<RoleChangeDecision> decision = new SwitchoverDecision(state, now).decision();
        if (decision.then().is(Outcome.FINISH)) {
            finishing.compareAndSet(null, decision.then().node());
        }
        begun.set(true);
        return decision;
    }

    private RoleChangeDecision ruling(RoleChangeState state) {
        return rule(state).then();
    }

    private String where() {
        return cluster.name() + "/" + PostgresCluster.SERVERS;
    }

    private Assessment decided(RoleChangeState state) {
        Decision<RoleChangeDecision> decision = rule(state);
        Optional<Refusal> refusal = RoleChangeDecision.refusal(where(), decision);
        String sentence = switch (decision.then().way()) {
            case GO ->
                "move the primary of " + cluster.name() + " from "
                        + state.leaving().map(RoleChangeState.Leaving::name).orElse("none") + " to "
                        + decision.then().node();
            case TAKE_BACK -> "revert the switchover: " + decision.then().node() + " stays primary";
            case FINISH -> decision.then().node() + " is primary; only the stages after the promotion are left";
            default -> "nothing is done";
        };
        Assessment decided = new Assessment(
                        sentence,
                        decision.because() + announced(state),
                        refusal,
                        decision.then().is(Outcome.FINISH) ? Duration.ZERO : PAUSE)
                .by(decision.code());
        boolean isKnown = decision.then().is(Outcome.GO) || decision.then().is(Outcome.FINISH);
        return isKnown ? decided.to(decision.then().node()) : decided;
    }

    /** Returns the protection of commits until the old primary follows, where it is less than before. */
    private String announced(RoleChangeState state) {
        return ruling(state).is(Outcome.GO)
                ? followers
                        .protection(state, candidate(state))
                        .announced()
                        .map(a -> ". " + a)
                        .orElse("")
                : "";
    }

    private Plan decision(RoleChangeState state) {
        return RoleChangeDecision.refusal(where(), rule(state))
                .map(r -> Plan.refused(List.of(r)))
                .orElse(Plan.NOTHING);
    }

    private boolean isToStop(RoleChangeState state) {
        return ruling(state).is(Outcome.GO) && state.now().primary().isPresent();
    }

    /**
     * The present timeline ends with the switchover: afterwards no primary archives its own WAL on that timeline. A member that the
     * last stages start reads the archive.
     */
    private Plan setAside(RoleChangeState state) {
        return isToStop(state) || ruling(state).is(Outcome.FINISH) ? foreignWal.setAside(state.now()) : Plan.NOTHING;
    }

    private Plan prepare(RoleChangeState state) {
        if (!isToStop(state)) {
            return Plan.NOTHING;
        }
        MemberState primary = state.now().primary().orElseThrow();
        List<Step> steps = new ArrayList<>();
        // repeatedly planned steps are reported as unfinished, but a switchover that was reverted in time is not
        // incomplete
        if (primary.server().checkpointAge() >= HandoverSteps.YOUNG) {
            steps.add(handover.checkpoint(primary.node()));
        }
        MemberState candidate = candidate(state);
        steps.addAll(followers.readied(
                candidate,
                primary.node(),
                followers.protection(state, candidate).names(),
                candidate.node().id()));
        return Plan.of(steps);
    }

    private MemberState candidate(RoleChangeState state) {
        return state.member(ruling(state).node()).orElseThrow();
    }

    private Plan switchOver(RoleChangeState state) {
        if (ruling(state).is(Outcome.TAKE_BACK)) {
            MemberState stopped = state.member(ruling(state).node()).orElseThrow();
            return Plan.of(
                    List.of(handover.takenBack(state, stopped, rule(state).because())));
        }
        if (!isToStop(state)) {
            return Plan.NOTHING;
        }
        List<Step> steps = new ArrayList<>();
        proxySteps
                .paused(state.now(), state.now().primary().orElseThrow().name())
                .ifPresent(steps::add);
        steps.add(handover.stopped(state, candidate(state), rule(state).because()));
        return Plan.of(steps);
    }

    private Plan promote(RoleChangeState state) {
        SwitchoverDecision now = new SwitchoverDecision(state, request);
        if (isToStop(state)) {
            String member = ruling(state).node();
            return new Plan(
                    List.of(),
                    List.of(),
                    List.of(
                            "then a standby with all WAL, now " + member + ", is promoted and accepts the writes",
                            "then the other members follow the new primary, the old primary returns as a standby, and stale slots are dropped"));
        }
        if (!ruling(state).is(Outcome.GO)
                || now.stopped().isEmpty()
                || now.successor().isEmpty()) {
            return Plan.NOTHING;
        }
        MemberState candidate = now.successor().get();
        Node left = now.stopped().get().node();
        List<Step> steps = new ArrayList<>(followers.readied(
                candidate, left, followers.protection(state, candidate).names(), cluster.name()));
        handover.renamed(state, now.stopped().get(), candidate).ifPresent(steps::add);
        probes.promotes(candidate.name());
        steps.add(Step.on(cluster.name(), "Promote " + candidate.name())
                .because(rule(state).because())
                .risk(Risk.PAUSE)
                .type(actions.promote(candidate.node()))
                .until(until.leads(candidate.node()), PROMOTION));
        proxySteps
                .opened(state.now(), candidate.name(), candidate.name() + " is primary now")
                .ifPresent(steps::add);
        steps.addAll(followers.repointed(state, candidate));
        return Plan.of(steps);
    }
}
