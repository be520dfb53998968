package dev.holdfast.cli.files;

import dev.holdfast.ledger.Found;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What was read back of one stream, on disk beside the run's ledger: the node's name, then numbers and positions. */
public final class FoundFile {

    private static final int MOST_STREAMS = 128;

    private FoundFile() {}

    private static Path path(Path folder, int stream) {
        return folder.resolve("found-" + stream + ".bin");
    }

    public static void write(Path folder, Found found) throws IOException {
        try (DataOutputStream out = new DataOutputStream(
                new BufferedOutputStream(Files.newOutputStream(path(folder, found.stream())), 1 << 16))) {
            out.writeUTF(found.node());
            out.writeInt(found.ids().length);
            for (int i = 0; i < found.ids().length; i++) {
                out.writeLong(found.ids()[i]);
                out.writeLong(found.positions()[i]);
            }
        }
    }

    /** Every stream that was read back in a run, in the order of their numbers. */
    public static List<Found> readAll(Path folder) throws IOException {
        List<Found> all = new ArrayList<>();
        for (int stream = 0; stream < MOST_STREAMS; stream++) {
            if (Files.exists(path(folder, stream))) {
                all.add(read(folder, stream));
            }
        }
        return all;
    }

    private static Found read(Path folder, int stream) throws IOException {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(path(folder, stream)), 1 << 16))) {
            String node = in.readUTF();
            int count = in.readInt();
            long[] ids = new long[count];
            long[] positions = new long[count];
            for (int i = 0; i < count; i++) {
                ids[i] = in.readLong();
                positions[i] = in.readLong();
            }
            return new Found(stream, node, ids, positions);
        }
    }
}
