package dev.holdfast.mongodb.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One collection in the catalog of each shard that has a part of it. Shards can differ: a build can fail on one shard, and an
 * index can be dropped on one shard.
 *
 * @param indexes the indexes by shard, without unfinished builds
 * @param options the options of the collection, by shard
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
     * Returns the indexes of the cluster. A desired index counts if every shard has it, and is returned in the form that differs
     * most. Any other index counts if one shard has it.
     */
    List<Map<String, Object>> everywhere(List<Map<String, Object>> desired) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Map<String, Object> index : desired) {
            if (lacking(index).isEmpty()) {
                equalIndexes(index).stream()
                        .filter(t -> !IndexMapping.isAsDesired(index, t))
                        .findFirst()
                        .or(() -> equalIndexes(index).stream().findFirst())
                        .ifPresent(all::add);
            }
        }
        indexes.values().stream()
                .flatMap(List::stream)
                .filter(i -> desired.stream()
                        .noneMatch(w -> IndexMapping.equalIndex(w, List.of(i)).isPresent()))
                .filter(i -> all.stream().noneMatch(a -> DefinitionEquality.alike(a, i)))
                .forEach(all::add);
        return all;
    }

    private List<Map<String, Object>> equalIndexes(Map<String, Object> desired) {
        return indexes.values().stream()
                .map(i -> IndexMapping.equalIndex(desired, i))
                .flatMap(Optional::stream)
                .toList();
    }

    /** Returns the shards without an index. */
    List<String> lacking(Map<String, Object> desired) {
        return indexes.entrySet().stream()
                .filter(e -> IndexMapping.equalIndex(desired, e.getValue()).isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Returns, by index name, the shards without a desired index that other shards have. */
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
