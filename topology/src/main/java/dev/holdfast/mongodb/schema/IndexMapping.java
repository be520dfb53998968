package dev.holdfast.mongodb.schema;

import static dev.holdfast.mongodb.schema.ValidatorMapping.map;

import dev.holdfast.schema.Entity;
import dev.holdfast.schema.Field;
import dev.holdfast.schema.FieldType;
import dev.holdfast.schema.Index;
import dev.holdfast.schema.ObjectNames;
import dev.holdfast.schema.ShardKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The mapping of an entity's indexes to createIndexes, and the comparison with existing indexes. */
final class IndexMapping {

    /** The options that collMod changes without a rebuild. */
    static final List<String> CHANGEABLE = List.of("expireAfterSeconds", "hidden");

    private static final String FILTER = "partialFilterExpression";
    private static final Map<String, Object> UNSAID =
            Map.of("unique", false, "hidden", false, "sparse", false, "expireAfterSeconds", "none");

    private IndexMapping() {}

    /** Returns the indexes, that of the key first. */
    static List<Map<String, Object>> desired(Entity entity, boolean sharded) {
        List<Map<String, Object>> all = new ArrayList<>();
        boolean unique = !sharded || isKeptUnique(entity);
        Map<String, Object> key = new LinkedHashMap<>();
        entity.key().forEach(f -> key.put(f, 1));
        Map<String, Object> own = map("name", ObjectNames.of(entity.name(), List.of(), "pkey"), "key", key);
        if (unique) {
            own.put("unique", true);
        }
        all.add(own);
        entity.indexes().stream().filter(i -> !isKey(entity, i)).forEach(i -> all.add(spec(entity, i)));
        return all;
    }

    /** Returns whether the key's index can be unique in a sharded collection. */
    static boolean isKeptUnique(Entity entity) {
        return entity.sharding()
                .map(ShardKey::fields)
                .map(f -> entity.key().size() >= f.size()
                        && entity.key().subList(0, f.size()).equals(f))
                .orElse(true);
    }

    private static boolean isKey(Entity entity, Index index) {
        return index.kind() == Index.Kind.PLAIN
                && index.fields().equals(entity.key())
                && index.parts().stream().noneMatch(Index.Part::descending)
                && index.where().isEmpty()
                && index.collation().isEmpty();
    }

    private static Map<String, Object> spec(Entity entity, Index index) {
        Map<String, Object> key = new LinkedHashMap<>();
        for (Index.Part part : index.parts()) {
            key.put(path(index, part), direction(index, part, entity));
        }
        Map<String, Object> spec = map("name", index.name(), "key", key);
        if (index.unique()) {
            spec.put("unique", true);
        }
        Map<String, Object> where = new LinkedHashMap<>();
        if (index.unique()) {
            where.putAll(given(entity, index));
        }
        if (!index.where().isEmpty()) {
            index.where()
                    .forEach((f, v) -> where.put(
                            f,
                            ValidatorMapping.value(
                                    v, entity.field(f).orElseThrow().type())));
        }
        if (!where.isEmpty()) {
            spec.put("partialFilterExpression", where);
        }
        index.after().ifPresent(a -> spec.put("expireAfterSeconds", a.toSeconds()));
        if (index.hidden()) {
            spec.put("hidden", true);
        }
        if (index.kind() == Index.Kind.TEXT) {
            spec.put("default_language", index.language().equals("simple") ? "none" : index.language());
        }
        index.collation().ifPresent(c -> spec.put("collation", map("locale", c.locale(), "strength", c.strength())));
        return spec;
    }

    /**
     * Returns the filter of a unique index that excludes documents without one of its optional values, as PostgreSQL treats
     * NULLs as different. The filter compares with the least value of the type instead of {@code $type}, with which the server
     * would not use the index for queries.
     */
    private static Map<String, Object> given(Entity entity, Index index) {
        Map<String, Object> given = new LinkedHashMap<>();
        index.fields().stream()
                .map(f -> entity.field(f).orElseThrow())
                .filter(Field::optional)
                .forEach(f -> given.put(f.name(), map("$gte", ValidatorMapping.least(f.type()))));
        return given;
    }

    private static String path(Index index, Index.Part part) {
        boolean below = index.kind() == Index.Kind.WILDCARD && !part.field().equals(Index.EVERYTHING);
        return below ? part.field() + "." + Index.EVERYTHING : part.field();
    }

    private static Object direction(Index index, Index.Part part, Entity entity) {
        if (index.kind() == Index.Kind.TEXT) {
            return "text";
        }
        boolean point = entity.field(part.field())
                .filter(f -> f.type().is(FieldType.Kind.POINT))
                .isPresent();
        return index.kind() == Index.Kind.GEO && point ? "2dsphere" : part.descending() ? (Object) (-1) : (Object) 1;
    }

    /** Returns the shard key for shardCollection. */
    static Map<String, Object> shardKey(ShardKey sharding) {
        Map<String, Object> key = new LinkedHashMap<>();
        sharding.fields().forEach(f -> key.put(f, f.equals(sharding.hashed()) ? "hashed" : (Object) 1));
        return key;
    }

    /** Returns the existing index that the server treats as the same: equal fields, filter and collation, not name. */
    static Optional<Map<String, Object>> equalIndex(Map<String, Object> desired, List<Map<String, Object>> observed) {
        return observed.stream()
                .filter(s -> DefinitionEquality.alikeInOrder(fields(desired), fields(s))
                        && DefinitionEquality.alike(
                                desired.get("partialFilterExpression"), s.get("partialFilterExpression"))
                        && isSameOrder(desired.get("collation"), s.get("collation")))
                .min(Comparator.comparing(s -> !isAsDesired(desired, s)));
    }

    /** Returns the differences between an index and the desired one, with observed and desired values. */
    static String difference(Map<String, Object> desired, Map<String, Object> observed) {
        List<String> all = new ArrayList<>();
        if (!DefinitionEquality.alikeInOrder(fields(desired), fields(observed))) {
            all.add("fields " + fields(observed) + ", desired: " + desired.get("key"));
        }
        if (!DefinitionEquality.alike(desired.get(FILTER), observed.get(FILTER))) {
            all.add(difference("filter", observed.get(FILTER), desired.get(FILTER)));
        }
        if (!isSameOrder(desired.get("collation"), observed.get("collation"))) {
            all.add(difference("collation", observed.get("collation"), desired.get("collation")));
        }
        return String.join("; ", all);
    }

    private static String difference(String what, Object observed, Object desired) {
        return (observed == null ? "no " + what : "the " + what + " " + MongoshText.of(observed)) + ", desired: "
                + (desired == null ? "none" : MongoshText.of(desired));
    }

    /** Returns old indexes that an unfinished rebuild left next to their replacement. */
    static List<String> replaced(
            Map<String, Object> desired, Map<String, Object> kept, List<Map<String, Object>> observed) {
        return observed.stream()
                .filter(s -> !s.get("name").equals(kept.get("name")))
                .filter(s -> s.get("name").equals(desired.get("name"))
                        || equalIndex(desired, List.of(s)).isPresent())
                .map(s -> s.get("name").toString())
                .toList();
    }

    /** Returns whether an index with the desired fields, filter and collation also has the desired options. */
    static boolean isAsDesired(Map<String, Object> desired, Map<String, Object> observed) {
        boolean language = !desired.containsKey("default_language")
                || desired.get("default_language").equals(observed.get("default_language"));
        return language
                && option(desired, "unique").equals(true)
                        == option(observed, "unique").equals(true)
                && CHANGEABLE.stream().allMatch(o -> DefinitionEquality.alike(option(observed, o), option(desired, o)));
    }

    /** Returns the fields of a text index, which the server reports as _fts and weights. */
    private static Map<?, ?> fields(Map<String, Object> index) {
        Map<?, ?> key = (Map<?, ?>) index.get("key");
        if (key.containsKey("_fts") && index.get("weights") instanceof Map<?, ?> weights) {
            Map<String, Object> text = new LinkedHashMap<>();
            weights.keySet().stream().map(Object::toString).sorted().forEach(f -> text.put(f, "text"));
            return text;
        }
        if (key.containsValue("text")) {
            Map<String, Object> text = new LinkedHashMap<>();
            key.keySet().stream().map(Object::toString).sorted().forEach(f -> text.put(f, "text"));
            return text;
        }
        return key;
    }

    private static boolean isSameOrder(Object desired, Object observed) {
        if (desired instanceof Map<?, ?> a && observed instanceof Map<?, ?> b) {
            return a.keySet().stream().allMatch(k -> DefinitionEquality.alike(a.get(k), b.get(k)));
        }
        return desired == null && observed == null;
    }

    /** Returns an option's value, or the server's default. */
    static Object option(Map<String, Object> index, String name) {
        Object value = index.get(name);
        return value == null ? UNSAID.getOrDefault(name, "none") : value;
    }
}
