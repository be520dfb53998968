package dev.holdfast.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The times in which the load generator's machine stalled: a separate thread, independent of any database, was late or
 * waited for its disk. What clients observed in such a time is not attributed to the fault.
 *
 * @param spans beginning and end, in nanoseconds on the load generator's clock, in the order of time
 */
public record ClientStalls(List<Span> spans) {

    /** One stall. */
    public record Span(long from, long until) {}

    public ClientStalls {
        spans = List.copyOf(spans);
    }

    /** Returns the form that the ledger stores. */
    public static ClientStalls of(Object facts) {
        List<Span> spans = new ArrayList<>();
        if (facts instanceof List<?> list) {
            for (Object one : list) {
                if (one instanceof Map<?, ?> span) {
                    spans.add(new Span(nanos(span.get("from_ns")), nanos(span.get("until_ns"))));
                }
            }
        }
        return new ClientStalls(spans);
    }

    private static long nanos(Object fact) {
        return fact instanceof Number number ? number.longValue() : 0;
    }

    public List<Map<String, Object>> facts() {
        return spans.stream()
                .map(s -> Map.<String, Object>of("from_ns", s.from, "until_ns", s.until))
                .toList();
    }

    /** Returns how much of a time span was stalled, in nanoseconds. */
    public long within(long from, long until) {
        long still = 0;
        for (Span span : spans) {
            still += Math.max(0, Math.min(until, span.until) - Math.max(from, span.from));
        }
        return still;
    }
}
