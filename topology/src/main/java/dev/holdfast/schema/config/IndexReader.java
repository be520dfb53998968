package dev.holdfast.schema.config;

import dev.holdfast.config.ConfigCursor;
import dev.holdfast.schema.Index;
import dev.holdfast.schema.Index.Collation;
import dev.holdfast.schema.Index.Kind;
import dev.holdfast.schema.Index.Part;
import dev.holdfast.schema.ObjectNames;
import dev.holdfast.schema.ShardKey;
import dev.holdfast.schema.ShardKey.Range;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The reader of the unique constraints, indexes and shard key of one entity. */
final class IndexReader {

    private static final int USUAL_STRENGTH = 3;

    private final ConfigCursor entity;

    IndexReader(ConfigCursor entity) {
        this.entity = entity;
    }

    /** Returns the unique constraints first; an index that equals a constraint is merged with it. */
    List<Index> indexes() {
        List<Index> all = new ArrayList<>();
        for (ConfigCursor unique : entity.at("unique").items()) {
            all.add(plain(unique, unique.words(), true));
        }
        for (ConfigCursor index : entity.at("indexes").items()) {
            Index read = index.isMap() ? full(index) : plain(index, index.words(), false);
            boolean covered = all.stream().anyMatch(u -> covers(u, read));
            if (!covered) {
                all.add(read);
            }
        }
        return all;
    }

    private static boolean covers(Index unique, Index other) {
        return unique.unique()
                && other.kind() == Kind.PLAIN
                && unique.parts().equals(other.parts())
                && other.where().isEmpty()
                && other.collation().isEmpty()
                && !other.hidden();
    }

    private Index plain(ConfigCursor at, List<String> words, boolean unique) {
        List<Part> parts = parts(words);
        String name = ObjectNames.of(entity.name(), fields(parts), unique ? "key" : "idx");
        return new Index(
                at.place(), name, Kind.PLAIN, parts, unique, Map.of(), Optional.empty(), false, "", Optional.empty());
    }

    private Index full(ConfigCursor keys) {
        Kind kind = Kind.valueOf(keys.at("kind").text("plain").toUpperCase(Locale.ROOT));
        List<Part> parts = parts(keys.at("on").words());
        boolean unique = keys.at("unique").flag(false);
        String end = unique ? "key" : kind == Kind.PLAIN ? "idx" : kind.name().toLowerCase(Locale.ROOT);
        Map<String, String> where = new LinkedHashMap<>();
        keys.at("where").entries().forEach(w -> where.put(w.name(), w.text("")));
        List<String> named = new ArrayList<>(fields(parts));
        if (!where.isEmpty()) {
            named.add("where");
            named.addAll(where.keySet());
        }
        String name = ObjectNames.of(entity.name(), named, end);
        return new Index(
                keys.place(),
                keys.at("name").text(name),
                kind,
                parts,
                unique,
                where,
                keys.at("after").span(),
                keys.at("hidden").flag(false),
                keys.at("language").text("simple"),
                collation(keys.at("collation")));
    }

    private static Optional<Collation> collation(ConfigCursor keys) {
        return keys.isPresent()
                ? Optional.of(new Collation(
                        keys.at("locale").text(""), keys.at("strength").whole().orElse(USUAL_STRENGTH)))
                : Optional.empty();
    }

    private static List<Part> parts(List<String> words) {
        return words.stream().map(IndexReader::part).toList();
    }

    private static Part part(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        if (lower.endsWith(" desc")) {
            return new Part(word.substring(0, word.length() - " desc".length()).strip(), true);
        }
        return new Part(
                lower.endsWith(" asc")
                        ? word.substring(0, word.length() - " asc".length()).strip()
                        : word,
                false);
    }

    private static List<String> fields(List<Part> parts) {
        return parts.stream().map(Part::field).toList();
    }

    Optional<ShardKey> sharding() {
        ConfigCursor keys = entity.at("shardKey");
        if (!keys.isPresent()) {
            return Optional.empty();
        }
        List<String> fields = new ArrayList<>();
        String hashed = "";
        for (String word : (keys.isMap() ? keys.at("by") : keys).words()) {
            boolean isHashed = word.endsWith(" hashed");
            String field = isHashed
                    ? word.substring(0, word.length() - " hashed".length()).strip()
                    : word;
            fields.add(field);
            hashed = isHashed ? field : hashed;
        }
        List<Map<String, Object>> splits =
                keys.at("split").items().stream().map(IndexReader::values).toList();
        List<Range> zones = keys.at("zones").items().stream()
                .map(z -> new Range(z.place(), z.at("zone").text(""), values(z.at("from")), values(z.at("to"))))
                .toList();
        return Optional.of(new ShardKey(keys.place(), fields, hashed, splits, zones));
    }

    private static Map<String, Object> values(ConfigCursor keys) {
        Map<String, Object> values = new LinkedHashMap<>();
        keys.entries().forEach(e -> values.put(e.name(), e.text("")));
        return values;
    }
}
