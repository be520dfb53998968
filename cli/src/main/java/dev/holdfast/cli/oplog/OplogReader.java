package dev.holdfast.cli.oplog;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.bson.BsonTimestamp;
import org.bson.RawBsonDocument;

/** The archived operations of one replica set, read from its directory in the order of time, each once. */
record OplogReader(Path folder) {

    private static final int BUFFER = 1 << 16;
    private static final int SMALLEST_DOCUMENT = 5;
    private static final int GREATEST_DOCUMENT = 17 << 20;
    private static final int TRIES = 5;

    List<OplogSliceFile> list() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(OplogSliceFile::of)
                    .flatMap(Optional::stream)
                    .sorted()
                    .toList();
        }
    }

    static BsonTimestamp at(RawBsonDocument operation) {
        return operation.getTimestamp("ts");
    }

    /**
     * Passes every operation after one time, up to and including another.
     *
     * @return the time of the last operation; empty when there was none
     */
    Optional<BsonTimestamp> read(BsonTimestamp after, BsonTimestamp through, Consumer<RawBsonDocument> each)
            throws IOException {
        BsonTimestamp[] last = {after};
        for (int i = 1; ; i++) {
            try {
                for (OplogSliceFile slice : list()) {
                    if (slice.touches(last[0], through)) {
                        read(slice, operation -> {
                            BsonTimestamp at = at(operation);
                            if (at.compareTo(last[0]) > 0 && at.compareTo(through) <= 0) {
                                each.accept(operation);
                                last[0] = at;
                            }
                        });
                    }
                }
                return last[0].equals(after) ? Optional.empty() : Optional.of(last[0]);
            } catch (NoSuchFileException closedMeanwhile) {
                // the open slice was closed, and is now there under its final name
                if (i == TRIES) {
                    throw closedMeanwhile;
                }
            }
        }
    }

    /**
     * Reads all operations of one slice, without the torn end that a killed archiver can leave in an open slice.
     *
     * @return the bytes of complete operations in it, uncompressed
     */
    static long read(OplogSliceFile slice, Consumer<RawBsonDocument> each) throws IOException {
        long whole = 0;
        try (InputStream file = Files.newInputStream(slice.path());
                DataInputStream in = new DataInputStream(
                        slice.isOpen()
                                ? new BufferedInputStream(file, BUFFER)
                                : new BufferedInputStream(new GZIPInputStream(file, BUFFER), BUFFER))) {
            byte[] head = new byte[4];
            while (in.readNBytes(head, 0, head.length) == head.length) {
                int length =
                        ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt();
                if (length < SMALLEST_DOCUMENT || length > GREATEST_DOCUMENT) {
                    if (slice.isOpen()) {
                        break;
                    }
                    throw new IOException(slice.path() + " is not an oplog slice");
                }
                byte[] document = new byte[length];
                System.arraycopy(head, 0, document, 0, head.length);
                if (in.readNBytes(document, head.length, length - head.length) < length - head.length) {
                    if (slice.isOpen()) {
                        break;
                    }
                    throw new EOFException(slice.path() + " ends in the middle of an operation");
                }
                each.accept(new RawBsonDocument(document));
                whole += length;
            }
        }
        return whole;
    }
}
