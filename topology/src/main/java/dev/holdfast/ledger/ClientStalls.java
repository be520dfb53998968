package dev.holdfast.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * When the witness's own machine stood still: a thread of its own, that has nothing to do with any database, was late or
 * waited for its disk. What clients felt in such a moment may not be put down to what was broken.
 *
 * @param spans beginning and end, in nanoseconds on the witness's clock, in the order of time
 */
public record ClientStalls(List<Span> spans) {

    /** One moment of standing still. */
    public record Span(long from, long until) {}

    public ClientStalls {
        spans = List.copyOf(spans);
    }

    /** As it is kept in the ledger. */
    public static ClientStalls of(Object facts) {
        List<Span> spans = new ArrayList<>();
        if (facts instanceof List<?> list) {
            for (Object one : list) {
                if (one instanceof Map<?, ?> span) {
                    spans.add(new Span(Evidence.number(span, "from_ns"), Evidence.number(span, "until_ns")));
                }
            }
        }
        return new ClientStalls(spans);
    }

    public List<Map<String, Object>> facts() {
        return spans.stream()
                .map(s -> Map.<String, Object>of("from_ns", s.from, "until_ns", s.until))
                .toList();
    }

    /** How much of a time it stood still, in nanoseconds. */
    public long within(long from, long until) {
        long still = 0;
        for (Span span : spans) {
            still += Math.max(0, Math.min(until, span.until) - Math.max(from, span.from));
        }
        return still;
    }
}
