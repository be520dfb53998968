package dev.holdfast.mongodb.schema;

import static dev.holdfast.mongodb.schema.ValidatorMapping.map;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Script;
import dev.holdfast.schema.Entity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The search for documents that a unique index would refuse, on all shards, before the index is built. */
final class DuplicateCheck {

    private static final int SHOWN = 10;

    Script question(Entity entity, Map<String, Object> index) {
        Map<String, Object> key = map();
        ((Map<?, ?>) index.get("key")).keySet().forEach(f -> key.put(f.toString(), map("$ifNull", pair("$" + f))));
        Object where = index.getOrDefault("partialFilterExpression", Map.of());
        return Script.of("mongodb/schema-duplicates.json")
                .with("collection", entity.name())
                .with("where", where)
                .with("key", key)
                .with("collation", index.getOrDefault("collation", Map.of("locale", "simple")));
    }

    private static List<Object> pair(String path) {
        List<Object> pair = new ArrayList<>();
        pair.add(path);
        pair.add(null);
        return pair;
    }

    /** Returns one sentence per duplicate value. */
    List<String> descriptions(ActionResult answer, List<Map<String, Object>> found) {
        if (!answer.isOk()) {
            return List.of("the search for duplicates failed: " + answer.sentence());
        }
        List<String> lines = new ArrayList<>();
        for (Map<String, Object> one : found) {
            lines.add(
                    lines.size() < SHOWN
                            ? one.get("_id") + " in " + one.get("documents") + " documents, _id " + one.get("ids")
                            : "and more");
        }
        return lines;
    }
}
