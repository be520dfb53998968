package dev.holdfast.mongodb.schema;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.schema.Dictionary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The observation of how collections are distributed over shards; everything is empty in a replica set. */
final class ShardingProbe {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final MongoCluster cluster;
    private final Dictionary dictionary;

    ShardingProbe(MongoCluster cluster, Dictionary dictionary) {
        this.cluster = cluster;
        this.dictionary = dictionary;
    }

    /** Returns the shard keys of the dictionary's databases, by namespace. */
    Map<String, Map<String, Object>> shardKeys(ExecutionContext context, Node queryNode) {
        if (!cluster.isSharded()) {
            return Map.of();
        }
        List<Object> databases = new ArrayList<>();
        dictionary.domains().forEach(d -> databases.add(Map.of("_id", Map.of("$gte", d + ".", "$lt", d + "/"))));
        ActionResult answer = look(
                context, queryNode, Script.of("mongodb/schema-sharded.json").with("databases", databases));
        Map<String, Map<String, Object>> keys = new HashMap<>();
        batch(answer).forEach(c -> keys.put(c.get("_id").toString(), document(c.get("key"))));
        return keys;
    }

    /** Returns the zones of each shard. */
    Map<String, Set<String>> zones(ExecutionContext context, Node queryNode) {
        Map<String, Set<String>> zones = new TreeMap<>();
        if (cluster.isSharded()) {
            ActionResult answer = look(context, queryNode, Script.of("mongodb/schema-shards.json"));
            batch(answer).forEach(s -> {
                Set<String> tags = new LinkedHashSet<>();
                if (s.get("tags") instanceof List<?> list) {
                    list.forEach(t -> tags.add(t.toString()));
                }
                zones.put(s.get("_id").toString(), tags);
            });
        }
        return zones;
    }

    /** Returns the zone ranges, by namespace. */
    Map<String, List<Map<String, Object>>> ranges(ExecutionContext context, Node queryNode) {
        if (!cluster.isSharded()) {
            return Map.of();
        }
        ActionResult answer = look(context, queryNode, Script.of("mongodb/schema-zones.json"));
        return batch(answer).stream()
                .collect(Collectors.groupingBy(r -> r.get("ns").toString(), TreeMap::new, Collectors.toList()));
    }

    private ActionResult look(ExecutionContext context, Node queryNode, Script script) {
        Credentials login = new Credentials(MongoCluster.ADMIN, cluster.adminPassword(), "admin");
        return context.ask(new Action.RunDocumentCommand(queryNode, login, "config", script, Access.LOOK, DEADLINE));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> document(Object value) {
        return (Map<String, Object>) value;
    }

    /** Returns the first documents of a cursor; empty when the answer has none. */
    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> batch(ActionResult answer) {
        Object cursor = answer.row().get("cursor");
        return cursor instanceof Map<?, ?> map ? (List<Map<String, Object>>) map.get("firstBatch") : List.of();
    }
}
