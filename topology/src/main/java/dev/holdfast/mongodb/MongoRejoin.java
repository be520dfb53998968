package dev.holdfast.mongodb;

import dev.holdfast.engine.Maneuver;
import dev.holdfast.engine.Order;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Topology;
import dev.holdfast.model.Trouble;
import dev.holdfast.mongodb.Traces.LaidAside;
import dev.holdfast.plan.Act;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Rule;
import dev.holdfast.plan.Rule.Decision;
import dev.holdfast.plan.Runbook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The way back of a member that a failover or an outage has left behind. */
final class MongoRejoin {

    private final LoneSet set;
    private final String name;

    private MongoRejoin(LoneSet set, String name) {
        this.set = set;
        this.name = name;
    }

    static Maneuver<RoleSeen> of(Topology topology, MongoCluster cluster, Order order) {
        LoneSet set = LoneSet.of(topology, cluster, order);
        String name = order.to()
                .orElseThrow(() -> new Trouble(
                        Exit.USAGE,
                        set.name(),
                        "a rejoin is of one member",
                        "name it: " + set.name() + "/"
                                + set.set().nodes().get(0).name()));
        MongoRejoin way = new MongoRejoin(set, name);
        Runbook<RoleSeen> book = new Runbook<>(
                cluster.name(),
                "Rejoin " + set.name() + "/" + name,
                world -> RoleSeen.look(world, set),
                List.of(
                        way.act("stop", Return::stop),
                        way.act("data", Return::setAside),
                        way.act("membership", Return::tell),
                        way.act("start", Return::start),
                        way.act("catch up", Return::catchUp),
                        way.act("rolled back", Return::layAside),
                        way.act("vote", Return::vote)));
        return new Maneuver<>(book, way::decide);
    }

    private Act<RoleSeen> act(String title, Function<Return, Plan> part) {
        return new Act<>(title, seen -> plan(seen, part));
    }

    private Maneuver.Decided decide(RoleSeen seen) {
        RejoinCase deed = RejoinCase.of(seen, name);
        Decision<Ruling> decision = Rule.decide(RejoinRules.TABLE, deed);
        return Ruling.told(
                set.name() + "/" + name, "bring " + set.name() + "/" + name + " back", decision, Duration.ZERO);
    }

    private Plan plan(RoleSeen seen, Function<Return, Plan> part) {
        RejoinCase deed = RejoinCase.of(seen, name);
        Decision<Ruling> decision = Rule.decide(RejoinRules.TABLE, deed);
        return switch (decision.then().kind()) {
            case NOTHING -> new Plan(List.of(), List.of(), notes(deed, decision.because()));
            case GO -> part.apply(new Return(seen, deed, seen.mongo().logins().admin()));
            case REFUSED -> Plan.refused(List.of(deed.refusal(decision.because(), decision.then())));
        };
    }

    private static List<String> notes(RejoinCase deed, String because) {
        List<String> notes = new ArrayList<>(List.of(because));
        List<LaidAside> documents = deed.traces().laidAside().stream()
                .filter(l -> !l.collection().startsWith("local."))
                .toList();
        if (!documents.isEmpty()) {
            long all = documents.stream().mapToLong(LaidAside::documents).sum();
            notes.add(all + (all == 1 ? " document was" : " documents were") + " rolled back on " + deed.name()
                    + " and kept; bsondump shows them");
            documents.forEach(d -> notes.add(d.toString()));
        }
        return notes;
    }
}
