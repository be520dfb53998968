package dev.holdfast.mongodb;

import static dev.holdfast.mongodb.MongoProbes.find;
import static dev.holdfast.mongodb.MongoProbes.reply;

import dev.holdfast.model.Node;
import dev.holdfast.world.Login;
import dev.holdfast.world.World;
import java.util.List;
import java.util.Optional;

/**
 * What the config servers say of the cluster, or a lone replica set of itself.
 *
 * @param shards as config.shards lists them
 * @param balancer whether chunks may move
 * @param concerns the default read and write concern
 * @param adding the addShard operations under way
 */
record ShardingSeen(String clusterId, List<Doc> shards, boolean balancer, Doc concerns, List<Doc> adding) {

    static final ShardingSeen NOTHING = new ShardingSeen("", List.of(), true, Doc.EMPTY, List.of());

    /** @param primary of the config servers, or of the lone replica set */
    static ShardingSeen from(World world, MongoCluster cluster, NodeSeen primary) {
        Node node = primary.node();
        Login login = primary.login();
        Doc concerns = reply(world, node, login, "default-concerns.json");
        if (!cluster.isSharded()) {
            return new ShardingSeen("", List.of(), true, concerns, List.of());
        }
        return new ShardingSeen(
                find(world, node, login, "config", "cluster-id.json").stream()
                        .findFirst()
                        .map(v -> v.doc("clusterId").text("$oid"))
                        .orElse(""),
                shards(world, node, login),
                find(world, node, login, "config", "balancer.json").stream().noneMatch(ShardingSeen::isStopped),
                concerns,
                find(world, node, login, "admin", "adding-shards.json"));
    }

    static List<Doc> shards(World world, Node primary, Login login) {
        return find(world, primary, login, "config", "shards.json");
    }

    static boolean isStopped(Doc balancer) {
        return balancer.is("stopped") || balancer.text("mode").equals("off");
    }

    Optional<Doc> shard(String name) {
        return shards.stream().filter(s -> s.text("_id").equals(name)).findFirst();
    }
}
