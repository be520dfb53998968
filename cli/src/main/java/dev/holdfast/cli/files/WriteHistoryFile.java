package dev.holdfast.cli.files;

import dev.holdfast.ledger.FailureReason;
import dev.holdfast.ledger.WriteHistory;
import dev.holdfast.ledger.WriteOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The record of every write of a run on disk: append-only, forty bytes each, next to the run's ledger.
 *
 * <ol>
 *   <li>Numbers are reserved in blocks; a block is used only when its reservation is on disk.
 *   <li>An outcome counts only when it is on disk: outcomes that arrive together share one fsync.
 *   <li>A reserved number without an outcome is unused or, when the database contains it, indeterminate.
 * </ol>
 */
public final class WriteHistoryFile implements AutoCloseable {

    private static final byte RESERVED = 'R';
    private static final byte ENDED = 'W';
    private static final int RECORD = 40;
    private static final int BUFFER_SIZE = RECORD * 8192;
    private static final long FLUSH_MILLIS = 20;
    private static final WriteOutcome[] FATES = WriteOutcome.values();
    private static final FailureReason[] REASONS = FailureReason.values();

    /** The numbers that one lane can use. */
    public record Block(long first, int count, CompletableFuture<Void> onDisk) {}

    private final FileChannel channel;
    private final Thread writer = new Thread(this::write, "holdfast-writes");
    private ByteBuffer filling = ByteBuffer.allocate(BUFFER_SIZE);
    private ByteBuffer spare = ByteBuffer.allocate(BUFFER_SIZE);
    private CompletableFuture<Void> written = new CompletableFuture<>();
    private CompletableFuture<Void> flushing = CompletableFuture.completedFuture(null);
    private long next;
    private boolean closed;
    private IOException broken;

    public WriteHistoryFile(Path path) throws IOException {
        this(FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND));
    }

    WriteHistoryFile(FileChannel channel) {
        this.channel = channel;
        writer.setDaemon(true);
        writer.start();
    }

    /** Reserves the next numbers for a lane; they can be used when they are on disk. */
    public synchronized Block reserve(int stream, int lane, int count) {
        Block block = new Block(next, count, written);
        next += count;
        put(RESERVED, stream, 0, 0, lane, block.first, count, 0, 0);
        notifyAll();
        return block;
    }

    public synchronized void ended(
            int stream,
            int lane,
            long id,
            WriteOutcome outcome,
            FailureReason reason,
            long intended,
            long started,
            long ended) {
        put(ENDED, stream, outcome.ordinal(), reason.ordinal(), lane, id, intended, started, ended);
    }

    private void put(byte kind, int stream, int fate, int reason, int lane, long id, long a, long b, long c) {
        while (filling.remaining() < RECORD && broken == null) {
            notifyAll();
            pause();
        }
        if (broken != null) {
            throw new UncheckedIOException("the record of writes cannot be written", broken);
        }
        filling.put(kind).put((byte) stream).put((byte) fate).put((byte) reason).putInt(lane);
        filling.putLong(id).putLong(a).putLong(b).putLong(c);
    }

    private void pause() {
        try {
            wait(FLUSH_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        try {
            while (flush()) {
                TimeUnit.MILLISECONDS.sleep(FLUSH_MILLIS);
            }
        } catch (IOException failed) {
            fail(failed);
        } catch (InterruptedException interrupted) {
            fail(new IOException("interrupted"));
        } catch (RuntimeException | Error unexpected) {
            fail(new IOException(unexpected));
        }
    }

    private synchronized void fail(IOException why) {
        broken = why;
        written.completeExceptionally(why);
        flushing.completeExceptionally(why);
        notifyAll();
    }

    /** Writes what was collected to disk; false when that was the last. */
    private boolean flush() throws IOException {
        ByteBuffer full;
        CompletableFuture<Void> description;
        boolean last;
        synchronized (this) {
            last = closed;
            full = filling;
            description = written;
            if (full.position() == 0) {
                return !last;
            }
            filling = spare;
            written = new CompletableFuture<>();
            flushing = description;
            notifyAll();
        }
        full.flip();
        while (full.hasRemaining()) {
            channel.write(full);
        }
        channel.force(false);
        full.clear();
        synchronized (this) {
            spare = full;
            notifyAll();
        }
        description.complete(null);
        return !last;
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
        }
        try {
            writer.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        channel.close();
        if (broken != null) {
            throw broken;
        }
    }

    /** Reads a record, also of a killed run: a torn last line is dropped. */
    public static WriteHistory read(Path path) throws IOException {
        WriteHistory writes = new WriteHistory();
        try (FileChannel in = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_SIZE);
            while (in.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.remaining() >= RECORD) {
                    take(buffer, writes);
                }
                buffer.compact();
            }
        }
        return writes;
    }

    private static void take(ByteBuffer from, WriteHistory writes) {
        byte kind = from.get();
        int stream = from.get();
        WriteOutcome outcome = FATES[from.get()];
        FailureReason reason = REASONS[from.get()];
        int lane = from.getInt();
        long id = from.getLong();
        long intended = from.getLong();
        long started = from.getLong();
        long ended = from.getLong();
        if (kind == RESERVED) {
            writes.reserve(stream, lane, id, (int) intended);
        } else if (kind == ENDED) {
            writes.ended((int) id, outcome, reason, intended, started, ended);
        } else {
            throw new IllegalStateException("not a record of writes");
        }
    }

    /** Returns the size of the record in bytes. */
    public static long size(Path path) throws IOException {
        return Files.size(path);
    }
}
