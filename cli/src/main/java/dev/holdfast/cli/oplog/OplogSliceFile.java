package dev.holdfast.cli.oplog;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bson.BsonTimestamp;

/**
 * A file of archived operations, in order. Its first operation is the last one of the slice before.
 *
 * @param last empty while the slice is open
 */
record OplogSliceFile(BsonTimestamp first, Optional<BsonTimestamp> last, Path path)
        implements Comparable<OplogSliceFile> {

    private static final String STAMP = "(\\d{10})\\.(\\d{10})";
    private static final Pattern CLOSED = Pattern.compile(STAMP + "-" + STAMP + "-[0-9a-f]{64}\\.bson\\.gz");
    private static final Pattern OPEN = Pattern.compile(STAMP + "\\.open");

    /** Parses a file's name; empty when it is not a slice. */
    static Optional<OplogSliceFile> of(Path path) {
        String name = path.getFileName().toString();
        Matcher closed = CLOSED.matcher(name);
        if (closed.matches()) {
            return Optional.of(new OplogSliceFile(stamp(closed, 1), Optional.of(stamp(closed, 3)), path));
        }
        Matcher open = OPEN.matcher(name);
        return open.matches()
                ? Optional.of(new OplogSliceFile(stamp(open, 1), Optional.empty(), path))
                : Optional.empty();
    }

    static Path open(Path folder, BsonTimestamp first) {
        return folder.resolve(text(first) + ".open");
    }

    static Path closed(Path folder, BsonTimestamp first, BsonTimestamp last, String sha256) {
        return folder.resolve(text(first) + "-" + text(last) + "-" + sha256 + ".bson.gz");
    }

    /** Returns the time as it is written in names: of equal length, so that names sort by time. */
    static String text(BsonTimestamp stamp) {
        return String.format(
                Locale.ROOT,
                "%010d.%010d",
                Integer.toUnsignedLong(stamp.getTime()),
                Integer.toUnsignedLong(stamp.getInc()));
    }

    private static BsonTimestamp stamp(Matcher name, int group) {
        return new BsonTimestamp(
                Integer.parseUnsignedInt(name.group(group)), Integer.parseUnsignedInt(name.group(group + 1)));
    }

    boolean isOpen() {
        return last.isEmpty();
    }

    /** Whether the slice can contain operations after one time, up to the other. */
    boolean touches(BsonTimestamp after, BsonTimestamp through) {
        return first.compareTo(through) <= 0
                && last.map(l -> l.compareTo(after) > 0).orElse(true);
    }

    @Override
    public int compareTo(OplogSliceFile other) {
        int byFirst = first.compareTo(other.first);
        return byFirst != 0 ? byFirst : Boolean.compare(isOpen(), other.isOpen());
    }
}
