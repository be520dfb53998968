package dev.holdfast.mongodb;

import dev.holdfast.backup.Kind;
import dev.holdfast.backup.RestoreOrder;
import dev.holdfast.engine.Footing;
import dev.holdfast.engine.Maneuver;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.MongoCluster.MongoSet;
import dev.holdfast.mongodb.RestoreSeen.Progress;
import dev.holdfast.plan.Act;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Rule;
import dev.holdfast.plan.Rule.Decision;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Step;
import dev.holdfast.world.World;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Brings a cluster back to a moment, on servers that nobody uses until it was verified.
 *
 * <ol>
 *   <li>In place: clients are kept out, the members stopped and fenced, their data kept aside: see {@link RestoreInPlace}.
 *   <li>On one member of each set the moment is brought back: see {@link SetReturn} and {@link SetIdentity}.
 *   <li>Of these sets a cluster is made, and verified: see {@link ReturnedCluster}.
 *   <li>In place: a new copy is made, for the archive begins anew behind the moment.
 * </ol>
 */
final class MongoRestore {

    private final RestoreTarget target;
    private final Repository repository;
    private final String source;
    private final List<MongoSet> sets;
    private final RestoreOrder order;
    /** What was found at the first look; a moment does not change while it is brought back. */
    private final AtomicReference<Wish> found = new AtomicReference<>();
    /** What the repository held then; what is brought back is chosen from it. */
    private final AtomicReference<Stock> stock = new AtomicReference<>();
    /** What was free then: what is unpacked later takes from it, and is not wanted any more. */
    private final AtomicReference<RestoreRoom> room = new AtomicReference<>();

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
        List<Act<RestoreSeen>> acts = new ArrayList<>();
        boolean isInPlace = restore.target.isInPlace();
        if (isInPlace) {
            acts.add(restore.act("clients", seen -> new RestoreInPlace(seen).clients()));
            acts.add(restore.act("aside", seen -> new RestoreInPlace(seen).aside()));
        }
        acts.add(restore.folders("return", SetReturn::steps));
        acts.add(restore.folders("copies", SetReturn::spread));
        acts.add(restore.act("members", seen -> new ReturnedCluster(seen).members()));
        acts.add(restore.act("sets", seen -> new ReturnedCluster(seen).sets()));
        acts.add(restore.act("passwords", seen -> new ReturnedCluster(seen).passwords()));
        acts.add(restore.act("routers", seen -> new ReturnedCluster(seen).routers()));
        acts.add(restore.act("proof", seen -> new ReturnedCluster(seen).proof()));
        Runbook<RestoreSeen> book = new Runbook<>(
                cluster.name(),
                "Bring " + cluster.name() + " back to " + order.moment().shown(),
                restore::look,
                acts);
        return new Maneuver<>(
                book,
                restore::decide,
                isInPlace ? Optional.of(MongoBackup.of(topology, cluster, Kind.FULL)) : Optional.empty());
    }

    private Act<RestoreSeen> act(String name, Function<RestoreSeen, Plan> part) {
        return new Act<>(name, when(part));
    }

    /** Its servers are down before and after it: all that it changes is how far their folders are. */
    private Act<RestoreSeen> folders(String name, Function<SetReturn, List<Step>> part) {
        return new Act<>(name, when(seen -> sets(seen, part)), Optional.of(RestoreSeen::again));
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
        List<Node> nodes = target.cluster().nodes();
        Map<Node, Progress> progress = new LinkedHashMap<>();
        Map<Node, Footing> footings = new LinkedHashMap<>();
        Map<Node, Doc> hellos = new LinkedHashMap<>();
        world.sideBySide(List.<Supplier<Boolean>>of(
                () -> {
                    if (stock.get() == null) {
                        stock.set(Stock.look(world, repository, sets));
                    }
                    return true;
                },
                () -> {
                    RestoreSeen.Folders folders = RestoreSeen.folders(world, nodes, room.get() == null);
                    room.compareAndSet(null, folders.room());
                    progress.putAll(folders.progress());
                    return true;
                },
                () -> {
                    footings.putAll(
                            Footing.look(world, target.topology().name(), nodes, MongoServer::pidFile, List.of()));
                    return true;
                },
                () -> {
                    hellos.putAll(hellos(world, nodes));
                    return true;
                }));
        Wish wish = found.get();
        if (wish == null) {
            wish = new Wishes(world, stock.get(), source).find(order.moment());
            if (wish.isFound() && target.isInPlace() && order.isAgain()) {
                wish = wish.under(again(wish.order(), progress.values(), world.now()));
            }
            found.set(wish);
        }
        return new RestoreSeen(world.now(), order, target, stock.get(), wish, room.get(), footings, progress, hellos);
    }

    /** Only what answers as the member of a set, or as a router. */
    private static Map<Node, Doc> hellos(World world, List<Node> nodes) {
        Map<Node, Doc> hellos = new LinkedHashMap<>();
        List<Doc> told = MongoProbes.hellos(world, nodes);
        for (int i = 0; i < nodes.size(); i++) {
            boolean inSet = nodes.get(i).kind() == Node.Kind.MONGOS
                    || !told.get(i).text("setName").isEmpty();
            hellos.put(nodes.get(i), inSet ? told.get(i) : Doc.EMPTY);
        }
        return hellos;
    }

    /** Names a restore that is made once more; one that was begun so and is not done keeps its name. */
    private static String again(String order, Collection<Progress> progress, Instant now) {
        String head = order + " again, ";
        return progress.stream()
                .filter(p -> p.order().startsWith(head) && !p.isDone())
                .map(Progress::order)
                .findFirst()
                .orElse(head + now.truncatedTo(ChronoUnit.SECONDS));
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
        if (target.isInPlace() && !RestoreInPlace.isCleared(seen)) {
            return Plan.NOTHING;
        }
        return Plan.of(target.cluster().allSets().stream()
                .flatMap(s -> seen.wish().picks().containsKey(s.name())
                        ? part.apply(new SetReturn(seen, s)).stream()
                        : Stream.empty())
                .toList());
    }
}
