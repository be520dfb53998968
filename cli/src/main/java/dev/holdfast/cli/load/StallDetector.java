package dev.holdfast.cli.load;

import dev.holdfast.ledger.ClientStalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Detects stalls of the load generator's machine: it records a beat every 20 ms, and writes every fifth beat to disk. A late
 * beat shows that this machine stalled, independently of the databases.
 */
final class StallDetector implements Runnable {

    private static final long BEAT = 20_000_000L;
    private static final long LATE = 150_000_000L;
    private static final int ON_DISK = 5;

    private final Path folder;
    private final LongSupplier now;
    private final List<ClientStalls.Span> late = new ArrayList<>();
    private volatile boolean stopped;

    StallDetector(Path folder, LongSupplier now) {
        this.folder = folder;
        this.now = now;
    }

    @Override
    public void run() {
        try (FileChannel disk = FileChannel.open(
                folder.resolve("pulse"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE)) {
            ByteBuffer byteOfIt = ByteBuffer.allocate(1);
            for (long turn = 0; !stopped; turn++) {
                long began = now.getAsLong();
                LockSupport.parkNanos(BEAT);
                if (turn % ON_DISK == 0) {
                    byteOfIt.clear();
                    disk.write(byteOfIt, 0);
                    disk.force(false);
                }
                note(began, now.getAsLong());
            }
        } catch (IOException noDisk) {
            note(now.getAsLong() - LATE - BEAT, now.getAsLong());
        }
    }

    private synchronized void note(long began, long ended) {
        if (ended - began > LATE + BEAT) {
            late.add(new ClientStalls.Span(began, ended));
        }
    }

    synchronized ClientStalls stalls() {
        return new ClientStalls(late);
    }

    void stop() {
        stopped = true;
    }
}
