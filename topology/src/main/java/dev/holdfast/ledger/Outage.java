package dev.holdfast.ledger;

import java.util.OptionalLong;

/**
 * How a stream's clients observed one fault, in nanoseconds on the load generator's clock.
 *
 * @param from the time of the fault
 * @param noticed writes from then on that were refused, indeterminate, or answered late
 * @param served the end of the first acknowledgement after the longest silence; absent when nothing was noticed or no
 *     acknowledgement followed
 * @param steady the end of the last noticed write; absent when nothing was noticed
 * @param silence the longest time without an acknowledgement
 */
public record Outage(long from, int noticed, OptionalLong served, OptionalLong steady, long silence) {

    /** The pause that clients tolerate without an outage. */
    public static final long MOMENT = 2_000_000_000L;

    private static final long LATE_AT_LEAST = 100_000_000L;

    /** Returns the time from the fault to the first acknowledged write after it; unknown when no write was refused or late. */
    public OptionalLong recovery() {
        return served.isPresent() ? OptionalLong.of(Math.max(0, served.getAsLong() - from)) : OptionalLong.empty();
    }

    /** @param until the end of the evaluated time, e.g. the next fault */
    public static Outage of(WriteHistory writes, int stream, long from, long until) {
        long late = Math.max(LATE_AT_LEAST, 5 * usual(writes, stream, from));
        long[] ends = new long[writes.count(stream, WriteOutcome.ACKNOWLEDGED)];
        int[] n = {0};
        int[] noticed = {0};
        long[] steady = {Long.MIN_VALUE};
        writes.each(stream, id -> {
            if (writes.outcome(id) == WriteOutcome.ACKNOWLEDGED && writes.ended(id) <= until) {
                ends[n[0]++] = writes.ended(id);
            }
            boolean isNoticed = writes.outcome(id) != WriteOutcome.ACKNOWLEDGED || writes.latency(id) > late;
            if (isNoticed && writes.ended(id) >= from && writes.intended(id) <= until) {
                noticed[0]++;
                steady[0] = Math.max(steady[0], writes.ended(id));
            }
        });
        java.util.Arrays.sort(ends, 0, n[0]);
        Silence longest = longest(ends, n[0], from, until, steady[0]);
        boolean isNoticed = noticed[0] > 0;
        return new Outage(
                from,
                noticed[0],
                isNoticed && longest.ends != Long.MAX_VALUE && longest.ends <= until
                        ? OptionalLong.of(longest.ends)
                        : OptionalLong.empty(),
                isNoticed ? OptionalLong.of(steady[0]) : OptionalLong.empty(),
                longest.length);
    }

    private record Silence(long length, long ends) {}

    /** Returns the longest time without an acknowledgement; ends at MAX_VALUE when no acknowledgement followed the noticed writes. */
    private static Silence longest(long[] ends, int count, long from, long until, long lastNoticed) {
        Silence longest = new Silence(0, from);
        long before = from;
        for (int i = 0; i < count; i++) {
            if (ends[i] >= from) {
                if (ends[i] - before > longest.length) {
                    longest = new Silence(ends[i] - before, ends[i]);
                }
                before = ends[i];
            }
        }
        boolean over = lastNoticed <= before;
        return !over && until - before > longest.length ? new Silence(until - before, Long.MAX_VALUE) : longest;
    }

    /** Returns the 99th percentile of latency before the fault. */
    private static long usual(WriteHistory writes, int stream, long from) {
        long[] latencies = new long[writes.count(stream, WriteOutcome.ACKNOWLEDGED)];
        int[] n = {0};
        writes.each(stream, id -> {
            if (writes.outcome(id) == WriteOutcome.ACKNOWLEDGED && writes.ended(id) < from) {
                latencies[n[0]++] = writes.latency(id);
            }
        });
        java.util.Arrays.sort(latencies, 0, n[0]);
        return n[0] == 0 ? 0 : latencies[(int) ((n[0] - 1) * 0.99)];
    }
}
