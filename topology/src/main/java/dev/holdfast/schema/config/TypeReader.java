package dev.holdfast.schema.config;

import dev.holdfast.config.ConfigCursor;
import dev.holdfast.config.Suggestion;
import dev.holdfast.schema.FieldType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parser of types in one line: {@code text(80)}, {@code list of url?}, {@code enum A|B}, {@code -> user}. */
final class TypeReader {

    private static final Pattern SIZED = Pattern.compile("(text|decimal)\\((\\d{1,8})(?:, ?(\\d{1,3}))?\\)");
    private static final int MOST_DIGITS = 34;
    private static final int MONEY_DIGITS = 19;
    private static final int MONEY_SCALE = 4;

    static final List<String> WORDS = List.of(
            "uuid",
            "text",
            "email",
            "url",
            "int",
            "long",
            "number",
            "decimal(19,4)",
            "money",
            "bool",
            "instant",
            "enum A|B",
            "list of text",
            "json",
            "point");

    private TypeReader() {}

    /**
     * The result of one line.
     *
     * @param type empty for a reference, whose type is that of the referenced key
     * @param ref the referenced entity; empty if it is not a reference
     */
    record ParsedType(Optional<FieldType> type, String ref, boolean optional) {}

    static ParsedType read(ConfigCursor from) {
        String line = from.text("").strip();
        boolean optional = line.endsWith("?");
        String text = optional ? line.substring(0, line.length() - 1).strip() : line;
        if (text.startsWith("->")) {
            return new ParsedType(Optional.empty(), text.substring(2).strip(), optional);
        }
        return new ParsedType(Optional.of(type(text, from)), "", optional);
    }

    static FieldType type(String text, ConfigCursor from) {
        if (text.startsWith("list of ")) {
            return FieldType.listOf(type(text.substring("list of ".length()).strip(), from));
        }
        if (text.startsWith("enum ")) {
            return FieldType.oneOf(
                    Arrays.stream(text.substring("enum ".length()).split("\\|", -1))
                            .map(String::strip)
                            .toList());
        }
        Matcher sized = SIZED.matcher(text);
        if (sized.matches()) {
            return sized(sized, from);
        }
        return plain(text).orElseGet(() -> {
            from.wrong("\"" + text + "\" is not a type", Suggestion.hint(text, WORDS, "types: "));
            return FieldType.of(FieldType.Kind.TEXT);
        });
    }

    private static Optional<FieldType> plain(String text) {
        if (text.equals("money")) {
            return Optional.of(FieldType.decimal(MONEY_DIGITS, MONEY_SCALE));
        }
        for (FieldType.Kind kind : FieldType.Kind.values()) {
            boolean alone =
                    kind != FieldType.Kind.DECIMAL && kind != FieldType.Kind.ENUM && kind != FieldType.Kind.LIST;
            if (alone && kind.name().toLowerCase(java.util.Locale.ROOT).equals(text)) {
                return Optional.of(FieldType.of(kind));
            }
        }
        return Optional.empty();
    }

    private static FieldType sized(Matcher sized, ConfigCursor from) {
        int length = Integer.parseInt(sized.group(2));
        int scale = sized.group(3) == null ? 0 : Integer.parseInt(sized.group(3));
        if (sized.group(1).equals("text")) {
            if (length < 1 || length > 10_485_760 || sized.group(3) != null) {
                from.wrong(
                        "text(" + length + ") is not supported",
                        "use text(1) to text(10485760), or text without a length");
            }
            return FieldType.text(length);
        }
        if (length < 1 || length > MOST_DIGITS || scale > length) {
            from.wrong(
                    "decimal(" + length + "," + scale + ") is not supported by both engines",
                    "1 to " + MOST_DIGITS + " digits, and at most as many decimal places");
        }
        return FieldType.decimal(length, scale);
    }
}
