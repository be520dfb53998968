package dev.holdfast.cli.database;

import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bson.BsonTimestamp;
import org.bson.types.Binary;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;

/** Conversion of MongoDB values to plain Java values; types that Java lacks become extended JSON, which can be sent back unchanged. */
final class BsonValues {

    private BsonValues() {}

    static Map<String, Object> plain(Map<String, Object> document) {
        Map<String, Object> copy = new LinkedHashMap<>();
        document.forEach((k, v) -> copy.put(k, value(v)));
        return copy;
    }

    @SuppressWarnings("unchecked")
    private static Object value(Object value) {
        if (value instanceof Map<?, ?> map) {
            return plain((Map<String, Object>) map);
        }
        if (value instanceof Collection<?> list) {
            return list.stream().map(BsonValues::value).toList();
        }
        if (value instanceof ObjectId id) {
            return Map.of("$oid", id.toHexString());
        }
        if (value instanceof BsonTimestamp stamp) {
            Map<String, Object> parts = new LinkedHashMap<>();
            parts.put("t", Integer.toUnsignedLong(stamp.getTime()));
            parts.put("i", Integer.toUnsignedLong(stamp.getInc()));
            return Map.of("$timestamp", parts);
        }
        if (value instanceof Date date) {
            return Map.of("$date", Instant.ofEpochMilli(date.getTime()).toString());
        }
        if (value instanceof Binary binary) {
            return binary.getType() == 4 || binary.getType() == 3
                    ? HexFormat.of().formatHex(binary.getData())
                    : Map.of("$binary", binaryParts(binary));
        }
        if (value instanceof Decimal128 decimal) {
            return decimal.isNaN() || decimal.isInfinite() ? decimal.toString() : decimal.bigDecimalValue();
        }
        return value instanceof List<?> || value == null || value instanceof Number || value instanceof Boolean
                ? value
                : value.toString();
    }

    private static Map<String, Object> binaryParts(Binary binary) {
        Map<String, Object> parts = new LinkedHashMap<>();
        parts.put("base64", java.util.Base64.getEncoder().encodeToString(binary.getData()));
        parts.put("subType", String.format("%02x", binary.getType()));
        return parts;
    }
}
