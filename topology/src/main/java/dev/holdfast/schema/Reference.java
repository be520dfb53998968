package dev.holdfast.schema;

import dev.holdfast.model.SourceLocation;
import java.util.List;

/**
 * A reference to a row of another entity: a foreign key in SQL; in MongoDB the application's responsibility.
 *
 * @param to the referenced entity
 * @param of its fields, in the order of {@code fields}; default: its key
 */
public record Reference(SourceLocation place, List<String> fields, String to, List<String> of, OnDelete removal) {

    /** The effect on a row if the referenced row is deleted. */
    public enum OnDelete {
        REFUSE,
        CASCADE,
        CLEAR
    }

    public Reference {
        fields = List.copyOf(fields);
        of = List.copyOf(of);
    }

    public Reference pointingAt(List<String> key) {
        return new Reference(place, fields, to, key, removal);
    }
}
