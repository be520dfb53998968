package dev.holdfast.schema;

import dev.holdfast.model.SourceLocation;
import java.util.List;

/**
 * Fields whose values name a row of another entity: a foreign key in SQL, a promise of the application in MongoDB.
 *
 * @param to the entity that is named
 * @param of its fields, in the order of {@code fields}; its key when the file names none
 */
public record Reference(SourceLocation place, List<String> fields, String to, List<String> of, OnDelete removal) {

    /** What becomes of a row when the row it names is deleted. */
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
