package dev.holdfast.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The export of a schema as JSON Schema, draft 2020-12, in plain maps and lists. */
public final class JsonSchemaExport {

    private static final String FILLED = "\\$\\{(?:env|var):";
    private static final Map<String, Object> FILLED_TEXT = object("type", "string", "pattern", FILLED);

    private JsonSchemaExport() {}

    public static Map<String, Object> of(ConfigSchema shape, String title) {
        Map<String, Object> schema = object("$schema", "https://json-schema.org/draft/2020-12/schema", "title", title);
        schema.putAll(schema(shape));
        return schema;
    }

    private static Map<String, Object> schema(ConfigSchema shape) {
        if (shape instanceof ConfigSchema.Text text) {
            return text(text.spelling());
        }
        if (shape instanceof ConfigSchema.HostName) {
            return text(TextFormat.HOST);
        }
        if (shape instanceof ConfigSchema.Choice words) {
            return orFilled(object("enum", words.words()));
        }
        if (shape instanceof ConfigSchema.Bool) {
            return orFilled(object("type", "boolean"));
        }
        if (shape instanceof ConfigSchema.Int whole) {
            return orFilled(object("type", "integer", "minimum", whole.least(), "maximum", whole.most()));
        }
        if (shape instanceof ConfigSchema.Decimal decimal) {
            return orFilled(object("type", "number", "minimum", decimal.least(), "maximum", decimal.most()));
        }
        if (shape instanceof ConfigSchema.DurationValue) {
            return pattern("^(?:[0-9]{1,12}(?:ms|s|m|h|d))+$");
        }
        if (shape instanceof ConfigSchema.Size) {
            return pattern("^[0-9]{1,7}(?:MB|GB|TB)$");
        }
        return structure(shape);
    }

    private static Map<String, Object> structure(ConfigSchema shape) {
        if (shape instanceof ConfigSchema.ListOf list) {
            return object("type", "array", "minItems", list.least(), "items", schema(list.item()));
        }
        if (shape instanceof ConfigSchema.MapOf named) {
            return object(
                    "type", "object",
                    "minProperties", named.least(),
                    "propertyNames", schema(named.names()),
                    "additionalProperties", schema(named.value()));
        }
        if (shape instanceof ConfigSchema.ObjectOf keys) {
            return keys(keys);
        }
        if (shape instanceof ConfigSchema.AnyOf either) {
            List<Object> schemas = new ArrayList<>();
            either.shapes().forEach(s -> schemas.add(schema(s)));
            return object("anyOf", schemas);
        }
        return shape instanceof ConfigSchema.Switch cases
                ? cases(cases)
                : object("type", List.of("object", "array", "string", "number", "boolean"));
    }

    private static Map<String, Object> keys(ConfigSchema.ObjectOf shape) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<Object> required = new ArrayList<>();
        for (ConfigSchema.Key key : shape.keys().values()) {
            Map<String, Object> property = object("description", key.about());
            property.putAll(schema(key.shape()));
            properties.put(key.name(), property);
            if (key.required()) {
                required.add(key.name());
            }
        }
        Map<String, Object> schema = object("type", "object", "properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    private static Map<String, Object> cases(ConfigSchema.Switch shape) {
        List<Object> branches = new ArrayList<>();
        shape.cases().forEach((word, keys) -> {
            ConfigSchema.Key chosen = ConfigSchema.must(shape.key(), ConfigSchema.words(word), shape.about());
            branches.add(object(
                    "if",
                            object(
                                    "properties",
                                    object(shape.key(), object("const", word)),
                                    "required",
                                    List.of(shape.key())),
                    "then", keys(ConfigSchema.keys(chosen).plus(keys))));
        });
        Map<String, Object> chosen = object(
                "description", shape.about(), "enum", List.copyOf(shape.cases().keySet()));
        return object(
                "type",
                "object",
                "properties",
                object(shape.key(), chosen),
                "required",
                List.of(shape.key()),
                "allOf",
                branches);
    }

    private static Map<String, Object> text(TextFormat spelling) {
        if (spelling == TextFormat.LINE) {
            return object("type", List.of("string", "number", "boolean"), "maxLength", spelling.longest());
        }
        return pattern("^(?=[\\s\\S]{0," + spelling.longest() + "}$)"
                + spelling.pattern().substring(1));
    }

    private static Map<String, Object> pattern(String pattern) {
        return object("type", "string", "pattern", pattern + "|" + FILLED);
    }

    private static Map<String, Object> orFilled(Map<String, Object> schema) {
        return object("anyOf", List.of(schema, FILLED_TEXT));
    }

    private static Map<String, Object> object(Object... keysAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            object.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return object;
    }
}
