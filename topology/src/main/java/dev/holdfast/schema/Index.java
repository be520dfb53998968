package dev.holdfast.schema;

import dev.holdfast.model.SourceLocation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One index of an entity.
 *
 * @param parts its fields in order; one part called {@link #EVERYTHING} for a wildcard index over the whole document
 * @param where the values of rows in a partial index, by field; empty means every row
 * @param after the time after the field's value at which a TTL index deletes a row
 * @param language the language of a text index
 */
public record Index(
        SourceLocation place,
        String name,
        Kind kind,
        List<Part> parts,
        boolean unique,
        Map<String, String> where,
        Optional<Duration> after,
        boolean hidden,
        String language,
        Optional<Collation> collation) {

    /** The purpose of an index. */
    public enum Kind {
        PLAIN,
        TEXT,
        GEO,
        TTL,
        WILDCARD
    }

    public static final String EVERYTHING = "$**";

    /** One field of an index with its direction. */
    public record Part(String field, boolean descending) {

        // the same as a record's generated method, whose first use takes 20 ms
        @Override
        public boolean equals(Object other) {
            return other instanceof Part part && field.equals(part.field) && descending == part.descending;
        }

        @Override
        public int hashCode() {
            return field.hashCode() * 31 + Boolean.hashCode(descending);
        }

        @Override
        public String toString() {
            return descending ? field + " desc" : field;
        }
    }

    /** The collation of an index; strength 1 ignores case and accents, 2 ignores case. */
    public record Collation(String locale, int strength) {}

    public Index {
        parts = List.copyOf(parts);
    }

    public List<String> fields() {
        return parts.stream().map(Part::field).toList();
    }

    /** Returns the form for messages: {@code (reviewee_id, created_at desc)}. */
    public String written() {
        return parts.stream().map(Part::toString).collect(Collectors.joining(", ", "(", ")"));
    }

    /** Returns whether it is a unique constraint, which SQL stores as a constraint and not only as an index. */
    public boolean isConstraint() {
        return unique
                && where.isEmpty()
                && collation.isEmpty()
                && parts.stream().noneMatch(Part::descending);
    }
}
