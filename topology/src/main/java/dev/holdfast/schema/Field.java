package dev.holdfast.schema;

import dev.holdfast.model.SourceLocation;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * One field of an entity: a key of a document, a column of a table.
 *
 * @param optional whether it can be absent (or null)
 * @param identity whether the database generates its numbers
 * @param otherwise the default value; {@code now} for an instant; empty without a default
 * @param from the least value of a number
 * @param to the greatest value of a number
 */
public record Field(
        SourceLocation place,
        String name,
        FieldType type,
        boolean optional,
        boolean identity,
        String otherwise,
        Optional<BigDecimal> from,
        Optional<BigDecimal> to,
        String about) {

    public Field ofType(FieldType other) {
        return new Field(place, name, other, optional, identity, otherwise, from, to, about);
    }
}
