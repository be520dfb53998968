package dev.holdfast.mongodb.topology;

import dev.holdfast.config.ClusterConfig;
import dev.holdfast.config.ConfigCursor;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.topology.MongoCluster.Member;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.topology.MongoCluster.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The reader of one replica set, declared as a list of hosts or in full. */
final class ReplicaSetReader {

    private static final Duration ELECTION = Duration.ofSeconds(10);
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);

    private final ClusterConfig clusterConfig;

    ReplicaSetReader(ClusterConfig clusterConfig) {
        this.clusterConfig = clusterConfig;
    }

    /** @param usual the default name of the replica set */
    MongoSet read(ConfigCursor keys, String usual, Role role, int port) {
        String name = keys.at("name").text(usual);
        if (role == Role.SHARD && keys.at("name").isPresent()) {
            keys.at("name").wrong("a shard's name is its key, " + keys.name(), "rename the key, or omit name");
            name = usual;
        }
        List<Member> members = new ArrayList<>();
        ConfigCursor list = keys.isList() ? keys : keys.at("members");
        for (ConfigCursor item : list.items()) {
            String group = name;
            clusterConfig.host(item).ifPresent(host -> members.add(member(item, host, group, role, port)));
        }
        MongoSet set = new MongoSet(
                name,
                role,
                members,
                own(keys, "electionTimeout").span().orElse(ELECTION),
                own(keys, "heartbeat").span().orElse(HEARTBEAT),
                own(keys, "oplogSize").megabytes().orElse(0));
        if (list.items().size() == members.size() && !members.isEmpty()) {
            ClusterRules.checkSet(set, keys);
        }
        return set;
    }

    /** Returns a set's own value, or otherwise the cluster's. */
    private ConfigCursor own(ConfigCursor keys, String key) {
        return keys.at(key).isPresent() ? keys.at(key) : clusterConfig.keys().at(key);
    }

    private Member member(ConfigCursor keys, Host host, String group, Role role, int port) {
        Node node = clusterConfig.allocate(group, Node.Kind.MONGOD, host, keys, port);
        boolean hidden = keys.at("hidden").flag(false);
        boolean arbiter = keys.at("arbiter").flag(false);
        Duration delay = keys.at("delay").span().orElse(Duration.ZERO);
        int votes = keys.at("votes").whole().orElse(1);
        boolean passive = hidden || arbiter || votes == 0 || !delay.isZero();
        Map<String, String> tags = new LinkedHashMap<>();
        keys.at("tags").entries().forEach(t -> tags.put(t.name(), t.text("")));
        Member member = new Member(
                node, keys.at("priority").decimal().orElse(passive ? 0.0 : 1.0), votes, hidden, arbiter, delay, tags);
        ClusterRules.checkMember(member, role, keys);
        return member;
    }
}
