package dev.holdfast.schema;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** What indexes and constraints are called when the dictionary does not say; never longer than PostgreSQL keeps. */
public final class ObjectNames {

    /** PostgreSQL cuts longer names silently. */
    public static final int LONGEST = 63;

    private static final int HEX = 16;
    private static final int MARK = 8;

    private ObjectNames() {}

    /** {@code entity_field_field_suffix}; a long one is cut and marked, always in the same way. */
    public static String of(String entity, List<String> fields, String suffix) {
        String middle =
                fields.stream().map(f -> f.equals(Index.EVERYTHING) ? "all" : f).collect(Collectors.joining("_"));
        return fitted(entity + (middle.isEmpty() ? "" : "_" + middle), "_" + suffix);
    }

    public static int bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String fitted(String stem, String end) {
        if (bytes(stem) + bytes(end) <= LONGEST) {
            return stem + end;
        }
        String mark = "_" + hex(stem);
        String cut = stem;
        while (bytes(cut) + bytes(mark) + bytes(end) > LONGEST) {
            cut = cut.substring(0, cut.length() - 1);
        }
        return cut + mark + end;
    }

    private static String hex(String text) {
        String hex = Long.toString(Integer.toUnsignedLong(text.hashCode()), HEX);
        return "0".repeat(MARK - hex.length()) + hex;
    }
}
