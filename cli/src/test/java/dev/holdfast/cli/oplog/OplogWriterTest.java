package dev.holdfast.cli.oplog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an archive of one set holds after its slices were closed, and after its archiver was killed at any place of that. */
@Tag("unit")
class OplogWriterTest {

    @TempDir
    Path folder;

    @Test
    @DisplayName("Slices follow each other, each with the last operation of the one before as its first")
    void slicesFollowEachOther() throws IOException {
        try (OplogWriter record = new OplogWriter(folder)) {
            record.begin(operation(1));
            append(record, 2, 4);
            record.close(true);
            append(record, 5, 6);
        }
        assertEquals(List.of(1, 2, 3, 4, 5, 6), archived());
        assertEquals(List.of("1-4", "4-6"), bounds());
    }

    @Test
    @DisplayName("While a slice is compressed the next one takes what comes, and nothing is read twice")
    void takesWhatComesMeanwhile() throws IOException {
        try (OplogWriter record = new OplogWriter(folder)) {
            record.begin(operation(1));
            append(record, 2, 3000);
            record.close(true);
            append(record, 3001, 3010);
            record.sync();
            assertEquals(IntStream.rangeClosed(1, 3010).boxed().toList(), archived());
            assertEquals(3010, OplogReader.at(record.last().orElseThrow()).getInc());
        }
        assertEquals(List.of("1-3000", "3000-3010"), bounds());
    }

    @Test
    @DisplayName(
            "Killed before the slice was compressed: both open ones are closed, and it goes on with the newest operation")
    void killedBeforeItWasCompressed() throws IOException {
        Path was = keptAside(1, 2, 4);
        open(4, 5, 7);
        back(was, 1);
        try (OplogWriter record = new OplogWriter(folder)) {
            assertEquals(7, OplogReader.at(record.last().orElseThrow()).getInc());
            append(record, 8, 8);
        }
        assertEquals(List.of("1-4", "4-7", "7-8"), bounds());
        assertEquals(List.of(1, 2, 3, 4, 5, 6, 7, 8), archived());
    }

    @Test
    @DisplayName("Killed after it was compressed and before it was removed: it is compressed to the same file")
    void killedBeforeItWasRemoved() throws IOException {
        Path was = keptAside(1, 2, 4);
        try (OplogWriter record = new OplogWriter(folder)) {
            record.begin(operation(1));
            append(record, 2, 4);
        }
        List<String> before = names();
        back(was, 1);
        try (OplogWriter record = new OplogWriter(folder)) {
            assertEquals(4, OplogReader.at(record.last().orElseThrow()).getInc());
        }
        assertTrue(names().containsAll(before), names() + " after " + before);
        assertEquals(List.of(1, 2, 3, 4), archived());
    }

    @Test
    @DisplayName("An open slice that is older than the newest closed one does not set the archive back")
    void isNotSetBack() throws IOException {
        Path was = keptAside(1, 2, 4);
        try (OplogWriter record = new OplogWriter(folder)) {
            record.begin(operation(1));
            append(record, 2, 4);
            record.close(true);
            append(record, 5, 9);
        }
        back(was, 1);
        try (OplogWriter record = new OplogWriter(folder)) {
            assertEquals(9, OplogReader.at(record.last().orElseThrow()).getInc());
        }
        assertEquals(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9), archived());
    }

    @Test
    @DisplayName("What is torn at the end of an open slice is cut off")
    void cutsOffWhatIsTorn() throws IOException {
        open(1, 2, 4);
        Path slice = OplogSliceFile.open(folder, stamp(1));
        byte[] half = bytes(operation(5));
        Files.write(slice, java.util.Arrays.copyOf(half, half.length / 2), StandardOpenOption.APPEND);
        try (OplogWriter record = new OplogWriter(folder)) {
            assertEquals(4, OplogReader.at(record.last().orElseThrow()).getInc());
            append(record, 5, 5);
        }
        assertEquals(List.of(1, 2, 3, 4, 5), archived());
    }

    @Test
    @DisplayName("An open slice without a whole operation is as none")
    void torn() throws IOException {
        Files.write(OplogSliceFile.open(folder, stamp(1)), new byte[] {1, 2});
        try (OplogWriter record = new OplogWriter(folder)) {
            assertTrue(record.last().isEmpty());
        }
        assertEquals(List.of(), names());
    }

    @Test
    @DisplayName("A slice that cannot be written compressed is reported, and does not change")
    void cannotBeCompressed() throws IOException {
        OplogWriter record = new OplogWriter(folder);
        record.begin(operation(1));
        append(record, 2, 4);
        Files.createDirectories(folder.resolve(".draft/in-the-way"));
        record.close(true);
        append(record, 5, 6);
        assertThrows(IOException.class, record::close);
        assertEquals(List.of(1, 2, 3, 4, 5, 6), archived());
        assertFalse(names().stream().anyMatch(n -> n.endsWith(".gz")), names().toString());
    }

    private void open(int first, int from, int to) throws IOException {
        Path slice = OplogSliceFile.open(folder, stamp(first));
        Files.write(slice, bytes(operation(first)));
        for (int i = from; i <= to; i++) {
            Files.write(slice, bytes(operation(i)), StandardOpenOption.APPEND);
        }
    }

    private Path keptAside(int first, int from, int to) throws IOException {
        open(first, from, to);
        Path aside = folder.resolve("aside");
        return Files.move(OplogSliceFile.open(folder, stamp(first)), aside);
    }

    private void back(Path aside, int first) throws IOException {
        Files.move(aside, OplogSliceFile.open(folder, stamp(first)), StandardCopyOption.REPLACE_EXISTING);
    }

    private static void append(OplogWriter record, int from, int to) throws IOException {
        for (int i = from; i <= to; i++) {
            record.append(operation(i));
        }
    }

    private static BsonTimestamp stamp(int n) {
        return new BsonTimestamp(1_700_000_000, n);
    }

    private static RawBsonDocument operation(int n) {
        BsonDocument document = new BsonDocument("ts", stamp(n))
                .append("t", new BsonInt64(1))
                .append("o", new BsonDocument("payload", new BsonString("of operation " + n)));
        return new RawBsonDocument(document, new BsonDocumentCodec());
    }

    private static byte[] bytes(RawBsonDocument operation) {
        byte[] all = new byte[operation.getByteBuffer().remaining()];
        operation.getByteBuffer().get(all);
        return all;
    }

    private List<Integer> archived() throws IOException {
        List<Integer> all = new ArrayList<>();
        new OplogReader(folder)
                .read(stamp(0), stamp(1_000_000), o -> all.add(OplogReader.at(o).getInc()));
        return all;
    }

    private List<String> names() throws IOException {
        return new OplogReader(folder)
                .list().stream().map(s -> s.path().getFileName().toString()).toList();
    }

    private List<String> bounds() throws IOException {
        return new OplogReader(folder)
                .list().stream()
                        .filter(s -> !s.isOpen())
                        .map(s -> s.first().getInc() + "-"
                                + s.last().orElseThrow().getInc())
                        .toList();
    }
}
