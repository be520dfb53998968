package dev.holdfast.mongodb.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One collection as each shard that holds a part of it has it in its own catalog. The answer of a single shard says nothing
 * of the others: a build can fail on one of them, and an index can be dropped on one of them.
 *
 * @param indexes by shard; indexes that are still being built are left out
 * @param options of the collection, by shard
 */
record ShardCatalogs(Map<String, List<Map<String, Object>>> indexes, Map<String, Map<String, Object>> options) {

    @SuppressWarnings("unchecked")
    static ShardCatalogs of(List<Map<String, Object>> catalog) {
        Map<String, List<Map<String, Object>>> indexes = new LinkedHashMap<>();
        Map<String, Map<String, Object>> options = new LinkedHashMap<>();
        for (Map<String, Object> one : catalog) {
            String shard = one.getOrDefault("shard", "").toString();
            indexes.put(shard, (List<Map<String, Object>>) one.getOrDefault("indexes", List.of()));
            options.put(shard, (Map<String, Object>) one.getOrDefault("options", Map.of()));
        }
        return new ShardCatalogs(indexes, options);
    }

    /**
     * The indexes that the cluster has: a wanted one counts when every shard has it, and is shown as the shard has it that
     * differs most; what is not wanted counts when any shard has it.
     */
    List<Map<String, Object>> everywhere(List<Map<String, Object>> desired) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Map<String, Object> index : desired) {
            if (lacking(index).isEmpty()) {
                twins(index).stream()
                        .filter(t -> !IndexMapping.isAsDesired(index, t))
                        .findFirst()
                        .or(() -> twins(index).stream().findFirst())
                        .ifPresent(all::add);
            }
        }
        indexes.values().stream()
                .flatMap(List::stream)
                .filter(i -> desired.stream()
                        .noneMatch(w -> IndexMapping.twin(w, List.of(i)).isPresent()))
                .filter(i -> all.stream().noneMatch(a -> DefinitionEquality.alike(a, i)))
                .forEach(all::add);
        return all;
    }

    private List<Map<String, Object>> twins(Map<String, Object> desired) {
        return indexes.values().stream()
                .map(i -> IndexMapping.twin(desired, i))
                .flatMap(Optional::stream)
                .toList();
    }

    /** The shards without an index. */
    List<String> lacking(Map<String, Object> desired) {
        return indexes.entrySet().stream()
                .filter(e -> IndexMapping.twin(desired, e.getValue()).isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The shards without each wanted index, by its name, where not all of them lack it. */
    Map<String, List<String>> lacking(List<Map<String, Object>> desired) {
        Map<String, List<String>> lacking = new LinkedHashMap<>();
        for (Map<String, Object> index : desired) {
            List<String> shards = lacking(index);
            if (!shards.isEmpty() && shards.size() < indexes.size()) {
                lacking.put(index.get("name").toString(), shards);
            }
        }
        return lacking;
    }
}
