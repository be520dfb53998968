package dev.holdfast.postgres;

import dev.holdfast.engine.Maneuver;
import dev.holdfast.engine.Maneuver.Decided;
import dev.holdfast.engine.Order;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Act;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Rule.Decision;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.PostgresCluster.Member;
import dev.holdfast.postgres.PostgresCluster.Part;
import dev.holdfast.postgres.Ruling.Way;
import dev.holdfast.world.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
 *   <li>What follows from it: see {@link Followers}.
 * </ol>
 *
 * Invariant: nobody is promoted who lacks the last record of the old primary's log.
 */
final class PostgresSwitchover {

    /**
     * Of ten under a writer, on two cores, the longest took 0.8 s ({@code scripts/bench failover}); where starting a program takes
     * three times as long, a few took up to 5 s.
     */
    static final Duration PAUSE = Duration.ofSeconds(2);

    /** A checkpoint this young needs no other before a stop, in seconds. */
    private static final double YOUNG = 30;

    private static final Duration MOMENT = Duration.ofSeconds(15);
    private static final Duration CHECKPOINT = Duration.ofMinutes(10);
    private static final Duration PROMOTION = Duration.ofSeconds(30);
    private static final Duration RESTART = Duration.ofMinutes(5);

    private final PostgresCluster cluster;
    private final Order order;
    private final TakeoverTyping typing;
    private final TakeoverProbes probes;
    private final TakeoverUntil until;
    private final Entrances entrances;
    private final Followers followers;

    private PostgresSwitchover(Topology topology, PostgresCluster cluster, Order order) {
        this.cluster = cluster;
        this.order = order;
        this.typing = new TakeoverTyping(topology, cluster);
        this.probes = new TakeoverProbes(topology, cluster);
        this.until = new TakeoverUntil(probes, typing);
        this.entrances = new Entrances(cluster, typing, until);
        this.followers = new Followers(topology, cluster, typing, until, true);
    }

    static Maneuver<TakeoverSeen> maneuver(Topology topology, PostgresCluster cluster, Order order) {
        PostgresSwitchover switchover = new PostgresSwitchover(topology, cluster, order);
        return new Maneuver<>(switchover.book(), switchover::decided, ArchivePlan.continuity(topology, cluster));
    }

    private Runbook<TakeoverSeen> book() {
        List<Act<TakeoverSeen>> acts = new ArrayList<>(List.of(
                new Act<>("decision", this::decision),
                new Act<>("preparation", this::prepare),
                new Act<>("handover", this::handOver),
                new Act<>("promotion", this::promote)));
        acts.addAll(followers.acts(seen -> ruling(seen).is(Way.FINISH)));
        return new Runbook<>(cluster.name(), "hand the primary's part over in " + cluster.name(), probes::look, acts);
    }

    private Decision<Ruling> rule(TakeoverSeen seen) {
        return new SwitchoverCase(seen, order).decision();
    }

    private Ruling ruling(TakeoverSeen seen) {
        return rule(seen).then();
    }

    private String where() {
        return cluster.name() + "/" + PostgresCluster.SERVERS;
    }

    private Decided decided(TakeoverSeen seen) {
        Decision<Ruling> decision = rule(seen);
        Optional<Refusal> refusal = Ruling.refusal(where(), decision);
        String sentence = switch (decision.then().way()) {
            case GO ->
                "hand the primary's part of " + cluster.name() + " from "
                        + seen.leaving().map(TakeoverSeen.Leaving::name).orElse("nobody") + " to "
                        + decision.then().who();
            case TAKE_BACK -> "take the handover back: " + decision.then().who() + " goes on as primary";
            case FINISH -> decision.then().who() + " is primary; only what follows from it is left";
            default -> "nothing is done";
        };
        return new Decided(
                sentence, decision.because(), refusal, decision.then().is(Way.FINISH) ? Duration.ZERO : PAUSE);
    }

    private Plan decision(TakeoverSeen seen) {
        return Ruling.refusal(where(), rule(seen))
                .map(r -> Plan.refused(List.of(r)))
                .orElse(Plan.NOTHING);
    }

    private boolean isToStop(TakeoverSeen seen) {
        return ruling(seen).is(Way.GO) && seen.now().primary().isPresent();
    }

    private Plan prepare(TakeoverSeen seen) {
        if (!isToStop(seen)) {
            return Plan.NOTHING;
        }
        MemberSeen primary = seen.now().primary().orElseThrow();
        List<Step> steps = new ArrayList<>();
        // what is planned again and again is told as left undone, and a handover that gave up in time is not incomplete
        if (primary.server().checkpointAge() >= YOUNG) {
            steps.add(checkpoint(primary.node()));
        }
        MemberSeen candidate = candidate(seen);
        steps.addAll(followers.readied(
                seen, candidate, primary.node(), candidate.node().id()));
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

    private MemberSeen candidate(TakeoverSeen seen) {
        return seen.member(ruling(seen).who()).orElseThrow();
    }

    private Plan handOver(TakeoverSeen seen) {
        if (ruling(seen).is(Way.TAKE_BACK)) {
            MemberSeen stopped = seen.member(ruling(seen).who()).orElseThrow();
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

    private Step stopped(TakeoverSeen seen) {
        MemberSeen primary = seen.now().primary().orElseThrow();
        MemberSeen candidate = candidate(seen);
        Fence fence = new Fence(
                Fence.SWITCHOVER,
                primary.timeline(),
                candidate.name(),
                seen.at().toString());
        List<Member> heirs = seen.standbys().stream()
                .map(MemberSeen::member)
                .filter(m -> m.part() != Part.DR || m.node().name().equals(candidate.name()))
                .filter(m -> order.to().map(m.node().name()::equals).orElse(true))
                .toList();
        List<Action> mend = undone(seen, primary);
        return Step.on(cluster.name(), "Close the entrances and stop " + primary.name())
                .because(rule(seen).because())
                .risk(Risk.PAUSE)
                .typeAtOnce(entrances.closedBehindPause(seen.now()), typing.stepDown(primary.node(), fence))
                .mend(mend.toArray(Action[]::new))
                .until(until.hasStopped(primary.member(), heirs), TakeoverTyping.STOP);
    }

    private List<Action> undone(TakeoverSeen seen, MemberSeen primary) {
        List<Action> mend = new ArrayList<>();
        mend.add(typing.resume(primary.node()));
        mend.add(typing.plain().start(primary, primary.major()));
        mend.addAll(entrances.open(seen.now(), primary.name()));
        return mend;
    }

    private Step takenBack(TakeoverSeen seen, MemberSeen stopped) {
        return Step.on(cluster.name(), "Start " + stopped.name() + " again as primary")
                .because(rule(seen).because())
                .risk(Risk.PAUSE)
                .type(undone(seen, stopped))
                .until(until.leads(stopped.node()), RESTART);
    }

    private Plan promote(TakeoverSeen seen) {
        SwitchoverCase now = new SwitchoverCase(seen, order);
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
        MemberSeen heir = now.heir().get();
        Node left = now.stopped().get().node();
        List<Step> steps = new ArrayList<>(followers.readied(seen, heir, left, cluster.name()));
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
