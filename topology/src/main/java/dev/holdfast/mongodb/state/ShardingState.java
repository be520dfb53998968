package dev.holdfast.mongodb.state;

import static dev.holdfast.mongodb.action.ServerQueries.find;
import static dev.holdfast.mongodb.action.ServerQueries.reply;

import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.value.MongoDocument;
import java.util.List;
import java.util.Optional;

/**
 * The observed state of sharding and cluster-wide defaults, from the config servers or the single replica set.
 *
 * @param shards the documents of config.shards
 * @param balancer whether the balancer is on
 * @param concerns the default read and write concern
 * @param adding the running addShard operations
 */
public record ShardingState(
        String clusterId,
        List<MongoDocument> shards,
        boolean balancer,
        MongoDocument concerns,
        List<MongoDocument> adding) {

    public static final ShardingState NOTHING = new ShardingState("", List.of(), true, MongoDocument.EMPTY, List.of());

    /** @param primary the primary of the config servers, or of the single replica set */
    public static ShardingState from(ExecutionContext context, MongoCluster cluster, NodeState primary) {
        Node node = primary.node();
        Credentials login = primary.login();
        MongoDocument concerns = reply(context, node, login, "default-concerns.json");
        if (!cluster.isSharded()) {
            return new ShardingState("", List.of(), true, concerns, List.of());
        }
        return new ShardingState(
                find(context, node, login, "config", "cluster-id.json").stream()
                        .findFirst()
                        .map(v -> v.doc("clusterId").text("$oid"))
                        .orElse(""),
                shards(context, node, login),
                find(context, node, login, "config", "balancer.json").stream().noneMatch(ShardingState::isStopped),
                concerns,
                find(context, node, login, "admin", "adding-shards.json"));
    }

    public static List<MongoDocument> shards(ExecutionContext context, Node primary, Credentials login) {
        return find(context, primary, login, "config", "shards.json");
    }

    public static boolean isStopped(MongoDocument balancer) {
        return balancer.is("stopped") || balancer.text("mode").equals("off");
    }

    public Optional<MongoDocument> shard(String name) {
        return shards.stream().filter(s -> s.text("_id").equals(name)).findFirst();
    }
}
