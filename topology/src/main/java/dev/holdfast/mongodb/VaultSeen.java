package dev.holdfast.mongodb;

import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.world.Action.Command;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Observed;
import dev.holdfast.world.Script;
import dev.holdfast.world.Widened;
import dev.holdfast.world.World;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * What a cluster's servers and its repository said at one moment.
 *
 * @param compatibility the feature compatibility version; empty when nobody tells
 * @param collections of a sharded cluster, by name, with what changes when one is moved or sharded anew
 * @param locked members on which a lock was found that copies are made under, with the last operation they have
 * @param here what this machine says of the repository, and {@code grounds} what the hosts of members say; asked only
 *     when something is to be written there
 */
record VaultSeen(
        MongoSeen mongo,
        Stock stock,
        String compatibility,
        Map<String, String> collections,
        Map<NodeSeen, Stamp> locked,
        VaultGround here,
        Map<Node, VaultGround> grounds)
        implements Widened {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    static VaultSeen look(World world, Topology topology, MongoCluster cluster, Repository repository) {
        MongoSeen mongo = MongoLook.at(world, topology, cluster);
        Stock stock = Stock.look(world, repository, cluster.allSets());
        Optional<NodeSeen> seat = mongo.seat().primary().filter(p -> !p.login().isNobody());
        return new VaultSeen(
                mongo,
                stock,
                seat.map(p -> compatibility(world, p)).orElse(""),
                seat.filter(p -> cluster.isSharded())
                        .map(p -> collections(world, p))
                        .orElse(Map.of()),
                locked(world, mongo),
                new VaultGround("", false, 0, 0),
                Map.of());
    }

    /** The same, and what every machine says of the repository. */
    VaultSeen withGrounds(World world) {
        String root = stock.repository().root();
        List<Node> nodes = mongo.sets().stream()
                .flatMap(s -> s.members().stream())
                .map(NodeSeen::node)
                .toList();
        List<VaultGround> told = world.sideBySide(nodes.stream()
                .<Supplier<VaultGround>>map(n -> () -> VaultGround.look(world, n.host(), root, n.data()))
                .toList());
        Map<Node, VaultGround> byNode = new LinkedHashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            byNode.put(nodes.get(i), told.get(i));
        }
        return new VaultSeen(
                mongo,
                stock,
                compatibility,
                collections,
                locked,
                VaultGround.look(world, Repository.HERE, root, "/nowhere"),
                byNode);
    }

    private static String compatibility(World world, NodeSeen server) {
        return MongoProbes.reply(world, server.node(), server.login(), "compatibility.json")
                .doc("featureCompatibilityVersion")
                .text("version");
    }

    private static Map<String, String> collections(World world, NodeSeen server) {
        Map<String, String> found = new LinkedHashMap<>();
        MongoProbes.find(world, server.node(), server.login(), "config", "collections.json")
                .forEach(c -> found.put(c.text("_id"), c.text("uuid")));
        return found;
    }

    private static Map<NodeSeen, Stamp> locked(World world, MongoSeen mongo) {
        List<NodeSeen> members = mongo.sets().stream()
                .flatMap(s -> s.members().stream())
                .filter(m -> m.answers() && !m.login().isNobody() && !m.isArbiter())
                .toList();
        List<Boolean> answers = world.sideBySide(members.stream()
                .<Supplier<Boolean>>map(m -> () -> isLocked(world, m))
                .toList());
        Map<NodeSeen, Stamp> locked = new LinkedHashMap<>();
        for (int i = 0; i < members.size(); i++) {
            if (answers.get(i)) {
                locked.put(members.get(i), lastOf(world, members.get(i)));
            }
        }
        return locked;
    }

    static boolean isLocked(World world, NodeSeen server) {
        return MongoProbes.reply(world, server.node(), server.login(), "locked.json")
                .is("fsyncLock");
    }

    /** The last operation in a member's own history. */
    static Stamp lastOf(World world, NodeSeen server) {
        return MongoProbes.find(world, server.node(), server.login(), "local", "oplog-last.json").stream()
                .findFirst()
                .map(o -> Stamp.of(Optime.of(o)))
                .orElse(Stamp.NONE);
    }

    /** Bytes of a set's history that come after a moment; -1 when its server does not tell in time. */
    static long bytesAfter(World world, NodeSeen server, Stamp moment) {
        Script script = Script.of("mongodb/oplog-behind.json").with("after", moment.json());
        Answer answer = world.ask(new Command(server.node(), server.login(), "local", script, Intent.LOOK, PATIENCE));
        return answer.isOk()
                ? Doc.of(answer.row()).batch().stream()
                        .mapToLong(d -> d.number("bytes"))
                        .sum()
                : -1;
    }

    /** What sets a copy apart from the cluster as it is; empty when it is not stale. */
    List<String> stale(String label) {
        Set<String> why = new TreeSet<>();
        for (Shelf shelf : stock.shelves()) {
            shelf.copy(label).ifPresent(copy -> {
                if (!compatibility.isEmpty() && !copy.compatibility().equals(compatibility)) {
                    why.add("the feature compatibility version was " + copy.compatibility() + " and is "
                            + compatibility);
                }
                List<String> shards = shards();
                if (!shards.isEmpty() && !copy.shards().equals(shards)) {
                    why.add("the shards were " + copy.shards() + " and are " + shards);
                }
                copy.collections().forEach((name, was) -> {
                    String is = collections.get(name);
                    if (is != null && !is.equals(was)) {
                        why.add(name + " was moved, sharded anew or made anew");
                    }
                });
            });
        }
        return List.copyOf(why);
    }

    List<String> shards() {
        return mongo.sharding().shards().stream().map(s -> s.text("_id")).toList();
    }

    @Override
    public Observed observed() {
        return mongo;
    }
}
