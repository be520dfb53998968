package dev.holdfast.mongodb.schema;

import static dev.holdfast.mongodb.schema.ValidatorMapping.map;

import dev.holdfast.model.Node;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.WriteConcern;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Entity;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The client profile of a MongoDB cluster: how to connect, and the declared write concern of each collection. */
public final class ClientProfile {

    private ClientProfile() {}

    public static Map<String, Object> of(MongoCluster cluster, Dictionary dictionary) {
        List<Node> endpoints =
                cluster.isSharded() ? cluster.routers() : cluster.sets().get(0).nodes();
        String set = cluster.isSharded()
                ? ""
                : "&replicaSet=" + cluster.sets().get(0).name();
        String uri = endpoints.stream()
                .map(Node::endpoint)
                .collect(Collectors.joining(
                        ",", "mongodb://", "/?retryWrites=true&serverSelectionTimeoutMS=15000" + set));
        Map<String, Object> profile = new LinkedHashMap<>();
        profile.put("engine", "mongodb");
        profile.put("uri", uri);
        profile.put(
                "users", cluster.users().stream().map(MongoCluster.User::name).toList());
        profile.put(
                "defaults",
                map(
                        "writeConcern",
                        concern(cluster.defaults().write()),
                        "readConcern",
                        cluster.defaults().level()));
        profile.put("collections", collections(cluster, dictionary));
        return profile;
    }

    /** Returns the concerns of every collection that the dictionary or the topology declares. */
    private static Map<String, Object> collections(MongoCluster cluster, Dictionary dictionary) {
        Map<String, String> reads = cluster.options().readConcerns();
        Map<String, String> databases =
                dictionary.entities().stream().collect(Collectors.toMap(Entity::name, Entity::domain));
        Set<String> names = new LinkedHashSet<>();
        dictionary.entities().forEach(e -> names.add(e.name()));
        names.addAll(cluster.writeConcerns().keySet());
        names.addAll(reads.keySet().stream().sorted().toList());
        Map<String, Object> collections = new LinkedHashMap<>();
        for (String name : names) {
            WriteConcern write = cluster.writeConcerns()
                    .getOrDefault(name, cluster.defaults().write());
            String read = reads.getOrDefault(name, cluster.defaults().level());
            Map<String, Object> one = new LinkedHashMap<>();
            if (databases.containsKey(name)) {
                one.put("database", databases.get(name));
            }
            one.put("writeConcern", concern(write));
            one.put("readConcern", read);
            collections.put(name, one);
        }
        return collections;
    }

    private static Map<String, Object> concern(WriteConcern write) {
        boolean number = write.w().matches("[0-9]+");
        Map<String, Object> concern = map("w", number ? (Object) Integer.valueOf(write.w()) : write.w());
        write.journal().ifPresent(j -> concern.put("j", j));
        if (!write.timeout().isZero()) {
            concern.put("wtimeout", write.timeout().toMillis());
        }
        return concern;
    }
}
