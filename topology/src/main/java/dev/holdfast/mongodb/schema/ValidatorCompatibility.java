package dev.holdfast.mongodb.schema;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Whether a validator accepts everything that another one accepts; in doubt it does not. */
final class ValidatorCompatibility {

    private static final List<String> LEVELS = List.of("off", "moderate", "strict");

    private ValidatorCompatibility() {}

    static boolean isWider(CatalogState.Table seen, Map<String, Object> wanted, String level, String action) {
        boolean strictness = LEVELS.indexOf(level) <= LEVELS.indexOf(seen.level());
        boolean consequence = action.equals(seen.action()) || action.equals("warn");
        return strictness && consequence && isWiderValidator(seen.validator(), wanted);
    }

    private static boolean isWiderValidator(Map<String, Object> seen, Map<String, Object> wanted) {
        boolean checks =
                !wanted.containsKey("$expr") || DefinitionEquality.alike(wanted.get("$expr"), seen.get("$expr"));
        return checks
                && seen.get("$jsonSchema") instanceof Map<?, ?> was
                && wanted.get("$jsonSchema") instanceof Map<?, ?> will
                && isWiderObject(was, will)
                && isWiderRest(seen, wanted, keyed(was.get("properties")));
    }

    /** What is refused now was refused before, or concerns a field that was not declared. */
    private static boolean isWiderRest(Map<String, Object> seen, Map<String, Object> wanted, Map<?, ?> was) {
        Collection<?> before = listed(seen.get("$nor"));
        return listed(wanted.get("$nor")).stream()
                .allMatch(w -> keyed(w).keySet().stream().noneMatch(was::containsKey)
                        || before.stream().anyMatch(s -> DefinitionEquality.alike(s, w)));
    }

    private static boolean isWiderObject(Map<?, ?> seen, Map<?, ?> wanted) {
        boolean required = listed(seen.get("required")).containsAll(listed(wanted.get("required")));
        boolean closed = !wanted.containsKey("additionalProperties") || seen.containsKey("additionalProperties");
        if (!required || !closed) {
            return false;
        }
        Map<?, ?> was = keyed(seen.get("properties"));
        Map<?, ?> will = keyed(wanted.get("properties"));
        boolean stays =
                !wanted.containsKey("additionalProperties") || will.keySet().containsAll(was.keySet());
        return stays
                && will.keySet().stream()
                        .filter(was::containsKey)
                        .allMatch(k -> isWiderProperty(keyed(was.get(k)), keyed(will.get(k))));
    }

    private static boolean isWiderProperty(Map<?, ?> seen, Map<?, ?> wanted) {
        return wanted.keySet().stream().allMatch(k -> isWiderRule(k.toString(), seen.get(k), wanted.get(k)));
    }

    private static boolean isWiderRule(String rule, Object seen, Object wanted) {
        if (DefinitionEquality.alike(seen, wanted)) {
            return true;
        }
        if (seen == null) {
            return false;
        }
        return switch (rule) {
            case "enum", "bsonType" -> listed(wanted).containsAll(listed(seen));
            case "minimum", "minItems", "minLength" -> compared(wanted, seen) <= 0;
            case "maximum", "maxItems", "maxLength" -> compared(wanted, seen) >= 0;
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
