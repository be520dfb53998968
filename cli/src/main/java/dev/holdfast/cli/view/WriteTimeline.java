package dev.holdfast.cli.view;

import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Evidence.Stream;
import dev.holdfast.ledger.WriteHistory;
import dev.holdfast.ledger.WriteOutcome;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.HdrHistogram.IntCountsHistogram;

/**
 * The acknowledged writes and latencies of clients, in time slices of equal length.
 *
 * @param from the beginning of the first slice, in nanoseconds on the load generator's clock
 * @param slice the length of each
 */
record WriteTimeline(long from, long slice, List<Slice> slices) {

    private static final int MOST = 240;
    private static final long[] LENGTHS = {
        50_000_000L,
        100_000_000L,
        200_000_000L,
        250_000_000L,
        500_000_000L,
        1_000_000_000L,
        2_000_000_000L,
        5_000_000_000L,
        10_000_000_000L,
        30_000_000_000L,
        60_000_000_000L
    };

    /**
     * One slice; writes are counted where they ended.
     *
     * @param median the median latency of writes that ended here, from when they were due, to 1 %; 0 without writes
     * @param longest the longest of these latencies, exactly
     */
    record Slice(int acknowledged, int refused, int indeterminate, long median, long longest) {
        static final Slice EMPTY = new Slice(0, 0, 0, 0, 0);
    }

    /** Counts all matching streams. */
    static WriteTimeline of(Evidence evidence, Predicate<Stream> which) {
        WriteHistory writes = evidence.writes();
        boolean[] desired = new boolean[Math.max(1, evidence.streams().size())];
        evidence.streams().forEach(s -> desired[s.number()] = which.test(s));
        long from = Long.MAX_VALUE;
        long until = Long.MIN_VALUE;
        for (int id = 0; id < writes.limit(); id++) {
            if (writes.outcome(id) != WriteOutcome.UNUSED) {
                from = Math.min(from, writes.intended(id));
                until = Math.max(until, writes.ended(id));
            }
        }
        return from > until ? new WriteTimeline(0, LENGTHS[0], List.of()) : filled(writes, desired, from, until);
    }

    private static WriteTimeline filled(WriteHistory writes, boolean[] desired, long from, long until) {
        long slice = length(until - from);
        int count = (int) ((until - from) / slice) + 1;
        SliceCounter[] counters = new SliceCounter[count];
        for (int id = 0; id < writes.limit(); id++) {
            if (writes.outcome(id) != WriteOutcome.UNUSED && desired[writes.stream(id)]) {
                int at = (int) ((writes.ended(id) - from) / slice);
                if (counters[at] == null) {
                    counters[at] = new SliceCounter();
                }
                counters[at].add(writes.outcome(id), writes.latency(id));
            }
        }
        return new WriteTimeline(
                from,
                slice,
                Arrays.stream(counters)
                        .map(c -> c == null ? Slice.EMPTY : c.slice())
                        .toList());
    }

    /** The writes of one slice while they are counted; its memory does not grow with their number. */
    private static final class SliceCounter {

        /** A latency of the histogram differs by at most 1 % from the measured one. */
        private static final int SIGNIFICANT_DIGITS = 2;

        private static final long MICROSECOND = 1000;

        private final int[] outcomes = new int[WriteOutcome.values().length];
        private final IntCountsHistogram latencies = new IntCountsHistogram(SIGNIFICANT_DIGITS);
        private long longest;

        void add(WriteOutcome outcome, long latency) {
            outcomes[outcome.ordinal()]++;
            latencies.recordValue(Math.max(0, latency / MICROSECOND));
            longest = Math.max(longest, latency);
        }

        Slice slice() {
            return new Slice(
                    outcomes[WriteOutcome.ACKNOWLEDGED.ordinal()],
                    outcomes[WriteOutcome.REFUSED.ordinal()],
                    outcomes[WriteOutcome.INDETERMINATE.ordinal()],
                    Math.min(longest, latencies.getValueAtPercentile(50) * MICROSECOND),
                    longest);
        }
    }

    private static long length(long whole) {
        return Arrays.stream(LENGTHS).filter(l -> whole / l < MOST).findFirst().orElse(LENGTHS[LENGTHS.length - 1]);
    }

    long until() {
        return from + slice * slices.size();
    }
}
