package dev.holdfast.schema;

import java.util.List;
import java.util.Optional;

/**
 * The type of a field; each engine maps it to a type of its own.
 *
 * @param length the greatest number of characters of a text or digits of a decimal; 0 without limit
 * @param scale the decimal places
 * @param values the values of an enum
 * @param item the type of a list's items
 */
public record FieldType(Kind kind, int length, int scale, List<String> values, Optional<FieldType> item) {

    /** The kinds of values, by their word in a dictionary. */
    public enum Kind {
        UUID,
        TEXT,
        EMAIL,
        URL,
        INT,
        LONG,
        NUMBER,
        DECIMAL,
        BOOL,
        INSTANT,
        ENUM,
        LIST,
        JSON,
        POINT
    }

    /** The greatest length of an address by RFC 5321. */
    public static final int LONGEST_EMAIL = 254;

    public static final String EMAIL_PATTERN = "^[^@[:space:]]+@[^@[:space:]]+$";
    public static final String URL_PATTERN = "^https?://[^[:space:]]+$";

    public FieldType {
        values = List.copyOf(values);
    }

    public static FieldType of(Kind kind) {
        return new FieldType(kind, 0, 0, List.of(), Optional.empty());
    }

    public static FieldType text(int length) {
        return new FieldType(Kind.TEXT, length, 0, List.of(), Optional.empty());
    }

    public static FieldType decimal(int digits, int scale) {
        return new FieldType(Kind.DECIMAL, digits, scale, List.of(), Optional.empty());
    }

    public static FieldType oneOf(List<String> values) {
        return new FieldType(Kind.ENUM, 0, 0, values, Optional.empty());
    }

    public static FieldType listOf(FieldType item) {
        return new FieldType(Kind.LIST, 0, 0, List.of(), Optional.of(item));
    }

    public boolean is(Kind... kinds) {
        return List.of(kinds).contains(kind);
    }

    /** Returns whether values can be compared with {@code <} and {@code >}. */
    public boolean isNumber() {
        return is(Kind.INT, Kind.LONG, Kind.NUMBER, Kind.DECIMAL);
    }

    /** Returns the form of the dictionary file. */
    public String written() {
        return switch (kind) {
            case TEXT -> length == 0 ? "text" : "text(" + length + ")";
            case DECIMAL -> "decimal(" + length + "," + scale + ")";
            case ENUM -> "enum " + String.join("|", values);
            case LIST -> "list of " + item.orElseThrow().written();
            default -> kind.name().toLowerCase(java.util.Locale.ROOT);
        };
    }
}
