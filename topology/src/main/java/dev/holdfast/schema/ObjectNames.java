package dev.holdfast.schema;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** The default names of indexes and constraints, within the length limit of PostgreSQL. */
public final class ObjectNames {

    /** The length limit; PostgreSQL truncates longer names silently. */
    public static final int LONGEST = 63;

    private static final int HEX = 16;
    private static final int MARK = 8;

    private ObjectNames() {}

    /** Returns {@code entity_field_field_suffix}; a long name is truncated and gets a hash, always the same. */
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
