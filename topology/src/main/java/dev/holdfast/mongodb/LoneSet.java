package dev.holdfast.mongodb;

import dev.holdfast.engine.Order;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.model.Trouble;
import dev.holdfast.mongodb.MongoCluster.MongoSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The one replica set that an order is about, as an estate of its own: nothing else is asked, waited for or touched.
 *
 * @param topology with the hosts of that set only
 * @param cluster with that set only
 */
record LoneSet(Topology topology, MongoCluster cluster) {

    static LoneSet of(Topology topology, MongoCluster whole, Order order) {
        MongoSet set = meant(whole, order.group());
        MongoCluster alone = new MongoCluster(
                whole.name(),
                whole.objectives(),
                Optional.empty(),
                List.of(set),
                List.of(),
                whole.defaults(),
                whole.writeConcerns(),
                whole.balancer(),
                whole.settings(),
                List.of(),
                whole.binaries(),
                whole.extras());
        Map<String, Host> hosts = new LinkedHashMap<>();
        set.nodes().stream().map(Node::host).forEach(h -> hosts.put(h.name(), h));
        return new LoneSet(
                new Topology(
                        topology.name(),
                        topology.environment(),
                        hosts,
                        List.of(alone),
                        topology.secrets(),
                        topology.places()),
                alone);
    }

    private static MongoSet meant(MongoCluster cluster, String group) {
        List<MongoSet> sets = cluster.allSets();
        if (group.isEmpty() && sets.size() == 1) {
            return sets.get(0);
        }
        String names = sets.stream().map(s -> cluster.name() + "/" + s.name()).collect(Collectors.joining(", "));
        if (group.isEmpty()) {
            throw new Trouble(
                    Exit.USAGE, cluster.name(), "it has " + sets.size() + " replica sets", "name one of " + names);
        }
        return sets.stream()
                .filter(s -> s.name().equals(group))
                .findFirst()
                .orElseThrow(() -> new Trouble(
                        Exit.USAGE,
                        cluster.name() + "/" + group,
                        "routers have no primary",
                        "the replica sets are " + names));
    }

    MongoSet set() {
        return cluster.sets().get(0);
    }

    /** As people name it: {@code social/shard-a}. */
    String name() {
        return cluster.name() + "/" + set().name();
    }
}
