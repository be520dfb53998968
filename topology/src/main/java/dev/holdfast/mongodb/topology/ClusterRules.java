package dev.holdfast.mongodb.topology;

import dev.holdfast.config.ConfigCursor;
import dev.holdfast.model.Node;
import dev.holdfast.model.Quantities;
import dev.holdfast.mongodb.topology.MongoCluster.Member;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.topology.MongoCluster.Role;
import dev.holdfast.mongodb.topology.MongoCluster.WriteConcern;
import dev.holdfast.mongodb.value.MongoVersions;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules for declarations that MongoDB refuses or can never fulfil. */
public final class ClusterRules {

    public static final String COMPRESSORS = "net.compression.compressors";
    private static final int MOST_VOTERS = 7;
    private static final int MOST_MEMBERS = 50;

    /** The mongod settings that follow from the topology, each with its replacement. */
    static final Map<String, String> OWNED = owned();

    private ClusterRules() {}

    private static Map<String, String> owned() {
        Map<String, String> owned = new LinkedHashMap<>();
        owned.put("replication.oplogSizeMB", "write oplogSize: 2GB on the cluster or the set");
        owned.put("replication.", "the value follows from the name of the shard or replica set");
        owned.put("sharding.", "the value follows from configServers and shards");
        owned.put("net.port", "set the port on the member");
        owned.put("net.bindIp", "the value follows from the host's address");
        owned.put("net.bindIpAll", "the value follows from the host's address");
        owned.put("net.unixDomainSocket.", "sockets are in the node's own directory");
        owned.put("storage.dbPath", "set the directory on the member or on the host");
        owned.put("systemLog.path", "server logs are in the node's own directory");
        owned.put("systemLog.destination", "server logs are in the node's own directory");
        owned.put("processManagement.", "Holdfast starts and stops the servers itself");
        owned.put(
                "security.keyFile",
                "Holdfast creates the key file once; name its source under secrets as <cluster>/keyfile");
        owned.put("security.authorization", "authentication is always on");
        owned.put("setParameter.enableLocalhostAuthBypass", "local connections must log in too");
        owned.put("net.tls.", "TLS between members is not supported yet; leave net.tls out");
        owned.put("security.clusterAuthMode", "members always authenticate by the key file");
        owned.put(
                "security.transitionToAuth",
                "this setting allows clients without a password; authentication is always on");
        owned.put("setParameter.clusterAuthMode", "members always authenticate by the key file");
        owned.put("setParameter.enableTestCommands", "test commands remove protections; leave this parameter out");
        owned.put("net.ssl.", "net.ssl is the old name of net.tls; leave net.ssl out");
        return owned;
    }

    static void checkMember(Member member, Role role, ConfigCursor keys) {
        String id = member.node().id();
        if (member.priority() > 0) {
            String because = member.votes() == 0
                    ? "votes: 0"
                    : member.hidden() ? "hidden" : member.delay().isZero() ? "" : "a delay";
            if (!because.isEmpty() && !member.arbiter()) {
                keys.at("priority")
                        .wrong(
                                id + " has " + because + " and a priority of " + Quantities.shown(member.priority())
                                        + "; mongod refuses that",
                                "write priority: 0, or omit it");
            }
        }
        if (member.arbiter()) {
            checkArbiter(id, role, keys);
        } else if (role == Role.CONFIG && !member.delay().isZero()) {
            keys.at("delay").wrong(id + " is a config server with a delay; mongod refuses that", "omit delay");
        }
    }

    private static void checkArbiter(String id, Role role, ConfigCursor keys) {
        if (role == Role.CONFIG) {
            keys.at("arbiter").wrong(id + " is a config server; mongod refuses arbiters there", "omit arbiter");
        }
        for (String key : List.of("priority", "hidden", "delay", "tags")) {
            if (keys.at(key).isPresent()) {
                keys.at(key).wrong(id + " is an arbiter and has no data: " + key + " has no effect", "omit " + key);
            }
        }
        if (keys.at("votes").whole().orElse(1) == 0) {
            keys.at("votes").wrong(id + " is an arbiter without a vote and has no effect", "omit votes");
        }
    }

    static void checkSet(MongoSet set, ConfigCursor keys) {
        int voters = set.voters().size();
        if (voters == 0) {
            keys.wrong(
                    set.name() + " has no voting member and can never elect a primary",
                    "write votes: 1 on at least one member");
        } else if (set.members().stream().noneMatch(m -> m.priority() > 0)) {
            keys.wrong(
                    set.name() + " has no member that can become primary",
                    "write a priority above 0 on at least one member");
        }
        if (voters > MOST_VOTERS) {
            keys.wrong(
                    set.name() + " has " + voters + " voting members; MongoDB allows " + MOST_VOTERS,
                    "write votes: 0 on the others");
        }
        if (set.members().size() > MOST_MEMBERS) {
            keys.wrong(
                    set.name() + " has " + set.members().size() + " members; MongoDB allows " + MOST_MEMBERS,
                    "declare another shard");
        }
        if (set.heartbeat().compareTo(set.electionTimeout()) >= 0) {
            keys.wrong(
                    set.name() + " has a heartbeat of " + Quantities.shown(set.heartbeat())
                            + ", not below its electionTimeout of " + Quantities.shown(set.electionTimeout()),
                    "members would replace healthy primaries; write a heartbeat of a fifth of electionTimeout");
        }
    }

    static void check(MongoCluster cluster, ConfigCursor keys) {
        if (String.valueOf(cluster.settings().get(COMPRESSORS)).contains("zlib")) {
            keys.at("settings")
                    .wrong(
                            "zlib compression leaks memory before the login in many versions (CVE-2025-14847)",
                            "write snappy, zstd or both, or omit " + COMPRESSORS);
        }
        MongoVersions.ALL.check(keys.at("version"));
        checkForm(keys);
        checkNames(cluster, keys);
        checkAddresses(cluster, keys);
        checkConcern(cluster, cluster.defaults().write(), keys.at("defaults").at("writeConcern"));
        keys.at("writeConcerns")
                .entries()
                .forEach(c -> checkConcern(cluster, cluster.writeConcerns().get(c.name()), c));
        if (keys.at("users").at(MongoCluster.ADMIN).isPresent()) {
            keys.at("users")
                    .at(MongoCluster.ADMIN)
                    .wrong("the user " + MongoCluster.ADMIN + " is reserved for Holdfast", "choose another name");
        }
    }

    private static void checkForm(ConfigCursor keys) {
        boolean sharded = keys.at("shards").isPresent();
        boolean config = keys.at("configServers").isPresent();
        if (keys.at("replicaSet").isPresent()) {
            for (String key : List.of("configServers", "shards", MongoCluster.ROUTERS, "balancer")) {
                if (keys.at(key).isPresent()) {
                    keys.at(key)
                            .wrong(
                                    key
                                            + " and replicaSet exclude each other: a cluster is either sharded or one replica set",
                                    "keep replicaSet, or configServers, shards and routers");
                }
            }
        } else if (hasUndeclared(keys)) {
            return;
        } else if (!sharded && !config) {
            keys.wrong(keys.name() + " has no servers", "add configServers, shards and routers, or replicaSet");
        } else if (!sharded || !config) {
            keys.wrong(
                    keys.name() + " has " + (sharded ? "shards" : "configServers") + " but no "
                            + (sharded ? "configServers" : "shards"),
                    "a sharded cluster needs both; for a single set, write replicaSet");
        } else if (!keys.at(MongoCluster.ROUTERS).isPresent()) {
            keys.wrong(
                    keys.name() + " has shards but no routers: no client can reach it", "add routers: [ host, host ]");
        }
    }

    /** Returns whether a key can be a misspelt key of this schema. */
    private static boolean hasUndeclared(ConfigCursor keys) {
        return keys.entries().stream()
                .anyMatch(k -> !ClusterSchema.keys().keys().containsKey(k.name())
                        && !k.name().equals("engine")
                        && !k.name().equals("objectives"));
    }

    private static void checkNames(MongoCluster cluster, ConfigCursor keys) {
        Set<String> names = new HashSet<>(Set.of(MongoCluster.ROUTERS));
        for (MongoSet set : cluster.allSets()) {
            if (!names.add(set.name())) {
                ConfigCursor shard = keys.at("shards").at(set.name());
                shard.wrong(
                        "two groups of " + cluster.name() + " have the name " + set.name(),
                        "choose another name for one of them");
            }
        }
    }

    private static void checkAddresses(MongoCluster cluster, ConfigCursor keys) {
        List<Node> servers = cluster.allSets().stream()
                .flatMap(s -> s.nodes().stream())
                .filter(n -> !n.host().address().equals(n.host().name()))
                .toList();
        long local = servers.stream().filter(n -> isLocal(n.host().address())).count();
        if (local > 0 && local < servers.size()) {
            keys.wrong(
                    cluster.name() + " mixes localhost addresses (127.*) with others; MongoDB refuses that",
                    "declare addresses that the other hosts can reach, or only addresses of 127.*");
        }
    }

    private static boolean isLocal(String address) {
        return address.equals("localhost") || address.startsWith("127.");
    }

    private static void checkConcern(MongoCluster cluster, WriteConcern concern, ConfigCursor place) {
        int desired = Quantities.whole(concern.w()).orElse(1L).intValue();
        for (MongoSet set : cluster.sets()) {
            long holders = set.members().stream().filter(m -> !m.arbiter()).count();
            if (holders > 0 && desired > holders) {
                place.wrong(
                        "w: " + (place.isMap() ? place.at("w") : place).written() + " can never be satisfied: "
                                + set.name() + " has " + holders + " members with data",
                        "write w: majority");
            }
        }
    }
}
