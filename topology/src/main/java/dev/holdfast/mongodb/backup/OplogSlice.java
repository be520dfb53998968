package dev.holdfast.mongodb.backup;

import dev.holdfast.mongodb.value.ClusterTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file of a set's archive, by its name.
 *
 * @param last of its operations; its first is the last of the slice before it
 * @param bytes what it takes
 * @param open whether the archiver still writes to it
 */
public record OplogSlice(String file, ClusterTime first, ClusterTime last, long bytes, boolean open) {

    private static final Pattern CLOSED =
            Pattern.compile("(\\d{10}\\.\\d{10})-(\\d{10}\\.\\d{10})-[0-9a-f]{64}\\.bson\\.gz");
    private static final Pattern OPEN = Pattern.compile("(\\d{10}\\.\\d{10})\\.open");

    /** @param archived how far the archiver says the open slice is on disk */
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
