package dev.holdfast.ledger;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The typed reading of a ledger entry's facts; a fact that is missing or has another type gets an empty value. */
final class LedgerFacts {

    private LedgerFacts() {}

    static String text(Map<?, ?> facts, String name) {
        Object value = facts.get(name);
        return value == null ? "" : value.toString();
    }

    static long number(Map<?, ?> facts, String name) {
        return facts.get(name) instanceof Number number ? number.longValue() : 0;
    }

    static List<?> list(Map<?, ?> facts, String name) {
        return facts.get(name) instanceof List<?> list ? list : List.of();
    }

    /** Returns the numbers of a map, by name; empty when the value is not a map. */
    static Map<String, Long> numbers(Object facts) {
        Map<String, Long> all = new HashMap<>();
        if (facts instanceof Map<?, ?> map) {
            map.forEach((name, value) -> {
                if (value instanceof Number number) {
                    all.put(name.toString(), number.longValue());
                }
            });
        }
        return all;
    }
}
