package dev.holdfast.mongodb.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The equality of observed and desired definitions, independent of number types. */
final class DefinitionEquality {

    private DefinitionEquality() {}

    static boolean alike(Object one, Object other) {
        if (isUuid(one) || isUuid(other)) {
            return digits(one).equals(digits(other));
        }
        if (isNumber(one) && isNumber(other)) {
            return number(one).compareTo(number(other)) == 0;
        }
        if (one instanceof Map<?, ?> a && other instanceof Map<?, ?> b) {
            return a.keySet().equals(b.keySet()) && a.keySet().stream().allMatch(k -> alike(a.get(k), b.get(k)));
        }
        if (one instanceof List<?> a && other instanceof List<?> b) {
            boolean all = a.size() == b.size();
            for (int i = 0; all && i < a.size(); i++) {
                all = alike(a.get(i), b.get(i));
            }
            return all;
        }
        return one == null ? other == null : one.equals(other);
    }

    /** Returns whether both are equal with the same order of keys, which matters for indexes. */
    static boolean alikeInOrder(Map<?, ?> one, Map<?, ?> other) {
        return new ArrayList<>(one.keySet()).equals(new ArrayList<>(other.keySet())) && alike(one, other);
    }

    /** Returns whether the value is a UUID, in either representation. */
    private static boolean isUuid(Object value) {
        return value instanceof Map<?, ?> map
                && (map.get("$uuid") instanceof String
                        || map.get("$binary") instanceof Map<?, ?> binary && "04".equals(binary.get("subType")));
    }

    private static String digits(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return String.valueOf(value);
        }
        return map.get("$binary") instanceof Map<?, ?> binary
                ? HexFormat.of().formatHex(Base64.getDecoder().decode((String) binary.get("base64")))
                : String.valueOf(map.get("$uuid")).replace("-", "").toLowerCase(Locale.ROOT);
    }

    static boolean isNumber(Object value) {
        return value instanceof Number
                || value instanceof Map<?, ?> m && m.size() == 1 && m.containsKey("$numberDecimal");
    }

    static BigDecimal number(Object value) {
        return value instanceof Map<?, ?> m
                ? new BigDecimal(m.get("$numberDecimal").toString())
                : new BigDecimal(value.toString());
    }
}
