package dev.holdfast.postgres.rolechange;

import dev.holdfast.engine.Operation;
import dev.holdfast.engine.Operation.Assessment;
import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.execution.Action;
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
import dev.holdfast.postgres.configuration.ServerConfiguration;
import dev.holdfast.postgres.probe.RoleChangeConditions;
import dev.holdfast.postgres.probe.RoleChangeProbe;
import dev.holdfast.postgres.rolechange.RoleChangeDecision.Outcome;
import dev.holdfast.postgres.state.FenceMark;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.RoleChangeState;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Hands the primary's part over in a planned way: without loss, or not at all.
 *
 * <ol>
 *   <li>Outside the pause: a checkpoint, so that the stop is short; on the candidate slots for all others, and commits there
 *       will wait for the other synchronous standbys.
 *   <li>The clients of PgBouncers wait, once their transactions under way have ended; when one does not, they go on and nothing
 *       was changed. The other entrances are closed and their sessions ended; the primary is stopped, and marked so that nobody starts it.
 *   <li>Proof: its control file says "shut down", and a standby has log past the beginning of its last record. When that does
 *       not come in time, the old primary is started again and the entrances are opened to it.
 *   <li>Only now it is decided who takes over: among those with that proof. It is promoted; writes go to it; the other
 *       synchronous standbys follow it at the same time.
 *   <li>What follows from it: see {@link PostPromotionStages}.
 * </ol>
 *
 * Invariant: nobody is promoted who lacks the last record of the old primary's log.
 */
public final class SwitchoverOperation {

    /**
     * Of ten under a writer, on two cores, the longest took 0.8 s ({@code scripts/bench failover}); where starting a program takes
     * three times as long, a few took up to 5 s.
     */
    static final Duration PAUSE = Duration.ofSeconds(2);

    /** A checkpoint this young needs no other before a stop, in seconds. */
    private static final double YOUNG = 30;

    private static final Duration MOMENT = Duration.ofSeconds(15);
    private static final Duration CHECKPOINT = Duration.ofMinutes(10);
    /** A repository that does not answer delays a promotion by up to {@link ServerConfiguration#GET_SECONDS}. */
    private static final Duration PROMOTION = Duration.ofSeconds(60);

    private static final Duration RESTART = Duration.ofMinutes(5);

    private final PostgresCluster cluster;
    private final RoleChangeRequest order;
    private final RoleChangeActions typing;
    private final RoleChangeProbe probes;
    private final RoleChangeConditions until;
    private final ProxyTrafficSteps entrances;
    private final PostPromotionStages followers;
    private final AtomicReference<String> finishing = new AtomicReference<>();
    private final AtomicBoolean begun = new AtomicBoolean();

    private SwitchoverOperation(Topology topology, PostgresCluster cluster, RoleChangeRequest order) {
        this.cluster = cluster;
        this.order = order;
        this.typing = new RoleChangeActions(topology, cluster);
        this.probes = new RoleChangeProbe(topology, cluster);
        this.until = new RoleChangeConditions(probes, typing);
        this.entrances = new ProxyTrafficSteps(cluster, typing, until);
        this.followers = new PostPromotionStages(topology, cluster, typing, until, true);
    }

    public static Operation<RoleChangeState> maneuver(
            Topology topology, PostgresCluster cluster, RoleChangeRequest order) {
        SwitchoverOperation switchover = new SwitchoverOperation(topology, cluster, order);
        return new Operation<>(switchover.book(), switchover::decided, ArchivingPlanner.continuity(topology, cluster));
    }

    private Runbook<RoleChangeState> book() {
        List<Stage<RoleChangeState>> acts = new ArrayList<>(List.of(
                new Stage<>("decision", this::decision),
                new Stage<>("preparation", this::prepare),
                new Stage<>("handover", this::handOver),
                new Stage<>("promotion", this::promote)));
        acts.addAll(followers.acts(seen -> ruling(seen).is(Outcome.FINISH)));
        return new Runbook<>(cluster.name(), "hand the primary's part over in " + cluster.name(), probes::look, acts);
    }

    /** A run that has found a change to finish goes on finishing that one, however the cluster looks afterwards. */
    private Decision<RoleChangeDecision> rule(RoleChangeState seen) {
        boolean isFirst =
                order.to().isEmpty() && !begun.get() && seen.now().primary().isPresent();
        if (isFirst && followers.isOwing(seen.now())) {
            finishing.compareAndSet(null, seen.now().primary().orElseThrow().name());
        }
        Optional<String> to = order.to().or(() -> Optional.ofNullable(finishing.get()));
        RoleChangeRequest now = new RoleChangeRequest(order.group(), to, order.acceptDataLoss(), order.overrides());
        Decision<RoleChangeDecision> decision = new SwitchoverDecision(seen, now).decision();
        if (decision.then().is(Outcome.FINISH)) {
            finishing.compareAndSet(null, decision.then().who());
        }
        begun.set(true);
        return decision;
    }

    private RoleChangeDecision ruling(RoleChangeState seen) {
        return rule(seen).then();
    }

    private String where() {
        return cluster.name() + "/" + PostgresCluster.SERVERS;
    }

    private Assessment decided(RoleChangeState seen) {
        Decision<RoleChangeDecision> decision = rule(seen);
        Optional<Refusal> refusal = RoleChangeDecision.refusal(where(), decision);
        String sentence = switch (decision.then().way()) {
            case GO ->
                "hand the primary's part of " + cluster.name() + " from "
                        + seen.leaving().map(RoleChangeState.Leaving::name).orElse("nobody") + " to "
                        + decision.then().who();
            case TAKE_BACK -> "take the handover back: " + decision.then().who() + " goes on as primary";
            case FINISH -> decision.then().who() + " is primary; only what follows from it is left";
            default -> "nothing is done";
        };
        Assessment decided = new Assessment(
                sentence, decision.because(), refusal, decision.then().is(Outcome.FINISH) ? Duration.ZERO : PAUSE);
        boolean isKnown = decision.then().is(Outcome.GO) || decision.then().is(Outcome.FINISH);
        return isKnown ? decided.to(decision.then().who()) : decided;
    }

    private Plan decision(RoleChangeState seen) {
        return RoleChangeDecision.refusal(where(), rule(seen))
                .map(r -> Plan.refused(List.of(r)))
                .orElse(Plan.NOTHING);
    }

    private boolean isToStop(RoleChangeState seen) {
        return ruling(seen).is(Outcome.GO) && seen.now().primary().isPresent();
    }

    private Plan prepare(RoleChangeState seen) {
        if (!isToStop(seen)) {
            return Plan.NOTHING;
        }
        MemberState primary = seen.now().primary().orElseThrow();
        List<Step> steps = new ArrayList<>();
        // what is planned again and again is told as left undone, and a handover that gave up in time is not incomplete
        if (primary.server().checkpointAge() >= YOUNG) {
            steps.add(checkpoint(primary.node()));
        }
        MemberState candidate = candidate(seen);
        steps.addAll(followers.readied(
                candidate,
                primary.node(),
                followers.protection(seen, candidate).names(),
                candidate.node().id()));
        return Plan.of(steps);
    }

    private Step checkpoint(Node primary) {
        return Step.on(primary.id(), "Write a checkpoint on " + primary.name())
                .because("so that its stop is short")
                .type(typing.checkpoint(primary))
                .until(
                        until.server(
                                primary,
                                "its last checkpoint is younger than " + (int) YOUNG + " s",
                                s -> s.checkpointAge() < YOUNG,
                                s -> "it is " + s.checkpointAge() + " s old"),
                        CHECKPOINT);
    }

    private MemberState candidate(RoleChangeState seen) {
        return seen.member(ruling(seen).who()).orElseThrow();
    }

    private Plan handOver(RoleChangeState seen) {
        if (ruling(seen).is(Outcome.TAKE_BACK)) {
            MemberState stopped = seen.member(ruling(seen).who()).orElseThrow();
            return Plan.of(List.of(takenBack(seen, stopped)));
        }
        if (!isToStop(seen)) {
            return Plan.NOTHING;
        }
        List<Step> steps = new ArrayList<>();
        entrances.paused(seen.now(), seen.now().primary().orElseThrow().name()).ifPresent(steps::add);
        steps.add(stopped(seen));
        return Plan.of(steps);
    }

    private Step stopped(RoleChangeState seen) {
        MemberState primary = seen.now().primary().orElseThrow();
        MemberState candidate = candidate(seen);
        FenceMark fence = new FenceMark(
                FenceMark.SWITCHOVER,
                primary.timeline(),
                candidate.name(),
                seen.at().toString());
        List<Member> heirs = seen.standbys().stream()
                .map(MemberState::member)
                .filter(m -> m.part() != MemberRole.DR || m.node().name().equals(candidate.name()))
                .filter(m -> order.to().map(m.node().name()::equals).orElse(true))
                .toList();
        List<Action> mend = undone(seen, primary);
        return Step.on(cluster.name(), "Close the entrances and stop " + primary.name())
                .because(rule(seen).because())
                .risk(Risk.PAUSE)
                .typeAtOnce(entrances.closedBehindPause(seen.now()), typing.stepDown(primary.node(), fence))
                .mend(mend.toArray(Action[]::new))
                .until(until.hasStopped(primary.member(), heirs), RoleChangeActions.STOP);
    }

    private List<Action> undone(RoleChangeState seen, MemberState primary) {
        List<Action> mend = new ArrayList<>();
        mend.add(typing.resume(primary.node()));
        mend.add(typing.plain().start(primary, primary.major()));
        mend.addAll(entrances.open(seen.now(), primary.name()));
        return mend;
    }

    private Step takenBack(RoleChangeState seen, MemberState stopped) {
        return Step.on(cluster.name(), "Start " + stopped.name() + " again as primary")
                .because(rule(seen).because())
                .risk(Risk.PAUSE)
                .type(undone(seen, stopped))
                .until(until.leads(stopped.node()), RESTART);
    }

    private Plan promote(RoleChangeState seen) {
        SwitchoverDecision now = new SwitchoverDecision(seen, order);
        if (isToStop(seen)) {
            String who = ruling(seen).who();
            return new Plan(
                    List.of(),
                    List.of(),
                    List.of(
                            "then whoever has all of the log, " + who
                                    + " by what is seen now, is promoted and gets the writes",
                            "then the others follow it by a reload, the old primary comes back as a standby without a rewind,"
                                    + " stale slots are dropped, and commits wait for those that follow"));
        }
        if (now.stopped().isEmpty() || now.heir().isEmpty()) {
            return Plan.NOTHING;
        }
        MemberState heir = now.heir().get();
        Node left = now.stopped().get().node();
        List<Step> steps = new ArrayList<>(
                followers.readied(heir, left, followers.protection(seen, heir).names(), cluster.name()));
        steps.add(Step.on(cluster.name(), "Promote " + heir.name())
                .because(rule(seen).because())
                .risk(Risk.PAUSE)
                .type(typing.promote(heir.node()))
                .until(until.leads(heir.node()), PROMOTION));
        entrances
                .opened(seen.now(), heir.name(), heir.name() + " is primary now")
                .ifPresent(steps::add);
        steps.addAll(followers.repointed(seen, heir));
        return Plan.of(steps);
    }
}
