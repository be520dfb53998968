package dev.holdfast.mongodb.topology;

import dev.holdfast.engine.RoleChangeRequest;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The one replica set of an operation, as an estate of its own: Holdfast observes and changes nothing else.
 *
 * @param topology with the hosts of that set only
 * @param cluster with that set only
 * @param routers of the whole cluster, which Holdfast only observes
 */
public record SingleSetScope(Topology topology, MongoCluster cluster, List<Node> routers) {

    public static SingleSetScope of(Topology topology, MongoCluster whole, RoleChangeRequest request) {
        MongoSet set = meant(whole, request.group());
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
                whole.version(),
                whole.options());
        Map<String, Host> hosts = new LinkedHashMap<>();
        set.nodes().stream().map(Node::host).forEach(h -> hosts.put(h.name(), h));
        return new SingleSetScope(
                new Topology(
                        topology.name(),
                        topology.environment(),
                        hosts,
                        List.of(alone),
                        topology.secrets(),
                        topology.places()),
                alone,
                whole.routers());
    }

    private static MongoSet meant(MongoCluster cluster, String group) {
        List<MongoSet> sets = cluster.allSets();
        if (group.isEmpty() && sets.size() == 1) {
            return sets.get(0);
        }
        String names = sets.stream().map(s -> cluster.name() + "/" + s.name()).collect(Collectors.joining(", "));
        if (group.isEmpty()) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    cluster.name(),
                    "the cluster has " + sets.size() + " replica sets",
                    "name one of " + names);
        }
        return sets.stream()
                .filter(s -> s.name().equals(group))
                .findFirst()
                .orElseThrow(() -> new HoldfastException(
                        ExitCode.USAGE,
                        cluster.name() + "/" + group,
                        "routers have no primary",
                        "the replica sets are " + names));
    }

    public MongoSet set() {
        return cluster.sets().get(0);
    }

    /** Returns the name as in commands: {@code social/shard-a}. */
    public String name() {
        return cluster.name() + "/" + set().name();
    }
}
