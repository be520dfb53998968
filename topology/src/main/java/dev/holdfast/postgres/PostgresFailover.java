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
import dev.holdfast.postgres.PostgresCluster.Proxy;
import dev.holdfast.postgres.Ruling.Way;
import dev.holdfast.world.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Gives the primary's part to a standby when the primary is lost.
 *
 * <ol>
 *   <li>Lost is: several real queries stayed without an answer, or its host says that its process is gone; never a port.
 *   <li>The entrances are closed, and it is fenced on its host: every process in its folder ended, its start forbidden.
 *       Meanwhile whoever shall be promoted is made ready: slots for the others, and commits there wait for nobody who is gone.
 *   <li>Proof: a write is tried on every route, and none takes it.
 *   <li>Whoever holds every acknowledged commit is promoted. Writes go to it; standbys that are not ahead of it follow it at
 *       the same time, since its commits wait for them.
 *   <li>What follows from it: see {@link Followers}; a checkpoint, so that members that were left behind can be rewound.
 * </ol>
 *
 * Where its host does not answer a person says that it is off; then nobody may get an answer through any entrance first.
 *
 * <p>Invariants: nobody is promoted before the old primary is fenced; nobody who may lack acknowledged commits without
 * {@code --accept-data-loss}.
 */
final class PostgresFailover {

    /**
     * From its detection on: of thirty under a writer, on two cores, the longest took 0.9 s ({@code scripts/bench failover}); where
     * starting a program takes three times as long, more.
     */
    static final Duration PAUSE = Duration.ofSeconds(2);

    private static final Duration MOMENT = Duration.ofSeconds(15);
    private static final Duration FENCING = Duration.ofSeconds(60);
    private static final Duration PROMOTION = Duration.ofSeconds(30);
    private static final Duration CHECKPOINT = Duration.ofMinutes(10);

    private final PostgresCluster cluster;
    private final Order order;
    private final TakeoverTyping typing;
    private final TakeoverProbes probes;
    private final TakeoverUntil until;
    private final Entrances entrances;
    private final Followers followers;

    private PostgresFailover(Topology topology, PostgresCluster cluster, Order order) {
        this.cluster = cluster;
        this.order = order;
        this.typing = new TakeoverTyping(topology, cluster);
        this.probes = new TakeoverProbes(topology, cluster, order.to());
        this.until = new TakeoverUntil(probes, typing);
        this.entrances = new Entrances(cluster, typing, until);
        this.followers = new Followers(topology, cluster, typing, until, false);
    }

    static Maneuver<TakeoverSeen> maneuver(Topology topology, PostgresCluster cluster, Order order) {
        PostgresFailover failover = new PostgresFailover(topology, cluster, order);
        return new Maneuver<>(failover.book(), failover::decided, ArchivePlan.continuity(topology, cluster));
    }

    private Runbook<TakeoverSeen> book() {
        List<Act<TakeoverSeen>> acts = new ArrayList<>(List.of(
                new Act<>("decision", this::decision),
                new Act<>("fence", this::fence),
                new Act<>("promotion", this::promote)));
        acts.addAll(followers.acts(this::isDone));
        acts.add(new Act<>("checkpoint", this::checkpoint));
        return new Runbook<>(
                cluster.name(), "give the primary's part of " + cluster.name() + " to another", probes::look, acts);
    }

    private FailoverCase now(TakeoverSeen seen) {
        return new FailoverCase(seen, order);
    }

    private boolean isDone(TakeoverSeen seen) {
        return now(seen).decision().then().is(Way.FINISH);
    }

    private boolean isToGo(TakeoverSeen seen) {
        return now(seen).decision().then().is(Way.GO);
    }

    private String where() {
        return cluster.name() + "/" + PostgresCluster.SERVERS;
    }

    private Decided decided(TakeoverSeen seen) {
        Decision<Ruling> decision = now(seen).decision();
        Optional<Refusal> refusal = Ruling.refusal(where(), decision);
        String sentence = switch (decision.then().way()) {
            case GO ->
                "fence " + now(seen).lost().name() + " and promote "
                        + decision.then().who();
            case FINISH -> decision.then().who() + " is primary; only what follows from it is left";
            default -> "nothing is done";
        };
        Duration pause = decision.then().is(Way.FINISH) ? Duration.ZERO : PAUSE;
        return new Decided(
                sentence, decision.because(), refusal, pause, now(seen).mostLost());
    }

    private Plan decision(TakeoverSeen seen) {
        return Ruling.refusal(where(), now(seen).decision())
                .map(r -> Plan.refused(List.of(r)))
                .orElse(Plan.NOTHING);
    }

    private Plan fence(TakeoverSeen seen) {
        if (isToGo(seen) && now(seen).lost().isOutOfReach()) {
            return fencedByHand(seen);
        }
        if (!isToGo(seen) || isFenced(seen)) {
            return Plan.NOTHING;
        }
        MemberSeen lost = now(seen).lost();
        List<Action> actions = new ArrayList<>(entrances.closed(seen.now()));
        actions.add(typing.fence(lost.node(), mark(seen)));
        List<Step> steps = new ArrayList<>(List.of(
                Step.on(cluster.name(), "Close the entrances and fence " + lost.name())
                        .because(now(seen).decision().because())
                        .risk(Risk.PAUSE)
                        .typeAtOnce(actions)
                        .until(until.isFenced(lost.member()), FENCING),
                proven(seen)));
        MemberSeen candidate = candidate(seen);
        steps.addAll(followers.readied(
                seen, candidate, now(seen).lost().node(), candidate.node().id()));
        return Plan.of(steps);
    }

    private MemberSeen candidate(TakeoverSeen seen) {
        return seen.member(now(seen).decision().then().who()).orElseThrow();
    }

    /** A person says that it is off: whoever still gets an answer through an entrance proves that it is not. */
    private Plan fencedByHand(TakeoverSeen seen) {
        MemberSeen lost = now(seen).lost();
        List<Proxy> open = entrances.thatLetIn(seen.now());
        if (open.isEmpty()) {
            return Plan.NOTHING;
        }
        return Plan.of(List.of(
                Step.on(cluster.name(), "Ask through every entrance whether " + lost.name() + " is really off")
                        .because("its host does not answer here, and it was said to be fenced by hand; a proxy may"
                                + " still reach it")
                        .until(
                                until.nobodyAnswers(
                                        open.stream().map(Proxy::node).toList()),
                                MOMENT),
                Step.on(cluster.name(), "Close the entrances")
                        .because("until another is primary they lead to " + lost.name())
                        .risk(Risk.PAUSE)
                        .type(entrances.closed(seen.now()))
                        .until(until.route(open, List.of()), MOMENT)));
    }

    /** Fenced by this or an earlier run, or by hand where its host is out of reach. */
    private boolean isFenced(TakeoverSeen seen) {
        MemberSeen lost = now(seen).lost();
        return lost.isOutOfReach()
                || lost.isDown()
                        && !lost.disk().marks().containsKey("left")
                        && lost.disk().fence().filter(f -> !f.isSwitchover()).isPresent();
    }

    private Fence mark(TakeoverSeen seen) {
        int timeline =
                seen.standbys().stream().mapToInt(MemberSeen::timeline).max().orElse(0);
        return new Fence(
                Fence.FAILOVER,
                Math.max(timeline, now(seen).lost().timeline()),
                now(seen).decision().then().who(),
                seen.at().toString());
    }

    private Step proven(TakeoverSeen seen) {
        MemberSeen lost = now(seen).lost();
        List<Node> routes = new ArrayList<>(List.of(lost.node()));
        Entrances.proxies(seen.now()).stream().map(Proxy::node).forEach(routes::add);
        return Step.on(cluster.name(), "Try a write on every route to " + lost.name())
                .because("nobody is promoted while any route still takes writes")
                .until(until.writesAreRefused(routes), MOMENT);
    }

    private Plan promote(TakeoverSeen seen) {
        if (!isToGo(seen)) {
            return Plan.NOTHING;
        }
        MemberSeen candidate = candidate(seen);
        if (!isFenced(seen)) {
            return new Plan(
                    List.of(),
                    List.of(),
                    List.of("then " + candidate.name() + " is promoted and gets the writes, and the others follow it"));
        }
        List<Step> steps = new ArrayList<>();
        steps.addAll(followers.readied(seen, candidate, now(seen).lost().node(), cluster.name()));
        steps.add(Step.on(cluster.name(), "Promote " + candidate.name())
                .because(now(seen).decision().because())
                .risk(order.acceptDataLoss() ? Risk.DANGER : Risk.PAUSE)
                .type(typing.promote(candidate.node()))
                .until(until.leads(candidate.node()), PROMOTION));
        entrances
                .opened(seen.now(), candidate.name(), candidate.name() + " is primary now")
                .ifPresent(steps::add);
        steps.addAll(followers.repointed(seen, candidate));
        return Plan.of(steps);
    }

    private Plan checkpoint(TakeoverSeen seen) {
        if (!isDone(seen)) {
            return Plan.NOTHING;
        }
        MemberSeen primary = seen.now().primary().orElseThrow();
        List<String> notes = Repository.of(cluster)
                .map(r -> "every backup made so far is of an earlier timeline than " + primary.timeline()
                        + ": make a new one with holdfast backup run " + cluster.name())
                .stream()
                .toList();
        if (primary.server().controlTimeline() == primary.server().timeline()) {
            return new Plan(List.of(), List.of(), notes);
        }
        String left =
                seen.now().others().filter(m -> !m.isUp()).map(MemberSeen::name).collect(Collectors.joining(", "));
        return new Plan(
                List.of(Step.on(
                                primary.node().id(),
                                "Write the timeline of " + primary.name() + " into its control file")
                        .because("until then nobody can be rewound to it"
                                + (left.isEmpty() ? "" : ", and " + left + " may have to be"))
                        .type(typing.checkpoint(primary.node()))
                        .until(until.controlFileShowsItsTimeline(primary.node()), CHECKPOINT)),
                List.of(),
                notes);
    }
}
