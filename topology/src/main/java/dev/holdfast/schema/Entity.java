package dev.holdfast.schema;

import dev.holdfast.model.SourceLocation;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One entity: a collection or a table.
 *
 * @param domain its business domain: a database in MongoDB, a schema in PostgreSQL
 * @param store the engine that stores it; empty means every cluster that uses the file
 * @param key the fields of the primary key
 * @param indexes the declared indexes and unique constraints, without the index of the key
 */
public record Entity(
        SourceLocation place,
        String domain,
        String name,
        String about,
        String store,
        List<String> key,
        List<Field> fields,
        List<Reference> references,
        List<CheckConstraint> checks,
        List<Index> indexes,
        Optional<ShardKey> sharding,
        Validation validation) {

    /**
     * The validation of documents in MongoDB.
     *
     * @param level strict, moderate or off
     * @param action error or warn
     * @param closed whether fields that are not declared are refused
     */
    public record Validation(String level, String action, boolean closed) {
        public static final Validation STRICT = new Validation("strict", "error", false);
    }

    public Entity {
        key = List.copyOf(key);
        fields = List.copyOf(fields);
        references = List.copyOf(references);
        checks = List.copyOf(checks);
        indexes = List.copyOf(indexes);
    }

    public Optional<Field> field(String desired) {
        return fields.stream().filter(f -> f.name().equals(desired)).findFirst();
    }

    /** Returns the name for messages and lanes: {@code social.user}. */
    public String id() {
        return domain + "." + name;
    }

    public Stream<Index> uniques() {
        return indexes.stream().filter(Index::unique);
    }

    /** Returns whether a set of fields is unique, so that a reference can use it. */
    public boolean isUnique(List<String> desired) {
        return key.equals(desired)
                || uniques().anyMatch(u -> u.where().isEmpty() && u.fields().equals(desired));
    }

    public Entity withFields(List<Field> others, List<Reference> refs) {
        return new Entity(place, domain, name, about, store, key, others, refs, checks, indexes, sharding, validation);
    }
}
