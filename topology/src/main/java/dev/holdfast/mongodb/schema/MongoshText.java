package dev.holdfast.mongodb.schema;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The mongosh form of commands and documents. */
final class MongoshText {

    private static final int WIDTH = 100;

    private MongoshText() {}

    static String command(String database, Map<String, Object> command) {
        return "db.getSiblingDB(" + quoted(database) + ").runCommand(" + of(command) + ")";
    }

    static String of(Object value) {
        if (value instanceof Map<?, ?> map) {
            if (DefinitionEquality.isNumber(map)) {
                return "NumberDecimal(" + quoted(map.get("$numberDecimal").toString()) + ")";
            }
            if (map.containsKey("$minKey") || map.containsKey("$maxKey")) {
                return map.containsKey("$minKey") ? "MinKey()" : "MaxKey()";
            }
            if (map.size() == 1 && map.containsKey("$uuid")) {
                return "UUID(" + quoted(map.get("$uuid").toString()) + ")";
            }
            if (map.get("$date") instanceof String date) {
                return "ISODate(" + quoted(date) + ")";
            }
            if (map.get("$binary") instanceof Map<?, ?> binary) {
                return "BinData(" + Integer.parseInt(binary.get("subType").toString(), 16) + ", "
                        + quoted(binary.get("base64").toString()) + ")";
            }
            return map.isEmpty()
                    ? "{}"
                    : map.entrySet().stream()
                            .map(e -> key(e.getKey().toString()) + ": " + of(e.getValue()))
                            .collect(Collectors.joining(", ", "{ ", " }"));
        }
        if (value instanceof List<?> list) {
            return list.isEmpty()
                    ? "[]"
                    : list.stream().map(MongoshText::of).collect(Collectors.joining(", ", "[ ", " ]"));
        }
        return value instanceof String text ? quoted(text) : String.valueOf(value);
    }

    /** Returns the same over several lines if one line would be too long. */
    static String pretty(Object value, int indent) {
        String line = of(value);
        if (line.length() + indent <= WIDTH || !(value instanceof Map || value instanceof List)) {
            return line;
        }
        String margin = " ".repeat(indent + 2);
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(e -> margin + key(e.getKey().toString()) + ": " + pretty(e.getValue(), indent + 2))
                    .collect(Collectors.joining(",\n", "{\n", "\n" + " ".repeat(indent) + "}"));
        }
        return ((List<?>) value)
                .stream()
                        .map(i -> margin + pretty(i, indent + 2))
                        .collect(Collectors.joining(",\n", "[\n", "\n" + " ".repeat(indent) + "]"));
    }

    private static String key(String key) {
        return key.matches("[A-Za-z_$][A-Za-z0-9_$]*") ? key : quoted(key);
    }

    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (c < ' ' || c == 0x2028 || c == 0x2029) {
                quoted.append(String.format("\\u%04x", c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }
}
