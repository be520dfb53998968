package dev.holdfast.mongodb.configuration;

import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.topology.ClusterRules;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.topology.MongoCluster.Role;
import dev.holdfast.mongodb.value.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The desired configuration of one mongod or mongos, by the dotted keys of its configuration file.
 *
 * @param owned settings that follow from the topology
 * @param settings other settings that the topology declares
 * @param parameters everything under {@code setParameter}
 */
public record ServerConfiguration(
        Node node, Map<String, Object> owned, Map<String, Object> settings, Map<String, Object> parameters) {

    public static final String LOGIN_WORK = "scramSHA256IterationCount";

    /** Whether the server deletes documents by TTL indexes. A restored member starts without it, until it was verified. */
    public static final String TTL_MONITOR = "ttlMonitorEnabled";

    /** The network compressors without zlib, which leaks memory before the login in versions up to 8.2.2 (CVE-2025-14847). */
    private static final String SAFE_COMPRESSORS = "snappy,zstd";

    private static final String PARAMETER = "setParameter.";

    public static ServerConfiguration of(MongoCluster cluster, Node node) {
        return cluster.allSets().stream()
                .filter(s -> s.nodes().contains(node))
                .findFirst()
                .map(set -> mongod(cluster, set, node))
                .orElseGet(() -> mongos(cluster, node));
    }

    /** Returns the names under setParameter whose values in use are compared, because they can change on a running server. */
    public static List<String> watchedParameters(MongoCluster cluster) {
        List<String> names = new ArrayList<>(List.of(LOGIN_WORK, TTL_MONITOR));
        cluster.settings().keySet().stream()
                .filter(k -> k.startsWith(PARAMETER))
                .map(k -> k.substring(PARAMETER.length()))
                .filter(n -> !names.contains(n))
                .forEach(names::add);
        return names;
    }

    /** Returns the SCRAM iteration count: the cost of a login, and of each guess of a password. */
    public static Object loginWork(MongoCluster cluster) {
        return cluster.settings().getOrDefault(PARAMETER + LOGIN_WORK, 15_000);
    }

    private static ServerConfiguration mongod(MongoCluster cluster, MongoSet set, Node node) {
        Map<String, Object> owned = common(cluster, node, "mongod");
        owned.put("storage.dbPath", node.data());
        owned.put("replication.replSetName", set.name());
        Map<String, Object> settings = new LinkedHashMap<>();
        if (set.role() != Role.REPLICA_SET) {
            settings.put("sharding.clusterRole", set.role() == Role.CONFIG ? "configsvr" : "shardsvr");
        }
        if (set.oplogMegabytes() > 0) {
            settings.put("replication.oplogSizeMB", set.oplogMegabytes());
        }
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put(LOGIN_WORK, loginWork(cluster));
        cluster.settings().forEach((key, value) -> {
            if (key.startsWith(PARAMETER)) {
                parameters.put(key.substring(PARAMETER.length()), value);
            } else if (!owned.containsKey(key)) {
                settings.put(key, value);
            }
        });
        return new ServerConfiguration(node, owned, settings, closed(parameters));
    }

    private static ServerConfiguration mongos(MongoCluster cluster, Node node) {
        Map<String, Object> owned = common(cluster, node, "mongos");
        owned.put("sharding.configDB", configServers(cluster));
        return new ServerConfiguration(node, owned, Map.of(), closed(new LinkedHashMap<>()));
    }

    private static String configServers(MongoCluster cluster) {
        Optional<MongoSet> config = cluster.configServers();
        return config.map(c ->
                        c.name() + "/" + c.nodes().stream().map(Node::endpoint).collect(Collectors.joining(",")))
                .orElse("");
    }

    private static Map<String, Object> common(MongoCluster cluster, Node node, String program) {
        Map<String, Object> owned = new LinkedHashMap<>();
        owned.put("net.bindIp", node.host().address());
        owned.put("net.port", node.port());
        owned.put("net.unixDomainSocket.pathPrefix", node.run());
        owned.put("systemLog.destination", "file");
        owned.put("systemLog.path", node.log() + "/" + program + ".log");
        owned.put("systemLog.logAppend", true);
        owned.put("security.keyFile", node.directory() + "/keyfile");
        Object declared = cluster.settings().getOrDefault(ClusterRules.COMPRESSORS, SAFE_COMPRESSORS);
        owned.put(
                ClusterRules.COMPRESSORS,
                declared instanceof List<?> many
                        ? many.stream().map(String::valueOf).collect(Collectors.joining(","))
                        : declared);
        return owned;
    }

    /** Requires a login also from local connections, even before the first user exists. */
    private static Map<String, Object> closed(Map<String, Object> parameters) {
        parameters.put("enableLocalhostAuthBypass", false);
        return parameters;
    }

    /** Returns all settings by dotted key, as getCmdLineOpts returns them. */
    public Map<String, Object> all() {
        Map<String, Object> all = new LinkedHashMap<>(owned);
        all.putAll(settings);
        parameters.forEach((key, value) -> all.put(PARAMETER + key, value));
        return all;
    }

    Script file() {
        boolean mongod = node.kind() == Node.Kind.MONGOD;
        Script file = Script.of(mongod ? "mongodb/mongod.conf" : "mongodb/mongos.conf")
                .with("address", JsonText.of(owned.get("net.bindIp")))
                .with("port", owned.get("net.port"))
                .with("run", JsonText.of(owned.get("net.unixDomainSocket.pathPrefix")))
                .with("log", JsonText.of(owned.get("systemLog.path")))
                .with("keyfile", JsonText.of(owned.get("security.keyFile")))
                .with("compressors", JsonText.of(owned.get(ClusterRules.COMPRESSORS)))
                .with("parameters", JsonText.of(parameters));
        if (!mongod) {
            return file.with("config_servers", JsonText.of(owned.get("sharding.configDB")));
        }
        String lines = settings.entrySet().stream()
                .map(e -> JsonText.of(e.getKey()) + ": " + JsonText.of(e.getValue()) + "\n")
                .collect(Collectors.joining());
        return file.with("data", JsonText.of(owned.get("storage.dbPath")))
                .with("set", JsonText.of(owned.get("replication.replSetName")))
                .with("settings", lines);
    }
}
