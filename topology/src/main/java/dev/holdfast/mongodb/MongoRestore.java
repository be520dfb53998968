package dev.holdfast.mongodb;

import dev.holdfast.backup.RestoreOrder;
import dev.holdfast.engine.Footing;
import dev.holdfast.engine.Maneuver;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.MongoCluster.MongoSet;
import dev.holdfast.plan.Act;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Rule;
import dev.holdfast.plan.Rule.Decision;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Step;
import dev.holdfast.world.World;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;

/** Brings a cluster back to a moment, on servers that nobody uses until it was verified. */
final class MongoRestore {

    private final RestoreTarget target;
    private final Repository repository;
    private final String source;
    private final List<MongoSet> sets;
    private final RestoreOrder order;
    /** What was found at the first look; a moment does not change while it is brought back. */
    private final AtomicReference<Wish> found = new AtomicReference<>();

    private MongoRestore(Topology topology, MongoCluster cluster, RestoreOrder order) {
        Topology from = order.into() instanceof RestoreOrder.Elsewhere elsewhere ? elsewhere.source() : topology;
        MongoCluster original = (MongoCluster) from.cluster(cluster.name()).orElse(cluster);
        this.target = RestoreTarget.of(topology, cluster, order);
        this.repository = Repository.of(from, original);
        this.source = from.name() + "/" + cluster.name();
        this.sets = original.allSets();
        this.order = order;
    }

    static Maneuver<RestoreSeen> of(Topology topology, MongoCluster cluster, RestoreOrder order) {
        MongoRestore restore = new MongoRestore(topology, cluster, order);
        Runbook<RestoreSeen> book = new Runbook<>(
                cluster.name(),
                "Bring " + cluster.name() + " back to " + order.moment().shown(),
                restore::look,
                List.of(
                        new Act<>("replay", restore.when(seen -> restore.sets(seen, SetReturn::replay))),
                        new Act<>("identity", restore.when(seen -> restore.sets(seen, SetReturn::identity))),
                        new Act<>("copies", restore.when(seen -> restore.sets(seen, SetReturn::spread))),
                        new Act<>("members", restore.when(seen -> new ReturnedCluster(seen).members())),
                        new Act<>("sets", restore.when(seen -> new ReturnedCluster(seen).sets())),
                        new Act<>("passwords", restore.when(seen -> new ReturnedCluster(seen).passwords())),
                        new Act<>("routers", restore.when(seen -> new ReturnedCluster(seen).routers())),
                        new Act<>("proof", restore.when(seen -> new ReturnedCluster(seen).proof()))));
        return new Maneuver<>(book, restore::decide);
    }

    /** Ends the scratch servers and removes their folders. */
    static Runbook<MongoSeen> discard(Topology topology, MongoCluster cluster, String label) {
        RestoreTarget target = RestoreTarget.beside(topology, cluster, label);
        return MongoDestroy.of(target.topology(), target.cluster());
    }

    /** Each set's server of a restore beside, by the set's name; empty unless all of them answer. */
    static Map<String, Node> beside(World world, Topology topology, MongoCluster cluster, String label) {
        List<MongoSet> sets =
                RestoreTarget.beside(topology, cluster, label).cluster().allSets();
        Map<String, Node> servers = new LinkedHashMap<>();
        sets.forEach(set -> MongoUntil.primary(world, set).ifPresent(p -> servers.put(set.name(), p)));
        return servers.size() == sets.size() ? servers : Map.of();
    }

    private RestoreSeen look(World world) {
        Stock stock = Stock.look(world, repository, sets);
        Wish wish = found.get();
        if (wish == null) {
            wish = new Wishes(world, stock, source).find(order.moment());
            found.set(wish);
        }
        List<Node> nodes = target.cluster().nodes();
        Map<Node, Footing> footings =
                Footing.look(world, target.topology().name(), nodes, MongoServer::pidFile, List.of());
        Map<Node, Doc> hellos = new LinkedHashMap<>();
        List<Doc> told = MongoProbes.hellos(world, nodes);
        for (int i = 0; i < nodes.size(); i++) {
            boolean inSet = nodes.get(i).kind() == Node.Kind.MONGOS
                    || !told.get(i).text("setName").isEmpty();
            hellos.put(nodes.get(i), inSet ? told.get(i) : Doc.EMPTY);
        }
        return new RestoreSeen(world.now(), target, stock, wish, footings, RestoreSeen.progress(world, nodes), hellos);
    }

    private Maneuver.Decided decide(RestoreSeen seen) {
        Decision<Ruling> decision = Rule.decide(RestoreRules.TABLE, seen);
        String deed = "bring " + source + " back to " + seen.wish().moment() + " on " + target.shown();
        return Ruling.told(source, deed, decision, Duration.ZERO);
    }

    private Function<RestoreSeen, Plan> when(Function<RestoreSeen, Plan> part) {
        return seen -> {
            Decision<Ruling> decision = Rule.decide(RestoreRules.TABLE, seen);
            return switch (decision.then().kind()) {
                case GO -> part.apply(seen);
                case NOTHING -> Plan.NOTHING;
                case REFUSED ->
                    Plan.refused(List.of(new Refusal(
                            source,
                            decision.because(),
                            decision.then().hint(),
                            decision.then().exit())));
            };
        };
    }

    private Plan sets(RestoreSeen seen, Function<SetReturn, List<Step>> part) {
        return Plan.of(target.cluster().allSets().stream()
                .flatMap(s -> seen.wish().picks().containsKey(s.name())
                        ? part.apply(new SetReturn(seen, s)).stream()
                        : Stream.empty())
                .toList());
    }
}
