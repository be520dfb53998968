package dev.holdfast.mongodb;

import dev.holdfast.engine.Draft;
import dev.holdfast.engine.Reading;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.MongoCluster.Member;
import dev.holdfast.mongodb.MongoCluster.MongoSet;
import dev.holdfast.mongodb.MongoCluster.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads one replica set, as a list of hosts or in full, and tells what mongod would refuse. */
final class MongoSetReader {

    private static final Duration ELECTION = Duration.ofSeconds(10);
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);

    private final Draft draft;

    MongoSetReader(Draft draft) {
        this.draft = draft;
    }

    /** @param usual the replica set's name when none is given */
    MongoSet read(Reading keys, String usual, Role role, int port) {
        String name = keys.at("name").text(usual);
        if (role == Role.SHARD && keys.at("name").isPresent()) {
            keys.at("name").wrong("a shard's name is its key, " + keys.name(), "rename the key, or leave name out");
            name = usual;
        }
        List<Member> members = new ArrayList<>();
        Reading list = keys.isList() ? keys : keys.at("members");
        for (Reading item : list.items()) {
            String group = name;
            draft.host(item).ifPresent(host -> members.add(member(item, host, group, role, port)));
        }
        MongoSet set = new MongoSet(
                name,
                role,
                members,
                own(keys, "electionTimeout").span().orElse(ELECTION),
                own(keys, "heartbeat").span().orElse(HEARTBEAT),
                own(keys, "oplogSize").megabytes().orElse(0));
        if (list.items().size() == members.size() && !members.isEmpty()) {
            MongoRules.checkSet(set, keys);
        }
        return set;
    }

    /** A set's own value, or else the cluster's. */
    private Reading own(Reading keys, String key) {
        return keys.at(key).isPresent() ? keys.at(key) : draft.keys().at(key);
    }

    private Member member(Reading keys, Host host, String group, Role role, int port) {
        Node node = draft.seat(group, Node.Kind.MONGOD, host, keys, port);
        boolean hidden = keys.at("hidden").flag(false);
        boolean arbiter = keys.at("arbiter").flag(false);
        Duration delay = keys.at("delay").span().orElse(Duration.ZERO);
        int votes = keys.at("votes").whole().orElse(1);
        boolean passive = hidden || arbiter || votes == 0 || !delay.isZero();
        Map<String, String> tags = new LinkedHashMap<>();
        keys.at("tags").entries().forEach(t -> tags.put(t.name(), t.text("")));
        Member member = new Member(
                node, keys.at("priority").decimal().orElse(passive ? 0.0 : 1.0), votes, hidden, arbiter, delay, tags);
        MongoRules.checkMember(member, role, keys);
        return member;
    }
}
