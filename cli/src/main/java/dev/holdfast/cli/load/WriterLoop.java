package dev.holdfast.cli.load;

import dev.holdfast.cli.files.WriteHistoryFile;
import dev.holdfast.cli.load.WorkloadWriter.Result;
import dev.holdfast.ledger.FailureReason;
import dev.holdfast.ledger.WriteOutcome;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread of one load-generator lane, which sends its writes one after the other. Each write is due at its own
 * time, whatever the outcome of the one before. A stall therefore makes later writes late and does not hide them. A
 * write overdue by the client's deadline is not sent.
 */
final class WriterLoop implements Runnable {

    private static final int BLOCK = 1024;

    /** @param offset of the first write, so that the lanes alternate */
    record Pace(long offset, long interval, long deadline) {}

    private final int stream;
    private final int number;
    private final Pace pace;
    private final WorkloadWriter writer;
    private final WriteHistoryFile record;
    private final Counters counters;
    private final long origin;
    private volatile long stopAt = Long.MAX_VALUE;
    private WriteHistoryFile.Block block;
    private WriteHistoryFile.Block following;
    private long next;

    /** @param origin the load generator's zero on the machine's monotonic clock */
    WriterLoop(
            int stream,
            int number,
            Pace pace,
            WorkloadWriter writer,
            WriteHistoryFile record,
            Counters counters,
            long origin) {
        this.stream = stream;
        this.number = number;
        this.pace = pace;
        this.writer = writer;
        this.record = record;
        this.counters = counters;
        this.origin = origin;
    }

    /** What one stream's lanes have observed so far. */
    static final class Counters {
        final AtomicLong acknowledged = new AtomicLong();
        final AtomicLong refused = new AtomicLong();
        final AtomicLong indeterminate = new AtomicLong();
        final AtomicLong lastAcknowledged = new AtomicLong(-1);
        final java.util.Map<FailureReason, String> messages = new java.util.concurrent.ConcurrentHashMap<>();

        void add(Result result, long ended) {
            if (result.outcome() == WriteOutcome.ACKNOWLEDGED) {
                acknowledged.incrementAndGet();
                lastAcknowledged.accumulateAndGet(ended, Math::max);
            } else {
                (result.outcome() == WriteOutcome.REFUSED ? refused : indeterminate).incrementAndGet();
                messages.putIfAbsent(result.reason(), result.message());
            }
        }
    }

    /** Starts no write that is due later than this. */
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
                ? Result.refused(FailureReason.NEVER_SENT, FailureReason.NEVER_SENT.sentence())
                : writer.write(id);
        long ended = now();
        record.ended(stream, number, id, result.outcome(), result.reason(), due, started, ended);
        counters.add(result, ended);
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
