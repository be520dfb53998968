package dev.holdfast.mongodb.lint;

import dev.holdfast.lint.Findings;
import dev.holdfast.lint.LintRule;
import dev.holdfast.model.Node;
import dev.holdfast.model.Node.Kind;
import dev.holdfast.model.Quantity;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.Member;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules about the shards of a cluster, and about servers that share a host. */
final class ShardRules {

    private static final Set<String> CACHES =
            Set.of("storage.wiredTiger.engineConfig.cacheSizeGB", "storage.wiredTiger.engineConfig.cacheSizePct");

    private ShardRules() {}

    static List<LintRule> all() {
        return List.of(
                MongoClusterRule.of("mongodb-balancer-off", ShardRules::balancer),
                MongoClusterRule.of("mongodb-shard-weaker", ShardRules::weaker),
                MongoClusterRule.of("mongodb-config-servers-weaker", ShardRules::configWeaker),
                MongoClusterRule.of("mongodb-primaries-on-one-host", ShardRules::primaries),
                MongoClusterRule.of("mongodb-cache-on-shared-host", ShardRules::caches));
    }

    private static void balancer(MongoCluster cluster, Findings findings) {
        if (!cluster.balancer() && cluster.sets().size() > 1) {
            findings.warn(
                    "/balancer",
                    "the balancer of " + cluster.name()
                            + " is off: new data collects on few shards until their disks are full",
                    "leave balancer out, and stop it only for the time of an operation");
        }
    }

    private static long voters(MongoSet set) {
        return set.voters().stream().filter(m -> !m.arbiter()).count();
    }

    private static void weaker(MongoCluster cluster, Findings findings) {
        long most = cluster.sets().stream().mapToLong(ShardRules::voters).max().orElse(0);
        for (MongoSet set : cluster.sets()) {
            if (voters(set) < most) {
                findings.warn(
                        "/shards/" + set.name(),
                        cluster.name() + "/" + set.name() + " has " + Quantity.of(voters(set), "voter", "voters")
                                + " with data, and other shards have " + most + ": this shard stops first",
                        "declare as many members on each shard");
            }
        }
    }

    private static void configWeaker(MongoCluster cluster, Findings findings) {
        long config = cluster.configServers().map(s -> (long) s.voters().size()).orElse(0L);
        long shards =
                cluster.sets().stream().mapToLong(s -> s.voters().size()).max().orElse(0);
        if (cluster.isSharded() && config > 1 && config < shards) {
            findings.warn(
                    "/configServers",
                    "the config servers of " + cluster.name() + " have " + config + " voters, and a shard has " + shards
                            + ": metadata changes stop while the shards still take writes",
                    "declare as many config servers as the largest shard has voters");
        }
    }

    private static void primaries(MongoCluster cluster, Findings findings) {
        if (cluster.sets().size() < 2) {
            return;
        }
        Set<Optional<String>> favourites =
                cluster.sets().stream().map(ShardRules::favourite).collect(Collectors.toSet());
        if (favourites.size() == 1 && favourites.iterator().next().isPresent()) {
            findings.warn(
                    "/shards",
                    "every shard of " + cluster.name() + " prefers its primary on "
                            + favourites.iterator().next().get()
                            + ": one host has all writes, and its loss stops them all",
                    "give the highest priority of each shard to a member on another host");
        }
    }

    /** Returns the host of the only member with the highest priority. */
    private static Optional<String> favourite(MongoSet set) {
        double highest =
                set.members().stream().mapToDouble(Member::priority).max().orElse(0);
        List<Member> first =
                set.members().stream().filter(m -> m.priority() == highest).toList();
        return first.size() == 1 ? Optional.of(first.get(0).node().host().name()) : Optional.empty();
    }

    private static void caches(MongoCluster cluster, Findings findings) {
        if (cluster.settings().keySet().stream().anyMatch(CACHES::contains)) {
            return;
        }
        for (Node node : cluster.nodes()) {
            List<Node> servers = findings.topology().nodes().stream()
                    .filter(n -> n.kind() == Kind.MONGOD || n.kind() == Kind.POSTGRES)
                    .filter(n -> n.host().address().equals(node.host().address()))
                    .toList();
            if (node.kind() == Kind.MONGOD && servers.size() > 1) {
                findings.warn(
                        "/engine",
                        servers.size() + " servers are on " + node.host().name() + ", and each mongod of "
                                + cluster.name() + " takes half of the memory for its cache",
                        "write settings: { storage.wiredTiger.engineConfig.cacheSizeGB: N }, so that all fit the host");
                return;
            }
        }
    }
}
