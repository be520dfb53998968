package dev.holdfast.execution;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A file of {@code scripts/} with its values; adapters read the file's text.
 *
 * <p>What a value becomes depends on the file: in {@code *.sh} it is an exported variable, in {@code *.sql}
 * {@code :"name"} is an identifier, {@code :'name'} a literal, in {@code *.json} {@code "$name"} is replaced by the
 * value as JSON ({@code "...": "$name"} by the fields of a map), in {@code *.conf}, {@code *.cfg} and {@code *.txt} {@code {{name}}} is replaced by the text. A
 * {@link dev.holdfast.model.SecretRef} stands for its value, and prints its name.
 *
 * @param file path below {@code scripts/}, e.g. {@code host/look.sh}
 * @param values strings, numbers, booleans, secrets, lists and maps of those
 */
public record Script(String file, Map<String, Object> values) {
    public Script {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    public static Script of(String file) {
        return new Script(file, Map.of());
    }

    public Script with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new Script(file, more);
    }

    @Override
    public String toString() {
        return values.isEmpty() ? file : file + " " + values;
    }
}
