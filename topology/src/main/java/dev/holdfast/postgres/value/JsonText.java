package dev.holdfast.postgres.value;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The text of a value in JSON. */
public final class JsonText {

    private JsonText() {}

    /** Returns the text of maps, lists, texts, numbers, booleans and null in one line. */
    public static String of(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(e -> text(e.getKey().toString()) + ": " + of(e.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(JsonText::of).collect(Collectors.joining(", ", "[", "]"));
        }
        return value instanceof String text ? text(text) : String.valueOf(value);
    }

    private static String text(String raw) {
        StringBuilder text = new StringBuilder("\"");
        raw.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                text.append('\\').append((char) c);
            } else if (c < ' ' || c == 0x7f) {
                text.append("\\u%04x".formatted(c));
            } else {
                text.append((char) c);
            }
        });
        return text.append('"').toString();
    }
}
