package dev.holdfast.cli.hands;

import dev.holdfast.cli.files.WritesFile;
import dev.holdfast.cli.hands.Writer.Result;
import dev.holdfast.ledger.Fate;
import dev.holdfast.ledger.Reason;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One line of writes, one after the other, each due at its own moment whatever became of the one before: a stall makes
 * the following ones late instead of hiding them. One that is due for longer than the client's deadline is not sent.
 */
final class Lane implements Runnable {

    private static final int BLOCK = 1024;

    /** @param offset of the first write, so that lanes take turns */
    record Pace(long offset, long interval, long deadline) {}

    private final int stream;
    private final int number;
    private final Pace pace;
    private final Writer writer;
    private final WritesFile record;
    private final Tally tally;
    private final long origin;
    private volatile long stopAt = Long.MAX_VALUE;
    private WritesFile.Block block;
    private WritesFile.Block following;
    private long next;

    /** @param origin the witness's zero on the machine's monotonic clock */
    Lane(int stream, int number, Pace pace, Writer writer, WritesFile record, Tally tally, long origin) {
        this.stream = stream;
        this.number = number;
        this.pace = pace;
        this.writer = writer;
        this.record = record;
        this.tally = tally;
        this.origin = origin;
    }

    /** What one stream's lanes have seen so far. */
    static final class Tally {
        final AtomicLong acknowledged = new AtomicLong();
        final AtomicLong refused = new AtomicLong();
        final AtomicLong indeterminate = new AtomicLong();
        final AtomicLong lastAcknowledged = new AtomicLong(-1);
        final java.util.Map<Reason, String> told = new java.util.concurrent.ConcurrentHashMap<>();

        void add(Result result, long ended) {
            if (result.fate() == Fate.ACKNOWLEDGED) {
                acknowledged.incrementAndGet();
                lastAcknowledged.accumulateAndGet(ended, Math::max);
            } else {
                (result.fate() == Fate.REFUSED ? refused : indeterminate).incrementAndGet();
                told.putIfAbsent(result.reason(), result.told());
            }
        }
    }

    /** No write that is due later than this is begun. */
    void stopAt(long moment) {
        stopAt = moment;
    }

    @Override
    public void run() {
        try (writer) {
            following = record.reserve(stream, number, BLOCK);
            for (long due = pace.offset(); due < stopAt; due += pace.interval()) {
                await(due);
                if (due < stopAt) {
                    write(due);
                }
            }
        }
    }

    private void write(long due) {
        long id = id();
        long started = now();
        Result result = started - due > pace.deadline()
                ? Result.refused(Reason.NEVER_SENT, Reason.NEVER_SENT.sentence())
                : writer.write(id);
        long ended = now();
        record.ended(stream, number, id, result.fate(), result.reason(), due, started, ended);
        tally.add(result, ended);
    }

    private long id() {
        if (block == null || next == block.first() + block.count()) {
            block = following;
            following = record.reserve(stream, number, BLOCK);
            block.onDisk().join();
            next = block.first();
        }
        return next++;
    }

    private void await(long due) {
        for (long left = due - now(); left > 0 && due < stopAt; left = due - now()) {
            LockSupport.parkNanos(Math.min(left, 100_000_000L));
        }
    }

    private long now() {
        return System.nanoTime() - origin;
    }
}
