package dev.holdfast.cli.files;

import dev.holdfast.ledger.ReadBackResult;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The result of reading one stream back, next to the run's ledger: the node's name, then numbers and positions. */
public final class ReadBackFile {

    private static final int MOST_STREAMS = 128;

    private static final Pattern ASIDE = Pattern.compile("found-(.+)-[0-9]+\\.bin");

    private ReadBackFile() {}

    private static Path path(Path folder, String name, int stream) {
        return folder.resolve("found-" + (name.isEmpty() ? "" : name + "-") + stream + ".bin");
    }

    public static void write(Path folder, ReadBackResult found) throws IOException {
        write(folder, "", found);
    }

    /** @param name identifies a read from a server that is not a final primary; empty for the read that counts */
    public static void write(Path folder, String name, ReadBackResult found) throws IOException {
        Path clusterConfig = folder.resolve(".found.draft-" + name + "-" + found.stream());
        try (FileOutputStream file = new FileOutputStream(clusterConfig.toFile());
                DataOutputStream out = new DataOutputStream(new BufferedOutputStream(file, 1 << 16))) {
            out.writeUTF(found.node());
            out.writeInt(found.ids().length);
            for (int i = 0; i < found.ids().length; i++) {
                out.writeLong(found.ids()[i]);
                out.writeLong(found.positions()[i]);
            }
            out.flush();
            file.getFD().sync();
            Files.move(clusterConfig, path(folder, name, found.stream()), StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(clusterConfig);
        }
    }

    /** Returns every stream that was read back in a run, in the order of their numbers. */
    public static List<ReadBackResult> readAll(Path folder) throws IOException {
        return readAll(folder, "");
    }

    /** Returns what was read from servers that are not final primaries, by name. */
    public static Map<String, List<ReadBackResult>> readAside(Path folder) throws IOException {
        Map<String, List<ReadBackResult>> aside = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Matcher named = ASIDE.matcher(file.getFileName().toString());
                if (named.matches() && !aside.containsKey(named.group(1))) {
                    aside.put(named.group(1), readAll(folder, named.group(1)));
                }
            }
        }
        return aside;
    }

    private static List<ReadBackResult> readAll(Path folder, String name) throws IOException {
        List<ReadBackResult> all = new ArrayList<>();
        for (int stream = 0; stream < MOST_STREAMS; stream++) {
            if (Files.exists(path(folder, name, stream))) {
                all.add(read(path(folder, name, stream), stream));
            }
        }
        return all;
    }

    private static ReadBackResult read(Path file, int stream) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            String node = in.readUTF();
            int count = in.readInt();
            long[] ids = new long[count];
            long[] positions = new long[count];
            for (int i = 0; i < count; i++) {
                ids[i] = in.readLong();
                positions[i] = in.readLong();
            }
            return new ReadBackResult(stream, node, ids, positions);
        }
    }
}
