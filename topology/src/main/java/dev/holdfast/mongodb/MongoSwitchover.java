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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * The planned move of a set's primary. Whom the first look chose stays chosen, so that looking again once it is primary
 * finds nothing to do.
 */
final class MongoSwitchover {

    /** Measured with a writer of w: majority: from the last acknowledged write of the old primary to the first of the new. */
    private static final Duration PAUSE = Duration.ofMillis(300);

    private final LoneSet set;
    private final Set<String> overrides;
    private final AtomicReference<String> to;

    private MongoSwitchover(LoneSet set, Order order) {
        this.set = set;
        this.overrides = order.overrides();
        this.to = new AtomicReference<>(order.to().orElse(null));
    }

    static Maneuver<MongoSeen> of(Topology topology, MongoCluster cluster, Order order) {
        MongoSwitchover move = new MongoSwitchover(LoneSet.of(topology, cluster, order), order);
        Runbook<MongoSeen> book = new Runbook<>(
                cluster.name(),
                "Switch over " + move.set.name(),
                world -> MongoLook.at(world, move.set.topology(), move.set.cluster()),
                List.of(
                        new Act<>("candidate", seen -> move.plan(seen, Handover::catchUp)),
                        new Act<>("handover", seen -> move.plan(seen, Handover::handOver))));
        return new Maneuver<>(book, move::decide);
    }

    private SwitchoverCase deed(MongoSeen seen) {
        SwitchoverCase deed = SwitchoverCase.of(seen, seen.seat(), Optional.ofNullable(to.get()), overrides);
        deed.candidate().ifPresent(c -> to.compareAndSet(null, c.name()));
        return deed;
    }

    private Maneuver.Decided decide(MongoSeen seen) {
        SwitchoverCase deed = deed(seen);
        Decision<Ruling> decision = Rule.decide(SwitchoverRules.TABLE, deed);
        String sentence =
                deed.candidate().map(c -> "make " + c.node().id() + " primary").orElse("");
        return Ruling.told(set.name(), sentence, decision, PAUSE);
    }

    private Plan plan(MongoSeen seen, Function<Handover, Plan> part) {
        SwitchoverCase deed = deed(seen);
        Decision<Ruling> decision = Rule.decide(SwitchoverRules.TABLE, deed);
        return switch (decision.then().kind()) {
            case NOTHING -> new Plan(List.of(), List.of(), List.of(decision.because()));
            case GO -> part.apply(new Handover(deed, seen.logins().admin()));
            case REFUSED ->
                Plan.refused(List.of(new Refusal(
                        set.name(),
                        decision.because(),
                        decision.then().hint(),
                        decision.then().exit())));
        };
    }
}
