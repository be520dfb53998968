package dev.holdfast.mongodb.schema;

import dev.holdfast.schema.CheckConstraint;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.Field;
import dev.holdfast.schema.FieldType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The validator of an entity: its types, bounds and checks as $jsonSchema and $expr. */
final class ValidatorMapping {

    private static final List<String> WHOLE = List.of("int", "long");
    private static final String LEAST_UUID = "A".repeat(22) + "==";
    private static final String GREATEST_UUID = "/".repeat(21) + "w==";
    private static final List<String> ANY_NUMBER = List.of("int", "long", "double", "decimal");

    private ValidatorMapping() {}

    static Map<String, Object> validator(Entity entity) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("bsonType", "object");
        schema.put(
                "required",
                entity.fields().stream()
                        .filter(f -> !f.optional())
                        .map(Field::name)
                        .toList());
        Map<String, Object> properties = new LinkedHashMap<>();
        if (entity.validation().closed()) {
            properties.put("_id", new LinkedHashMap<>());
        }
        entity.fields().forEach(f -> properties.put(f.name(), property(f)));
        schema.put("properties", properties);
        if (entity.validation().closed()) {
            schema.put("additionalProperties", false);
        }
        Map<String, Object> validator = map("$jsonSchema", schema);
        List<Object> strange = strange(entity);
        if (!strange.isEmpty()) {
            validator.put("$nor", strange);
        }
        if (!entity.checks().isEmpty()) {
            List<Object> checks = new ArrayList<>();
            entity.checks().forEach(c -> checks.add(rule(c.rule())));
            validator.put("$expr", map("$and", checks));
        }
        return validator;
    }

    /** Returns the conditions of values that are not UUIDs: other lengths or subtypes sort below the least or above the greatest. */
    private static List<Object> strange(Entity entity) {
        List<Object> strange = new ArrayList<>();
        entity.fields().stream()
                .filter(f -> f.type().item().orElse(f.type()).is(FieldType.Kind.UUID))
                .forEach(f -> {
                    strange.add(map(f.name(), map("$lt", uuid(LEAST_UUID))));
                    strange.add(map(f.name(), map("$gt", uuid(GREATEST_UUID))));
                });
        return strange;
    }

    private static Map<String, Object> uuid(String base64) {
        return map("$binary", map("base64", base64, "subType", "04"));
    }

    private static Map<String, Object> property(Field field) {
        Map<String, Object> property = type(field.type());
        field.from().ifPresent(v -> property.put("minimum", number(v, field.type())));
        field.to().ifPresent(v -> property.put("maximum", number(v, field.type())));
        if (field.optional()) {
            allowNull(property);
        }
        return property;
    }

    private static Map<String, Object> type(FieldType type) {
        return switch (type.kind()) {
            case UUID -> map("bsonType", "binData");
            case TEXT ->
                type.length() == 0 ? map("bsonType", "string") : map("bsonType", "string", "maxLength", type.length());
            case EMAIL ->
                map(
                        "bsonType",
                        "string",
                        "maxLength",
                        FieldType.LONGEST_EMAIL,
                        "pattern",
                        whole(FieldType.EMAIL_PATTERN));
            case URL -> map("bsonType", "string", "pattern", whole(FieldType.URL_PATTERN));
            case INT -> map("bsonType", WHOLE, "minimum", Integer.MIN_VALUE, "maximum", Integer.MAX_VALUE);
            case LONG -> map("bsonType", WHOLE);
            case NUMBER -> map("bsonType", ANY_NUMBER);
            case DECIMAL -> decimal(type);
            case BOOL -> map("bsonType", "bool");
            case INSTANT -> map("bsonType", "date");
            case ENUM -> map("enum", type.values());
            case LIST -> map("bsonType", "array", "items", type(type.item().orElseThrow()));
            case JSON -> map("bsonType", "object");
            case POINT -> point();
        };
    }

    /** Replaces $, which also matches before a final line break, unlike in PostgreSQL. */
    private static String whole(String pattern) {
        return pattern.substring(0, pattern.length() - 1) + "\\z";
    }

    /** Returns the type of a decimal; a value with more decimal places is refused, never rounded. */
    private static Map<String, Object> decimal(FieldType type) {
        BigDecimal limit =
                BigDecimal.TEN.pow(type.length() - type.scale()).subtract(BigDecimal.ONE.movePointLeft(type.scale()));
        return map(
                "bsonType",
                "decimal",
                "multipleOf",
                exact(BigDecimal.ONE.movePointLeft(type.scale())),
                "minimum",
                exact(limit.negate()),
                "maximum",
                exact(limit));
    }

    private static Map<String, Object> point() {
        return map(
                "bsonType",
                "object",
                "required",
                List.of("type", "coordinates"),
                "properties",
                map(
                        "type",
                        map("enum", List.of("Point")),
                        "coordinates",
                        map(
                                "bsonType",
                                "array",
                                "minItems",
                                2,
                                "maxItems",
                                2,
                                "items",
                                List.of(degrees(180), degrees(90)))));
    }

    private static Map<String, Object> degrees(int most) {
        return map("bsonType", ANY_NUMBER, "minimum", -most, "maximum", most);
    }

    private static void allowNull(Map<String, Object> property) {
        Object types = property.get("bsonType");
        if (types != null) {
            List<Object> more = new ArrayList<>(types instanceof List<?> list ? list : List.of(types));
            more.add("null");
            property.put("bsonType", more);
        }
        if (property.get("enum") instanceof List<?> words) {
            List<Object> more = new ArrayList<>(words);
            more.add(null);
            property.put("enum", more);
        }
    }

    private static Map<String, Object> rule(CheckConstraint.Rule rule) {
        if (rule instanceof CheckConstraint.Compare compare) {
            String left = "$" + compare.left();
            String right = "$" + compare.right();
            Object both = map("$in", list(null, List.of(orNull(left), orNull(right))));
            return map("$or", List.of(both, map(sign(compare.sign()), List.of(left, right))));
        }
        List<Object> given = new ArrayList<>();
        rule.fields().forEach(f -> given.add(map("$ne", list(orNull("$" + f), null))));
        return map("$or", given);
    }

    private static Map<String, Object> orNull(String path) {
        return map("$ifNull", list(path, null));
    }

    private static String sign(String sign) {
        return switch (sign) {
            case "<" -> "$lt";
            case "<=" -> "$lte";
            case ">" -> "$gt";
            case ">=" -> "$gte";
            case "!=" -> "$ne";
            default -> "$eq";
        };
    }

    static Object number(BigDecimal value, FieldType type) {
        if (type.is(FieldType.Kind.DECIMAL)) {
            return exact(value);
        }
        return value.stripTrailingZeros().scale() <= 0 ? (Object) value.longValue() : (Object) value.doubleValue();
    }

    static Map<String, Object> exact(BigDecimal value) {
        return map("$numberDecimal", value.toPlainString());
    }

    /** Returns the least value of a type; a comparison with it matches all values of the type and no null. */
    static Object least(FieldType type) {
        return switch (type.kind()) {
            case INT, LONG, NUMBER, DECIMAL -> -Double.MAX_VALUE;
            case BOOL -> false;
            case INSTANT -> map("$date", "0001-01-01T00:00:00Z");
            case UUID -> map("$binary", map("base64", "", "subType", "00"));
            default -> "";
        };
    }

    /** Returns a dictionary value in MongoDB's type. */
    static Object value(String text, FieldType type) {
        return switch (type.kind()) {
            case INT, LONG, NUMBER, DECIMAL -> number(new BigDecimal(text), type);
            case BOOL -> Boolean.valueOf(text);
            case UUID -> map("$uuid", text);
            default -> text;
        };
    }

    private static List<Object> list(Object... items) {
        List<Object> list = new ArrayList<>();
        for (Object item : items) {
            list.add(item);
        }
        return list;
    }

    static Map<String, Object> map(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
