package dev.holdfast.mongodb.schema;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The comparison whether a validator accepts everything that another one accepts; unclear cases count as no. */
final class ValidatorCompatibility {

    private static final List<String> LEVELS = List.of("off", "moderate", "strict");

    private ValidatorCompatibility() {}

    static boolean isWider(CatalogState.Table observed, Map<String, Object> desired, String level, String action) {
        boolean strictness = LEVELS.indexOf(level) <= LEVELS.indexOf(observed.level());
        boolean consequence = action.equals(observed.action()) || action.equals("warn");
        return strictness && consequence && isWiderValidator(observed.validator(), desired);
    }

    private static boolean isWiderValidator(Map<String, Object> observed, Map<String, Object> desired) {
        boolean checks =
                !desired.containsKey("$expr") || DefinitionEquality.alike(desired.get("$expr"), observed.get("$expr"));
        return checks
                && observed.get("$jsonSchema") instanceof Map<?, ?> was
                && desired.get("$jsonSchema") instanceof Map<?, ?> will
                && isWiderObject(was, will)
                && isWiderRest(observed, desired, keyed(was.get("properties")));
    }

    /** Returns whether every new refusal existed before or concerns an undeclared field. */
    private static boolean isWiderRest(Map<String, Object> observed, Map<String, Object> desired, Map<?, ?> was) {
        Collection<?> before = listed(observed.get("$nor"));
        return listed(desired.get("$nor")).stream()
                .allMatch(w -> keyed(w).keySet().stream().noneMatch(was::containsKey)
                        || before.stream().anyMatch(s -> DefinitionEquality.alike(s, w)));
    }

    private static boolean isWiderObject(Map<?, ?> observed, Map<?, ?> desired) {
        boolean required = listed(observed.get("required")).containsAll(listed(desired.get("required")));
        boolean closed = !desired.containsKey("additionalProperties") || observed.containsKey("additionalProperties");
        if (!required || !closed) {
            return false;
        }
        Map<?, ?> was = keyed(observed.get("properties"));
        Map<?, ?> will = keyed(desired.get("properties"));
        boolean stays =
                !desired.containsKey("additionalProperties") || will.keySet().containsAll(was.keySet());
        return stays
                && will.keySet().stream()
                        .filter(was::containsKey)
                        .allMatch(k -> isWiderProperty(keyed(was.get(k)), keyed(will.get(k))));
    }

    private static boolean isWiderProperty(Map<?, ?> observed, Map<?, ?> desired) {
        return desired.keySet().stream().allMatch(k -> isWiderRule(k.toString(), observed.get(k), desired.get(k)));
    }

    private static boolean isWiderRule(String rule, Object observed, Object desired) {
        if (DefinitionEquality.alike(observed, desired)) {
            return true;
        }
        if (observed == null) {
            return false;
        }
        return switch (rule) {
            case "enum", "bsonType" -> listed(desired).containsAll(listed(observed));
            case "minimum", "minItems", "minLength" -> compared(desired, observed) <= 0;
            case "maximum", "maxItems", "maxLength" -> compared(desired, observed) >= 0;
            default -> false;
        };
    }

    private static int compared(Object one, Object other) {
        return DefinitionEquality.number(one).compareTo(DefinitionEquality.number(other));
    }

    private static Collection<?> listed(Object value) {
        return value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
    }

    private static Map<?, ?> keyed(Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }
}
