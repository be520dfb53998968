package dev.holdfast.postgres;

import dev.holdfast.engine.Maneuver;
import dev.holdfast.engine.Maneuver.Decided;
import dev.holdfast.engine.Order;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Act;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Rule.Decision;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.Ruling.Way;
import dev.holdfast.world.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Brings a member back that was left behind: see {@link ComingBack} for the way, {@link RejoinCase} for the decision. */
final class PostgresRejoin {

    private static final Duration FENCING = Duration.ofSeconds(60);

    private final PostgresCluster cluster;
    private final String name;
    private final TakeoverProbes probes;
    private final TakeoverTyping typing;
    private final TakeoverUntil until;
    private final Entrances entrances;
    private final ComingBack comingBack;
    private final Followers followers;

    private PostgresRejoin(Topology topology, PostgresCluster cluster, String name) {
        this.cluster = cluster;
        this.name = name;
        this.typing = new TakeoverTyping(topology, cluster);
        this.probes = TakeoverProbes.patient(topology, cluster);
        this.until = new TakeoverUntil(probes, typing);
        this.entrances = new Entrances(cluster, typing, until);
        this.comingBack = new ComingBack(cluster, typing, until);
        this.followers = new Followers(topology, cluster, typing, until, false);
    }

    static Maneuver<TakeoverSeen> maneuver(Topology topology, PostgresCluster cluster, Order order) {
        PostgresRejoin rejoin = new PostgresRejoin(topology, cluster, order.to().orElse(""));
        return new Maneuver<>(rejoin.book(), rejoin::decided);
    }

    private Runbook<TakeoverSeen> book() {
        List<Act<TakeoverSeen>> acts = new ArrayList<>();
        acts.add(new Act<>("decision", this::decision));
        acts.add(new Act<>("fence", this::fence));
        acts.addAll(followers.before());
        acts.add(new Act<>("return", this::comeBack));
        acts.addAll(followers.acts(seen -> decide(seen).then().is(Way.FINISH)));
        return new Runbook<>(cluster.name(), "bring " + name + " back into " + cluster.name(), probes::look, acts);
    }

    private Decision<Ruling> decide(TakeoverSeen seen) {
        return new RejoinCase(seen, name).decision();
    }

    private String where() {
        return cluster.name() + "/" + PostgresCluster.SERVERS;
    }

    private Decided decided(TakeoverSeen seen) {
        Decision<Ruling> decision = decide(seen);
        Optional<Refusal> refusal = Ruling.refusal(where(), decision);
        String sentence = switch (decision.then().way()) {
            case FENCE -> "fence " + name + ", keep what only it has, and bring it back as a standby";
            case FOLLOW -> "start " + name + " as a standby, without a rewind";
            case REWIND -> "keep what only " + name + " has, rewind it and start it as a standby";
            case CLONE -> "keep the folder of " + name + " aside and clone it anew";
            default -> "nothing is done";
        };
        return new Decided(sentence, decision.because(), refusal, Duration.ZERO);
    }

    private Plan decision(TakeoverSeen seen) {
        return Ruling.refusal(where(), decide(seen))
                .map(r -> Plan.refused(List.of(r)))
                .orElse(Plan.NOTHING);
    }

    /** One that is primary beside its successor: no entrance leads to it, and nothing of it runs. */
    private Plan fence(TakeoverSeen seen) {
        Decision<Ruling> decision = decide(seen);
        if (!decision.then().is(Way.FENCE)) {
            return Plan.NOTHING;
        }
        MemberSeen member = seen.member(name).orElseThrow();
        String successor = new RejoinCase(seen, name).successor().orElseThrow().name();
        List<Action> actions = new ArrayList<>(entrances.open(seen.now(), successor));
        actions.add(typing.fence(
                member.node(),
                new Fence(
                        Fence.FAILOVER, member.timeline(), successor, seen.at().toString())));
        return Plan.of(List.of(Step.on(cluster.name(), "Send writes to " + successor + " and fence " + name)
                .because(decision.because())
                .risk(Risk.PAUSE)
                .type(actions)
                .until(until.isFenced(member.member()), FENCING)));
    }

    private Plan comeBack(TakeoverSeen seen) {
        Decision<Ruling> decision = decide(seen);
        Way way = decision.then().way();
        if (way != Way.FOLLOW && way != Way.REWIND && way != Way.CLONE) {
            return Plan.NOTHING;
        }
        MemberSeen member = seen.member(name).orElseThrow();
        return Plan.of(comingBack.steps(seen.now(), member, way, decision.because()));
    }
}
