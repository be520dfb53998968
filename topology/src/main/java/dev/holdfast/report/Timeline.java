package dev.holdfast.report;

import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Evidence.Stream;
import dev.holdfast.ledger.WriteHistory;
import dev.holdfast.ledger.WriteOutcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * What clients observed, in slices of equal length.
 *
 * @param from the beginning of the first slice, in nanoseconds on the load generator's clock
 * @param slice the length of each
 */
public record Timeline(long from, long slice, List<Slice> slices) {

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
     * @param median the median latency of writes that ended here, from when they were due; 0 without writes
     * @param longest the longest of these latencies
     */
    public record Slice(int acknowledged, int refused, int indeterminate, long median, long longest) {}

    /** Counts all matching streams. */
    public static Timeline of(Evidence evidence, Predicate<Stream> which) {
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
        return from > until ? new Timeline(0, LENGTHS[0], List.of()) : filled(writes, desired, from, until);
    }

    private static Timeline filled(WriteHistory writes, boolean[] desired, long from, long until) {
        long slice = length(until - from);
        int count = (int) ((until - from) / slice) + 1;
        int[][] fates = new int[count][WriteOutcome.values().length];
        int[] ended = new int[count];
        long[][] latencies = new long[count][8];
        for (int id = 0; id < writes.limit(); id++) {
            if (writes.outcome(id) != WriteOutcome.UNUSED && desired[writes.stream(id)]) {
                int at = (int) ((writes.ended(id) - from) / slice);
                int n = ended[at]++;
                if (n == latencies[at].length) {
                    latencies[at] = Arrays.copyOf(latencies[at], n * 2);
                }
                latencies[at][n] = writes.latency(id);
                fates[at][writes.outcome(id).ordinal()]++;
            }
        }
        List<Slice> slices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            slices.add(slice(fates[i], latencies[i], ended[i]));
        }
        return new Timeline(from, slice, List.copyOf(slices));
    }

    private static Slice slice(int[] fates, long[] latencies, int n) {
        Arrays.sort(latencies, 0, n);
        return new Slice(
                fates[WriteOutcome.ACKNOWLEDGED.ordinal()],
                fates[WriteOutcome.REFUSED.ordinal()],
                fates[WriteOutcome.INDETERMINATE.ordinal()],
                n == 0 ? 0 : latencies[(n - 1) / 2],
                n == 0 ? 0 : latencies[n - 1]);
    }

    private static long length(long whole) {
        return Arrays.stream(LENGTHS).filter(l -> whole / l < MOST).findFirst().orElse(LENGTHS[LENGTHS.length - 1]);
    }

    public long until() {
        return from + slice * slices.size();
    }
}
