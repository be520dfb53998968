package dev.holdfast.mongodb.schema;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The differences of two validators by path: {@code $jsonSchema.properties.stars.maximum 10 (desired 5)}. */
final class ValidatorDiff {

    private static final int MOST = 5;

    private ValidatorDiff() {}

    static List<String> of(Map<String, Object> observed, Map<String, Object> desired) {
        List<String> found = new ArrayList<>();
        gather("", observed, desired, found);
        if (found.size() <= MOST) {
            return found;
        }
        List<String> some = new ArrayList<>(found.subList(0, MOST));
        some.add("and " + (found.size() - MOST) + " more");
        return some;
    }

    private static void gather(String path, Object observed, Object desired, List<String> found) {
        if (DefinitionEquality.alike(observed, desired)) {
            return;
        }
        if (observed instanceof Map<?, ?> was
                && desired instanceof Map<?, ?> will
                && !DefinitionEquality.isNumber(was)) {
            Set<Object> keys = new LinkedHashSet<>(will.keySet());
            keys.addAll(was.keySet());
            keys.forEach(k -> gather(path.isEmpty() ? k.toString() : path + "." + k, was.get(k), will.get(k), found));
            return;
        }
        found.add(path + " " + description(observed) + " (desired " + description(desired) + ")");
    }

    private static String description(Object value) {
        return value == null ? "absent" : MongoshText.of(value);
    }
}
