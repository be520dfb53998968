package dev.holdfast.mongodb.topology;

import dev.holdfast.config.ClusterConfig;
import dev.holdfast.config.ConfigCursor;
import dev.holdfast.config.SettingsReader;
import dev.holdfast.model.DeclaredVersion;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.topology.MongoCluster.Concerns;
import dev.holdfast.mongodb.topology.MongoCluster.MongoSet;
import dev.holdfast.mongodb.topology.MongoCluster.Options;
import dev.holdfast.mongodb.topology.MongoCluster.Role;
import dev.holdfast.mongodb.topology.MongoCluster.User;
import dev.holdfast.mongodb.topology.MongoCluster.WriteConcern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The reader of a MongoDB cluster in the topology file. */
public final class ClusterReader {

    private static final int ROUTER_PORT = 27017;
    private static final int SHARD_PORT = 27018;
    private static final int CONFIG_PORT = 27019;
    private static final String CONFIG = "config";

    private final ClusterConfig clusterConfig;
    private final ConfigCursor keys;
    private final ReplicaSetReader sets;

    private ClusterReader(ClusterConfig clusterConfig) {
        this.clusterConfig = clusterConfig;
        this.keys = clusterConfig.keys();
        this.sets = new ReplicaSetReader(clusterConfig);
    }

    public static MongoCluster read(ClusterConfig clusterConfig) {
        return new ClusterReader(clusterConfig).read();
    }

    private MongoCluster read() {
        ConfigCursor configServers = keys.at("configServers");
        Optional<MongoSet> config = configServers.isPresent()
                ? Optional.of(sets.read(configServers, CONFIG, Role.CONFIG, CONFIG_PORT))
                : Optional.empty();
        MongoCluster cluster = new MongoCluster(
                clusterConfig.name(),
                clusterConfig.objectives(),
                config,
                dataSets(),
                routers(),
                concerns(keys.at("defaults")),
                writeConcerns(),
                keys.at("balancer").flag(true),
                SettingsReader.values(keys.at("settings"), ClusterRules.OWNED, RemovedSettings.ALL),
                users(),
                keys.at("binaries").text(""),
                new DeclaredVersion(keys.at("version").text("")),
                options());
        ClusterRules.check(cluster, keys);
        return cluster;
    }

    private Options options() {
        BackupReader backups = new BackupReader(clusterConfig);
        Map<String, String> readConcerns = new LinkedHashMap<>();
        keys.at("readConcerns").entries().forEach(c -> readConcerns.put(c.name(), c.text("")));
        return new Options(backups.backups(), backups.policy(), clusterConfig.words("schema"), readConcerns);
    }

    private List<MongoSet> dataSets() {
        List<MongoSet> found = new ArrayList<>();
        int port = SHARD_PORT;
        for (ConfigCursor shard : keys.at("shards").entries()) {
            found.add(sets.read(shard, shard.name(), Role.SHARD, port));
            port = port == SHARD_PORT ? CONFIG_PORT + 1 : port + 1;
        }
        ConfigCursor replicaSet = keys.at("replicaSet");
        if (replicaSet.isPresent()) {
            found.add(sets.read(replicaSet, clusterConfig.name(), Role.REPLICA_SET, ROUTER_PORT));
        }
        return found;
    }

    private List<Node> routers() {
        List<Node> routers = new ArrayList<>();
        for (ConfigCursor router : keys.at("routers").items()) {
            clusterConfig
                    .host(router)
                    .ifPresent(host -> routers.add(
                            clusterConfig.allocate(MongoCluster.ROUTERS, Node.Kind.MONGOS, host, router, ROUTER_PORT)));
        }
        return routers;
    }

    private static Concerns concerns(ConfigCursor defaults) {
        return new Concerns(
                writeConcern(defaults.at("writeConcern")),
                defaults.at("readConcern").text("local"));
    }

    private static WriteConcern writeConcern(ConfigCursor concern) {
        if (!concern.isMap()) {
            return new WriteConcern(concern.text("majority"), Optional.empty(), Duration.ZERO);
        }
        ConfigCursor journal = concern.at("j");
        return new WriteConcern(
                concern.at("w").text("majority"),
                journal.isPresent() ? Optional.of(journal.flag(false)) : Optional.empty(),
                concern.at("wtimeout").span().orElse(Duration.ZERO));
    }

    private Map<String, WriteConcern> writeConcerns() {
        Map<String, WriteConcern> concerns = new LinkedHashMap<>();
        keys.at("writeConcerns").entries().forEach(c -> concerns.put(c.name(), writeConcern(c)));
        return concerns;
    }

    private List<User> users() {
        List<User> users = new ArrayList<>();
        for (ConfigCursor user : keys.at("users").entries()) {
            List<String> roles = new ArrayList<>();
            for (ConfigCursor role : user.at("roles").items()) {
                String text = role.text("");
                roles.add(text.contains("@") ? text : text + "@admin");
            }
            users.add(new User(user.name(), clusterConfig.secret(user.at("password"), "users/" + user.name()), roles));
        }
        return users;
    }
}
