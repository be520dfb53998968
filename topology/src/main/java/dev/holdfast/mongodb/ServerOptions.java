package dev.holdfast.mongodb;

import dev.holdfast.model.Node;
import dev.holdfast.mongodb.MongoCluster.MongoSet;
import dev.holdfast.mongodb.MongoCluster.Role;
import dev.holdfast.world.Script;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How one mongod or mongos is to be configured, by the dotted keys of its configuration file.
 *
 * @param owned what follows from the topology
 * @param settings what the topology declares beside that
 * @param parameters everything under {@code setParameter}
 */
record ServerOptions(
        Node node, Map<String, Object> owned, Map<String, Object> settings, Map<String, Object> parameters) {

    static final String LOGIN_WORK = "scramSHA256IterationCount";

    private static final String PARAMETER = "setParameter.";

    static ServerOptions of(MongoCluster cluster, Node node) {
        return cluster.allSets().stream()
                .filter(s -> s.nodes().contains(node))
                .findFirst()
                .map(set -> mongod(cluster, set, node))
                .orElseGet(() -> mongos(cluster, node));
    }

    /** The names under setParameter whose values in use are compared: a running server may have been told others. */
    static List<String> watchedParameters(MongoCluster cluster) {
        List<String> names = new ArrayList<>(List.of(LOGIN_WORK));
        cluster.settings().keySet().stream()
                .filter(k -> k.startsWith(PARAMETER))
                .map(k -> k.substring(PARAMETER.length()))
                .filter(n -> !n.equals(LOGIN_WORK))
                .forEach(names::add);
        return names;
    }

    /** How much work a login costs; guessing a password costs as much. */
    static Object loginWork(MongoCluster cluster) {
        return cluster.settings().getOrDefault(PARAMETER + LOGIN_WORK, 15_000);
    }

    private static ServerOptions mongod(MongoCluster cluster, MongoSet set, Node node) {
        Map<String, Object> owned = common(node, "mongod");
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
        return new ServerOptions(node, owned, settings, closed(parameters));
    }

    private static ServerOptions mongos(MongoCluster cluster, Node node) {
        Map<String, Object> owned = common(node, "mongos");
        owned.put("sharding.configDB", configServers(cluster));
        return new ServerOptions(node, owned, Map.of(), closed(new LinkedHashMap<>()));
    }

    private static String configServers(MongoCluster cluster) {
        Optional<MongoSet> config = cluster.configServers();
        return config.map(c ->
                        c.name() + "/" + c.nodes().stream().map(Node::endpoint).collect(Collectors.joining(",")))
                .orElse("");
    }

    private static Map<String, Object> common(Node node, String program) {
        Map<String, Object> owned = new LinkedHashMap<>();
        owned.put("net.bindIp", node.host().address());
        owned.put("net.port", node.port());
        owned.put("net.unixDomainSocket.pathPrefix", node.run());
        owned.put("systemLog.destination", "file");
        owned.put("systemLog.path", node.log() + "/" + program + ".log");
        owned.put("systemLog.logAppend", true);
        owned.put("security.keyFile", node.directory() + "/keyfile");
        return owned;
    }

    /** Nobody is trusted for being local, not even before the first user exists. */
    private static Map<String, Object> closed(Map<String, Object> parameters) {
        parameters.put("enableLocalhostAuthBypass", false);
        return parameters;
    }

    /** Everything, by dotted key, as getCmdLineOpts answers it. */
    Map<String, Object> all() {
        Map<String, Object> all = new LinkedHashMap<>(owned);
        all.putAll(settings);
        parameters.forEach((key, value) -> all.put(PARAMETER + key, value));
        return all;
    }

    Script file() {
        boolean mongod = node.kind() == Node.Kind.MONGOD;
        Script file = Script.of(mongod ? "mongodb/mongod.conf" : "mongodb/mongos.conf")
                .with("address", Json.of(owned.get("net.bindIp")))
                .with("port", owned.get("net.port"))
                .with("run", Json.of(owned.get("net.unixDomainSocket.pathPrefix")))
                .with("log", Json.of(owned.get("systemLog.path")))
                .with("keyfile", Json.of(owned.get("security.keyFile")))
                .with("parameters", Json.of(parameters));
        if (!mongod) {
            return file.with("config_servers", Json.of(owned.get("sharding.configDB")));
        }
        String lines = settings.entrySet().stream()
                .map(e -> Json.of(e.getKey()) + ": " + Json.of(e.getValue()) + "\n")
                .collect(Collectors.joining());
        return file.with("data", Json.of(owned.get("storage.dbPath")))
                .with("set", Json.of(owned.get("replication.replSetName")))
                .with("settings", lines);
    }
}
