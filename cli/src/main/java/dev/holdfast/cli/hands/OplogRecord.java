package dev.holdfast.cli.hands;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.bson.BsonTimestamp;
import org.bson.ByteBuf;
import org.bson.RawBsonDocument;

/**
 * The growing end of one set's archive: the slice under way and how it is closed.
 *
 * <ol>
 *   <li>An open slice holds whole operations one after the other, uncompressed, the first being the last of the slice before.
 *   <li>It is closed by writing it compressed beside itself, on disk, under a name that tells its bounds and checksum;
 *       the next one is begun before the open one is removed.
 *   <li>Beginning again after a kill: what is torn is cut off, and what was open is closed.
 * </ol>
 *
 * Invariants: a moment is only told as archived when it is on disk; at every moment the folder holds all that was told.
 */
final class OplogRecord implements AutoCloseable {

    private static final int BUFFER = 1 << 16;

    private final Path folder;
    private final Slices slices;
    private FileChannel open;
    private BsonTimestamp first;
    private RawBsonDocument last;
    private long count;
    private long bytes;

    /** Takes up what an earlier archiver has left. */
    OplogRecord(Path folder) throws IOException {
        this.folder = folder;
        this.slices = new Slices(folder);
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        resume();
    }

    /** The last archived operation; empty when there is nothing yet. */
    Optional<RawBsonDocument> last() {
        return Optional.ofNullable(last);
    }

    /** How many operations the slice under way has beside its first. */
    long fresh() {
        return count;
    }

    long bytes() {
        return bytes;
    }

    private void resume() throws IOException {
        List<Slice> all = slices.list();
        for (Slice slice : all) {
            if (slice.isOpen()) {
                takeUp(slice);
            }
        }
        List<Slice> closed = slices.list().stream().filter(s -> !s.isOpen()).toList();
        if (last == null && !closed.isEmpty()) {
            Slices.read(closed.get(closed.size() - 1), operation -> last = operation);
            begin(last);
        }
    }

    private void takeUp(Slice left) throws IOException {
        if (open != null) {
            open.close();
        }
        first = left.first();
        count = -1;
        last = null;
        bytes = Slices.read(left, operation -> {
            last = operation;
            count++;
        });
        open = FileChannel.open(left.path(), StandardOpenOption.WRITE);
        if (last == null) {
            open.close();
            Files.delete(left.path());
            return;
        }
        open.truncate(bytes);
        open.position(bytes);
        if (count > 0) {
            close(true);
        }
    }

    /** Begins a slice with an operation that is archived already, or with the very first. */
    void begin(RawBsonDocument operation) throws IOException {
        first = Slices.at(operation);
        count = 0;
        bytes = 0;
        open = FileChannel.open(
                Slice.open(folder, first),
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

    /** What was appended is on disk afterwards. */
    void sync() throws IOException {
        open.force(false);
    }

    /** Closes the slice under way, unless there is nothing in it; with {@code next} the following one is begun. */
    void close(boolean next) throws IOException {
        if (open == null) {
            return;
        }
        sync();
        if (count > 0) {
            Path was = Slice.open(folder, first);
            compress(was);
            open.close();
            open = null;
            if (next) {
                begin(last);
            }
            Files.delete(was);
        } else if (!next) {
            open.close();
            open = null;
        }
    }

    /** The chain is broken: what follows begins anew, and that is written down. */
    void gap(RawBsonDocument following) throws IOException {
        BsonTimestamp before = Slices.at(last);
        close(false);
        Files.deleteIfExists(Slice.open(folder, before));
        Files.writeString(
                folder.resolve("gap-" + Slice.text(before) + "-" + Slice.text(Slices.at(following))),
                "the operations between are not in the archive\n");
        begin(following);
    }

    private void compress(Path was) throws IOException {
        MessageDigest digest = sha256();
        Path draft = folder.resolve(".draft");
        try (FileChannel channel = FileChannel.open(
                        draft,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                InputStream in = Files.newInputStream(was)) {
            OutputStream out = new GZIPOutputStream(
                    new DigestOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER), digest),
                    BUFFER);
            in.transferTo(out);
            out.flush();
            ((GZIPOutputStream) out).finish();
            out.flush();
            channel.force(true);
        }
        String sum = HexFormat.of().formatHex(digest.digest());
        Files.move(
                draft,
                Slice.closed(folder, first, Slices.at(last), sum),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        syncFolder();
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
