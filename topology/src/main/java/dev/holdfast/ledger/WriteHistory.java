package dev.holdfast.ledger;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Every write of a run by its number: its outcome and its times, in nanoseconds on the load generator's monotonic clock.
 * Stored in columns, so that a million writes take forty megabytes.
 */
public final class WriteHistory {

    private static final WriteOutcome[] FATES = WriteOutcome.values();
    private static final FailureReason[] REASONS = FailureReason.values();

    private byte[] fates = new byte[1 << 12];
    private byte[] reasons = new byte[1 << 12];
    private byte[] streams = new byte[1 << 12];
    private short[] lanes = new short[1 << 12];
    private long[] intended = new long[1 << 12];
    private long[] started = new long[1 << 12];
    private long[] ended = new long[1 << 12];
    private int limit;

    /** Reserves numbers that can have been sent; until their outcome is known they are indeterminate. */
    public void reserve(int stream, int lane, long first, int count) {
        int last = Math.toIntExact(first + count);
        ensureCapacity(last);
        for (int id = (int) first; id < last; id++) {
            streams[id] = (byte) stream;
            lanes[id] = (short) lane;
        }
    }

    public void ended(
            int id, WriteOutcome outcome, FailureReason reason, long intendedAt, long startedAt, long endedAt) {
        ensureCapacity(id + 1);
        fates[id] = (byte) outcome.ordinal();
        reasons[id] = (byte) reason.ordinal();
        intended[id] = intendedAt;
        started[id] = startedAt;
        ended[id] = endedAt;
    }

    private void ensureCapacity(int desired) {
        limit = Math.max(limit, desired);
        if (desired > fates.length) {
            int size = Math.max(desired, fates.length * 2);
            fates = Arrays.copyOf(fates, size);
            reasons = Arrays.copyOf(reasons, size);
            streams = Arrays.copyOf(streams, size);
            lanes = Arrays.copyOf(lanes, size);
            intended = Arrays.copyOf(intended, size);
            started = Arrays.copyOf(started, size);
            ended = Arrays.copyOf(ended, size);
        }
    }

    /** Returns one more than the largest number that can have been sent. */
    public int limit() {
        return limit;
    }

    public WriteOutcome outcome(int id) {
        return FATES[fates[id]];
    }

    public FailureReason reason(int id) {
        return REASONS[reasons[id]];
    }

    public int stream(int id) {
        return streams[id];
    }

    public int lane(int id) {
        return lanes[id];
    }

    public long intended(int id) {
        return intended[id];
    }

    public long started(int id) {
        return started[id];
    }

    public long ended(int id) {
        return ended[id];
    }

    /** Returns how long the client waited, counted from when the write was due. */
    public long latency(int id) {
        return ended[id] - intended[id];
    }

    /** Returns every number of a stream with a recorded outcome, in rising order. */
    public void each(int stream, IntConsumer what) {
        for (int id = 0; id < limit; id++) {
            if (streams[id] == stream && fates[id] != 0) {
                what.accept(id);
            }
        }
    }

    public int count(int stream, WriteOutcome outcome) {
        int[] count = {0};
        each(stream, id -> {
            if (outcome(id) == outcome) {
                count[0]++;
            }
        });
        return count[0];
    }
}
