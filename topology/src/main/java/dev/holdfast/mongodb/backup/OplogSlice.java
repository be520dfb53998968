package dev.holdfast.mongodb.backup;

import dev.holdfast.mongodb.value.ClusterTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file of a set's oplog archive, described by its name.
 *
 * @param last the last operation; the first is the last one of the previous slice
 * @param bytes the size of the file
 * @param open whether the archiver still writes it
 */
public record OplogSlice(String file, ClusterTime first, ClusterTime last, long bytes, boolean open) {

    private static final Pattern CLOSED =
            Pattern.compile("(\\d{10}\\.\\d{10})-(\\d{10}\\.\\d{10})-[0-9a-f]{64}\\.bson\\.gz");
    private static final Pattern OPEN = Pattern.compile("(\\d{10}\\.\\d{10})\\.open");

    /** @param archived the last operation of the open slice that the archiver reports as on disk */
    static Optional<OplogSlice> of(String file, long bytes, ClusterTime archived) {
        Matcher closed = CLOSED.matcher(file);
        if (closed.matches()) {
            return Optional.of(new OplogSlice(
                    file, ClusterTime.of(closed.group(1)), ClusterTime.of(closed.group(2)), bytes, false));
        }
        Matcher open = OPEN.matcher(file);
        if (!open.matches()) {
            return Optional.empty();
        }
        ClusterTime first = ClusterTime.of(open.group(1));
        return Optional.of(new OplogSlice(file, first, ClusterTime.max(first, archived), bytes, true));
    }
}
