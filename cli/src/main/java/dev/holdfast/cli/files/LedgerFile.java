package dev.holdfast.cli.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.ledger.Ledger;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A ledger on disk as JSON lines, readable while it grows. Entries that arrive together share one fsync. The note of a
 * change returns only when it is on disk. Every line is chained to those before it, see {@link HashChain}.
 *
 * <ol>
 *   <li>The disk fails before the first change: {@link #note} throws, and nothing is changed.
 *   <li>The disk fails later: the run continues without a record. The ledger keeps its complete lines, the listener gets one
 *       entry that says so, and {@link #failure} returns the reason.
 * </ol>
 *
 * Invariants: the queue is bounded; no caller waits longer than the limit, even if the disk does not answer.
 */
public final class LedgerFile implements Ledger, AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final long GLANCE_MILLIS = 20;
    private static final int MOST_WAITING = 10_000;

    private record Waiting(byte[] line, CountDownLatch written) {}

    private final Path path;
    private final Consumer<Entry> listener;
    private final LedgerDisk disk;
    private final Duration longestWait;
    private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>(MOST_WAITING);
    private final Waiting end = new Waiting(new byte[0], new CountDownLatch(1));
    private final Thread writer = new Thread(this::write, "holdfast-ledger");
    private final HashChain chain = new HashChain();
    private long number;
    private boolean isAnnounced;
    /** Whether the note of a change was on disk; from then on the run can have changed something. */
    private volatile boolean isBegun;

    private final AtomicReference<IOException> broken = new AtomicReference<>();

    /**
     * @param listener receives every entry, in order
     * @throws HoldfastException REFUSED when the directory cannot be written
     */
    public LedgerFile(Path path, Consumer<Entry> listener) {
        this(path, listener, open(path), LONGEST_WAIT);
    }

    LedgerFile(Path path, Consumer<Entry> listener, LedgerDisk disk, Duration longestWait) {
        this.path = path;
        this.listener = listener;
        this.disk = disk;
        this.longestWait = longestWait;
        writer.setDaemon(true);
        writer.start();
    }

    private static LedgerDisk open(Path path) {
        try {
            Files.createDirectories(
                    path.getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return LedgerDisk.of(FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        } catch (IOException failed) {
            throw refused(path, failed);
        }
    }

    private static HoldfastException refused(Path path, IOException failed) {
        Path runs = path.toAbsolutePath().getParent().getParent();
        return new HoldfastException(
                ExitCode.REFUSED,
                path.toString(),
                "the ledger of this run cannot be written: " + AtomicFile.reason(failed) + ". Nothing was changed.",
                "free space on that disk (df -h " + runs + " shows it; the ledgers of earlier runs can be moved away)"
                        + ", then run the command again",
                failed);
    }

    public Path path() {
        return path;
    }

    /** Returns why entries are missing in this ledger; empty when it is complete. */
    public Optional<String> failure() {
        return Optional.ofNullable(broken.get()).map(AtomicFile::reason);
    }

    /** @throws HoldfastException REFUSED when the ledger cannot be written and no change was started */
    @Override
    public void note(Kind kind, Map<String, Object> facts) {
        CountDownLatch written = new CountDownLatch(1);
        synchronized (this) {
            Entry entry = new Entry(++number, Instant.now(), kind, facts);
            if (broken.get() == null) {
                byte[] line = (chain.linked(line(entry)) + "\n").getBytes(StandardCharsets.UTF_8);
                offer(new Waiting(line, written));
            }
            listener.accept(entry);
        }
        if (broken.get() == null && (kind == Kind.RUN_STARTED || kind == Kind.ASKED || kind == Kind.RUN_ENDED)) {
            await(written);
        }
        if (broken.get() == null) {
            isBegun |= kind == Kind.ASKED;
        } else if (isBegun) {
            announce();
        } else {
            throw refused(path, broken.get());
        }
    }

    private synchronized void announce() {
        if (!isAnnounced) {
            isAnnounced = true;
            String note = "the ledger is incomplete from here, the run continues: " + AtomicFile.reason(broken.get())
                    + " (" + path + ")";
            listener.accept(new Entry(++number, Instant.now(), Kind.NOTED, Map.of("note", note)));
        }
    }

    private static String line(Entry entry) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("n", entry.number());
        all.put("at", entry.at().toString());
        all.put("kind", entry.kind().name());
        all.putAll(entry.facts());
        try {
            return JSON.writeValueAsString(all);
        } catch (JsonProcessingException notPlain) {
            throw new IllegalArgumentException("not a plain value in " + entry.kind(), notPlain);
        }
    }

    private void write() {
        List<Waiting> together = new ArrayList<>();
        try {
            while (broken.get() == null && !together.contains(end)) {
                together.clear();
                together.add(queue.take());
                queue.drainTo(together);
                for (Waiting waiting : together) {
                    disk.append(waiting.line);
                }
                disk.sync();
                together.forEach(w -> w.written.countDown());
            }
        } catch (IOException failed) {
            fail(failed);
        } catch (InterruptedException interrupted) {
            fail(new IOException("interrupted"));
        } catch (RuntimeException | Error unexpected) {
            fail(new IOException(unexpected));
        } finally {
            together.forEach(w -> w.written.countDown());
            for (Waiting left = queue.poll(); left != null; left = queue.poll()) {
                left.written.countDown();
            }
        }
    }

    private void fail(IOException why) {
        broken.compareAndSet(null, why);
    }

    /** Queues a line; when the disk has failed, drops the line and releases its caller. */
    private void offer(Waiting waiting) {
        long limit = System.nanoTime() + longestWait.toNanos();
        try {
            while (broken.get() == null && !queue.offer(waiting, GLANCE_MILLIS, TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() - limit > 0) {
                    fail(late());
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            fail(new IOException("interrupted"));
        }
        if (broken.get() != null) {
            waiting.written.countDown();
        }
    }

    private void await(CountDownLatch written) {
        try {
            if (!written.await(longestWait.toMillis(), TimeUnit.MILLISECONDS)) {
                fail(late());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private IOException late() {
        return new IOException("the disk does not answer within " + longestWait.toSeconds() + " s");
    }

    /** Closes the ledger; never throws, because the end of a run does not depend on its record. */
    @Override
    public void close() {
        offer(end);
        await(end.written());
        if (broken.get() == null) {
            disk.close();
        } else {
            disk.abandon();
        }
    }
}
