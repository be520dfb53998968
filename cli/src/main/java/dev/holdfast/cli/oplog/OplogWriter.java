package dev.holdfast.cli.oplog;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.bson.BsonTimestamp;
import org.bson.ByteBuf;
import org.bson.RawBsonDocument;

/**
 * The growing end of one replica set's archive: the open slice, and how a slice is closed.
 *
 * <ol>
 *   <li>An open slice holds complete operations, uncompressed; its first one is the last one of the slice before.
 *   <li>To close a slice, the next one is started. The old one is compressed into a new file, fsynced, under a name with its
 *       bounds and checksum; only then it is removed. In the meantime the next slice takes new operations, so that a large
 *       slice does not delay the archive. There are never more than two.
 *   <li>After a kill, a torn end is cut off, and an open slice is closed.
 * </ol>
 *
 * Invariants: an operation is reported as archived only when it is on disk; the directory always holds all that was reported.
 */
final class OplogWriter implements AutoCloseable {

    private static final int BUFFER = 1 << 16;

    private final Path folder;
    private final OplogReader slices;
    private FileChannel open;
    private BsonTimestamp first;
    private RawBsonDocument last;
    private long count;
    private long bytes;
    private CompletableFuture<Void> compressing = CompletableFuture.completedFuture(null);

    /** Continues from what an earlier archiver has left. */
    OplogWriter(Path folder) throws IOException {
        this.folder = folder;
        this.slices = new OplogReader(folder);
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        resume();
    }

    /** Returns the last archived operation; empty when there is none yet. */
    Optional<RawBsonDocument> last() {
        return Optional.ofNullable(last);
    }

    /** Returns how many operations the open slice has after its first one. */
    long fresh() {
        return count;
    }

    long bytes() {
        return bytes;
    }

    private void resume() throws IOException {
        List<Path> taken = new ArrayList<>();
        for (OplogSliceFile slice : slices.list()) {
            if (slice.isOpen()) {
                takeUp(slice);
                taken.add(slice.path());
            }
        }
        Optional<OplogSliceFile> newest =
                slices.list().stream().filter(s -> !s.isOpen()).reduce((a, b) -> b);
        if (newest.isPresent()
                && (last == null || newest.get().last().orElseThrow().compareTo(OplogReader.at(last)) > 0)) {
            OplogReader.read(newest.get(), operation -> last = operation);
        }
        if (last != null) {
            begin(last);
        }
        for (Path left : taken) {
            if (last == null || !left.equals(OplogSliceFile.open(folder, first))) {
                Files.delete(left);
            }
        }
    }

    /** Closes what an earlier archiver has left open, if it holds more than the slice before. */
    private void takeUp(OplogSliceFile left) throws IOException {
        BsonTimestamp from = left.first();
        BsonTimestamp[] to = {from};
        long whole = OplogReader.read(left, operation -> {
            last = operation;
            to[0] = OplogReader.at(operation);
        });
        try (FileChannel torn = FileChannel.open(left.path(), StandardOpenOption.WRITE)) {
            torn.truncate(whole);
        }
        if (to[0].compareTo(from) > 0) {
            compress(left.path(), from, to[0]);
        }
    }

    /** Starts a slice with an operation that is already archived, or with the very first one. */
    void begin(RawBsonDocument operation) throws IOException {
        first = OplogReader.at(operation);
        count = 0;
        bytes = 0;
        open = FileChannel.open(
                OplogSliceFile.open(folder, first),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        write(operation);
        last = operation;
        sync();
        syncFolder();
    }

    void append(RawBsonDocument operation) throws IOException {
        write(operation);
        last = operation;
        count++;
    }

    private void write(RawBsonDocument operation) throws IOException {
        ByteBuf buffer = operation.getByteBuffer();
        ByteBuffer data = buffer.asNIO();
        bytes += data.remaining();
        while (data.hasRemaining()) {
            open.write(data);
        }
    }

    /**
     * Writes what was appended to disk.
     *
     * @throws IOException also when the slice before could not be written compressed
     */
    void sync() throws IOException {
        open.force(false);
        if (compressing.isDone()) {
            compressed();
        }
    }

    /** Closes the open slice, unless it is empty; with {@code next} the following one is started. */
    void close(boolean next) throws IOException {
        if (open == null) {
            return;
        }
        sync();
        if (count > 0) {
            BsonTimestamp from = first;
            BsonTimestamp to = OplogReader.at(last);
            open.close();
            open = null;
            if (next) {
                begin(last);
            }
            compressed();
            compressing = CompletableFuture.runAsync(() -> finish(from, to), OplogWriter::runInBackground);
        } else if (!next) {
            open.close();
            open = null;
        }
        if (!next) {
            compressed();
        }
    }

    private static void runInBackground(Runnable task) {
        Thread thread = new Thread(task, "holdfast-compress");
        thread.setDaemon(true); // the next archiver completes what it leaves
        thread.start();
    }

    private void finish(BsonTimestamp from, BsonTimestamp to) {
        Path was = OplogSliceFile.open(folder, from);
        try {
            compress(was, from, to);
            Files.delete(was);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Waits until no slice is being compressed. */
    private void compressed() throws IOException {
        try {
            compressing.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof UncheckedIOException broken) {
                throw broken.getCause();
            }
            throw failed;
        }
    }

    /** Records that the chain is broken and that what follows begins again. */
    void gap(RawBsonDocument following) throws IOException {
        BsonTimestamp before = OplogReader.at(last);
        close(false);
        Files.deleteIfExists(OplogSliceFile.open(folder, before));
        Files.writeString(
                folder.resolve(
                        "gap-" + OplogSliceFile.text(before) + "-" + OplogSliceFile.text(OplogReader.at(following))),
                "the operations between are not in the archive\n");
        begin(following);
    }

    private void compress(Path was, BsonTimestamp from, BsonTimestamp to) throws IOException {
        MessageDigest digest = sha256();
        Path clusterConfig = folder.resolve(".draft");
        try (FileChannel channel = FileChannel.open(
                        clusterConfig,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                InputStream in = Files.newInputStream(was)) {
            GZIPOutputStream out = new Quick(new DigestOutputStream(
                    new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER), digest));
            in.transferTo(out);
            out.finish();
            out.flush();
            channel.force(true);
        }
        String sum = HexFormat.of().formatHex(digest.digest());
        Files.move(
                clusterConfig,
                OplogSliceFile.closed(folder, from, to, sum),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        syncFolder();
    }

    /** The archiver runs next to busy servers: its CPU time is worth more than the smallest file. */
    private static final class Quick extends GZIPOutputStream {
        Quick(OutputStream out) throws IOException {
            super(out, BUFFER);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    private void syncFolder() throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }

    @Override
    public void close() throws IOException {
        close(false);
    }
}
