package dev.holdfast.postgres.value;

import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The size of all WAL segments of a database, from which their numbers follow. A segment's name has 8 hexadecimal digits of the
 * timeline, 8 of the LSN's high half, and 8 of the number within that half.
 *
 * @param bytes of one segment: a power of two, chosen by {@code initdb --wal-segsize}
 */
public record WalSegmentSize(long bytes) {

    /** The size without {@code --wal-segsize}. */
    public static final WalSegmentSize DEFAULT = new WalSegmentSize(16L * 1024 * 1024);

    private static final long PER_HIGH_HALF = 0x1_0000_0000L;
    private static final int SMALLEST = 20;
    private static final int LARGEST = 30;

    /** Returns all possible sizes, the default first. */
    public static LongStream all() {
        return LongStream.concat(
                LongStream.of(DEFAULT.bytes),
                IntStream.rangeClosed(SMALLEST, LARGEST).mapToLong(power -> 1L << power));
    }

    public static boolean isName(String text) {
        return text.matches("[0-9A-F]{24}");
    }

    public static int timeline(String name) {
        return Integer.parseUnsignedInt(name.substring(0, 8), 16);
    }

    public long number(String name) {
        return Long.parseLong(name.substring(8, 16), 16) * perHighHalf() + Long.parseLong(name.substring(16, 24), 16);
    }

    /** Returns the number of the segment that contains a position. */
    public long at(Lsn position) {
        return Long.divideUnsigned(position.position(), bytes);
    }

    /** Returns the position at which a segment ends and the next one starts. */
    public Lsn end(long number) {
        return new Lsn((number + 1) * bytes);
    }

    public String name(int timeline, long number) {
        return String.format(Locale.ROOT, "%08X%08X%08X", timeline, number / perHighHalf(), number % perHighHalf());
    }

    private long perHighHalf() {
        return PER_HIGH_HALF / bytes;
    }
}
