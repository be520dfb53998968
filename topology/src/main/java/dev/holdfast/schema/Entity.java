package dev.holdfast.schema;

import dev.holdfast.model.SourceLocation;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One kind of thing that is stored: a collection, a table.
 *
 * @param domain the part of the business it belongs to: a database in MongoDB, a schema in PostgreSQL
 * @param store the engine that keeps it; empty means whichever cluster the file is given to
 * @param key the fields that name one row
 * @param indexes declared ones and unique constraints; the key's own is not among them
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
     * What MongoDB does with a document that does not fit.
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

    /** For people and lanes: {@code social.user}. */
    public String id() {
        return domain + "." + name;
    }

    public Stream<Index> uniques() {
        return indexes.stream().filter(Index::unique);
    }

    /** Whether a set of fields holds no two equal rows, so that a reference may name them. */
    public boolean isUnique(List<String> desired) {
        return key.equals(desired)
                || uniques().anyMatch(u -> u.where().isEmpty() && u.fields().equals(desired));
    }

    public Entity withFields(List<Field> others, List<Reference> refs) {
        return new Entity(place, domain, name, about, store, key, others, refs, checks, indexes, sharding, validation);
    }
}
