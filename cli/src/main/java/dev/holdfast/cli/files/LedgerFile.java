package dev.holdfast.cli.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.ledger.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * A ledger on disk as JSON lines, readable while it grows. Entries that come together share one fsync; the note of a
 * change about to be made returns only when it is on disk. Every line is tied to those before it, see {@link Chain}.
 */
public final class LedgerFile implements Ledger, AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private record Waiting(byte[] line, CountDownLatch written) {}

    private final Path path;
    private final Consumer<Entry> listener;
    private final FileChannel channel;
    private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private final Waiting end = new Waiting(new byte[0], new CountDownLatch(1));
    private final Thread writer = new Thread(this::write, "holdfast-ledger");
    private final Chain chain = new Chain();
    private long number;
    private volatile IOException broken;

    /** @param listener told of every entry, in order */
    public LedgerFile(Path path, Consumer<Entry> listener) throws IOException {
        this.path = path;
        this.listener = listener;
        Files.createDirectories(
                path.getParent(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        writer.setDaemon(true);
        writer.start();
    }

    public Path path() {
        return path;
    }

    @Override
    public void note(Kind kind, Map<String, Object> facts) {
        CountDownLatch written = new CountDownLatch(1);
        synchronized (this) {
            Entry entry = new Entry(++number, Instant.now(), kind, facts);
            queue.add(new Waiting((chain.linked(line(entry)) + "\n").getBytes(StandardCharsets.UTF_8), written));
            listener.accept(entry);
        }
        if (kind == Kind.ASKED || kind == Kind.RUN_ENDED) {
            await(written);
        }
        if (broken != null) {
            throw new UncheckedIOException("the ledger " + path + " cannot be written", broken);
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
        try {
            List<Waiting> together = new ArrayList<>();
            while (!together.contains(end)) {
                together.clear();
                together.add(queue.take());
                queue.drainTo(together);
                for (Waiting waiting : together) {
                    channel.write(ByteBuffer.wrap(waiting.line));
                }
                channel.force(false);
                together.forEach(w -> w.written.countDown());
            }
        } catch (IOException failed) {
            broken = failed;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            queue.forEach(w -> w.written.countDown());
        }
    }

    private static void await(CountDownLatch written) {
        try {
            written.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        queue.add(end);
        await(end.written());
        channel.close();
    }
}
