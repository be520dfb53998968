package dev.holdfast.schema;

import java.math.BigDecimal;

/** The literals of a dictionary: defaults and the conditions of partial indexes. */
public final class Literals {

    public static final String NOW = "now";

    private Literals() {}

    /** Returns whether a text is a value of a type. */
    public static boolean fits(String text, FieldType type) {
        return switch (type.kind()) {
            case TEXT -> type.length() == 0 || text.length() <= type.length();
            case EMAIL -> text.contains("@");
            case URL -> text.startsWith("http");
            case INT, LONG -> isWhole(text);
            case NUMBER, DECIMAL -> isNumber(text);
            case BOOL -> text.equals("true") || text.equals("false");
            case INSTANT -> text.equals(NOW);
            case ENUM -> type.values().contains(text);
            case UUID -> text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
            case LIST -> text.equals("[]");
            case JSON -> text.equals("{}");
            case POINT -> false;
        };
    }

    private static boolean isWhole(String text) {
        return text.matches("-?[0-9]{1,18}");
    }

    private static boolean isNumber(String text) {
        try {
            return new BigDecimal(text).precision() > 0;
        } catch (NumberFormatException notANumber) {
            return false;
        }
    }
}
