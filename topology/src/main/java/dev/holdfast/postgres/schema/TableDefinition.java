package dev.holdfast.postgres.schema;

import static dev.holdfast.postgres.value.SqlQuoting.name;
import static dev.holdfast.postgres.value.SqlQuoting.names;
import static dev.holdfast.postgres.value.SqlQuoting.text;

import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.Field;
import dev.holdfast.schema.FieldType.Kind;
import dev.holdfast.schema.Index;
import dev.holdfast.schema.ObjectNames;
import dev.holdfast.schema.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The table that the dictionary defines for one entity: its CREATE TABLE statement, constraints and indexes. */
record TableDefinition(Entity entity, TypeMapping types, Dictionary stored) {

    /** Returns the table's name with its schema. */
    String table() {
        return name(entity.domain()) + "." + name(entity.name());
    }

    String create() {
        List<String> parts = new ArrayList<>();
        entity.fields().forEach(f -> parts.add(types.column(f)));
        constraints().forEach((n, d) -> parts.add("CONSTRAINT " + name(n) + " " + d));
        return parts.stream().collect(Collectors.joining(",\n  ", "CREATE TABLE " + table() + " (\n  ", "\n)"));
    }

    /** Returns the key, the unique constraints and the checks, by name; references follow when all tables exist. */
    Map<String, String> constraints() {
        Map<String, String> all = new LinkedHashMap<>(uniques());
        all.putAll(types.checks(entity));
        return all;
    }

    /** Returns the key and the unique constraints, by name. */
    Map<String, String> uniques() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(ObjectNames.of(entity.name(), List.of(), "pkey"), "PRIMARY KEY (" + names(entity.key()) + ")");
        entity.indexes().stream()
                .filter(Index::isConstraint)
                .forEach(i -> all.put(i.name(), "UNIQUE (" + names(i.fields()) + ")"));
        return all;
    }

    /** Returns the foreign keys, by name, without references to another store. */
    Map<String, String> references() {
        Map<String, String> all = new LinkedHashMap<>();
        for (Reference reference : entity.references()) {
            stored.entity(reference.to())
                    .ifPresent(to -> all.put(
                            ObjectNames.of(entity.name(), reference.fields(), "fkey"),
                            "FOREIGN KEY (" + names(reference.fields()) + ") REFERENCES " + name(to.domain()) + "."
                                    + name(to.name()) + "(" + names(reference.of()) + ")" + removal(reference)));
        }
        return all;
    }

    private static String removal(Reference reference) {
        return switch (reference.removal()) {
            case REFUSE -> "";
            case CASCADE -> " ON DELETE CASCADE";
            case CLEAR -> " ON DELETE SET NULL";
        };
    }

    /** Returns the indexes that are not constraints, by name. */
    Map<String, String> indexes() {
        Map<String, String> all = new LinkedHashMap<>();
        entity.indexes().stream()
                .filter(i -> !i.isConstraint() && !i.fields().contains(Index.EVERYTHING))
                .forEach(i -> all.put(i.name(), index(i, "")));
        return all;
    }

    /** @param how empty, or {@code CONCURRENTLY} */
    String index(Index index, String how) {
        return "CREATE " + (index.unique() ? "UNIQUE " : "") + "INDEX " + (how.isEmpty() ? "" : how + " ")
                + name(index.name()) + on(index, table());
    }

    /** Returns the statement that builds the same index on a partition, always under the same name, so that a later run finds it. */
    String indexOfPartition(Index index, String partition) {
        String name = ObjectNames.of(index.name(), List.of(Integer.toHexString(partition.hashCode())), "part");
        return "CREATE INDEX CONCURRENTLY IF NOT EXISTS " + name(name) + on(index, partition);
    }

    private String on(Index index, String table) {
        String where = index.where().entrySet().stream()
                .map(w -> name(w.getKey()) + " = "
                        + TypeMapping.value(
                                w.getValue(),
                                entity.field(w.getKey()).orElseThrow().type()))
                .collect(Collectors.joining(" AND "));
        return " ON " + table + " USING " + method(index) + " (" + columns(index) + ")"
                + (where.isEmpty() ? "" : " WHERE " + where);
    }

    private String method(Index index) {
        boolean list = index.parts().size() == 1
                && entity.field(index.fields().get(0))
                        .filter(f -> f.type().is(Kind.LIST))
                        .isPresent();
        return switch (index.kind()) {
            case TEXT, WILDCARD -> "gin";
            case GEO -> "gist";
            case TTL -> "btree";
            case PLAIN -> list && !index.unique() ? "gin" : "btree";
        };
    }

    private String columns(Index index) {
        if (index.kind() == Index.Kind.TEXT) {
            String words = index.fields().size() == 1
                    ? name(index.fields().get(0))
                    : index.fields().stream()
                            .map(f -> "COALESCE(" + name(f) + ", '')")
                            .collect(Collectors.joining(" || ' ' || "));
            return "to_tsvector(" + text(index.language()) + "::regconfig, " + words + ")";
        }
        return index.parts().stream()
                .map(p -> part(index, p) + (p.descending() ? " DESC" : ""))
                .collect(Collectors.joining(", "));
    }

    /** Collation strengths 1 and 2 ignore case; PostgreSQL uses lower() for this. */
    private String part(Index index, Index.Part part) {
        Field field = entity.field(part.field()).orElseThrow();
        boolean folded = index.collation().filter(c -> c.strength() < 3).isPresent()
                && field.type().is(Kind.TEXT, Kind.EMAIL, Kind.URL, Kind.ENUM);
        return folded ? "lower(" + name(part.field()) + ")" : name(part.field());
    }
}
