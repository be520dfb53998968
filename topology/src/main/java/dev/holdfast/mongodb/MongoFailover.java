package dev.holdfast.mongodb;

import dev.holdfast.engine.Maneuver;
import dev.holdfast.engine.Order;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Act;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Rule;
import dev.holdfast.plan.Rule.Decision;
import dev.holdfast.plan.Runbook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The failover of a set: done by the set itself wherever it can, and by force only when it is asked for and safe to do. */
final class MongoFailover {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final LoneSet set;
    private final Order order;

    private MongoFailover(LoneSet set, Order order) {
        this.set = set;
        this.order = order;
    }

    static Maneuver<RoleSeen> of(Topology topology, MongoCluster cluster, Order order) {
        MongoFailover move = new MongoFailover(LoneSet.of(topology, cluster, order), order);
        Runbook<RoleSeen> book = new Runbook<>(
                cluster.name(),
                "Fail over " + move.set.name(),
                world -> RoleSeen.look(world, move.set),
                List.of(
                        new Act<>("fence", seen -> move.plan(seen, ForcedFailover::fence)),
                        new Act<>("force", seen -> move.plan(seen, ForcedFailover::force))));
        return new Maneuver<>(book, move::decide);
    }

    private Maneuver.Decided decide(RoleSeen seen) {
        FailoverCase deed = FailoverCase.of(seen, order);
        Decision<Ruling> decision = Rule.decide(FailoverRules.TABLE, deed);
        String sentence = deed.survivor()
                .map(s -> "give up " + Standing.names(deed.lost()) + " and make "
                        + s.node().id() + " primary")
                .orElse("");
        return Ruling.told(set.name(), sentence, decision, PAUSE);
    }

    private Plan plan(RoleSeen seen, Function<ForcedFailover, Plan> part) {
        FailoverCase deed = FailoverCase.of(seen, order);
        Decision<Ruling> decision = Rule.decide(FailoverRules.TABLE, deed);
        return switch (decision.then().kind()) {
            case NOTHING -> new Plan(List.of(), List.of(), notes(seen, decision.because()));
            case GO ->
                part.apply(new ForcedFailover(seen, deed, seen.mongo().logins().admin()));
            case REFUSED ->
                Plan.refused(List.of(new Refusal(
                        set.name(),
                        decision.because(),
                        decision.then().hint(),
                        decision.then().exit())));
        };
    }

    private static List<String> notes(RoleSeen seen, String because) {
        List<String> notes = new ArrayList<>(List.of(because));
        seen.traces().forEach((node, traces) -> {
            if (!traces.fenced().isEmpty()) {
                notes.add(node.id() + " is fenced (" + traces.fenced() + "); holdfast rejoin " + node.id()
                        + " brings it back");
            }
        });
        return notes;
    }
}
