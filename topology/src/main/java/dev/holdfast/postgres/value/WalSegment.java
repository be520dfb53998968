package dev.holdfast.postgres.value;

import java.util.Locale;

/** Names of WAL segments: 8 hexadecimal digits of the timeline, 16 of the position. */
public final class WalSegment {

    static final long BYTES = 16L * 1024 * 1024;
    private static final long PER_FILE = 0x1_0000_0000L / BYTES;

    private WalSegment() {}

    public static boolean isName(String text) {
        return text.matches("[0-9A-F]{24}");
    }

    public static int timeline(String name) {
        return Integer.parseUnsignedInt(name.substring(0, 8), 16);
    }

    public static long number(String name) {
        return Long.parseLong(name.substring(8, 16), 16) * PER_FILE + Long.parseLong(name.substring(16, 24), 16);
    }

    /** Returns the number of the segment that contains a position. */
    public static long at(Lsn position) {
        return Long.divideUnsigned(position.position(), BYTES);
    }

    public static Lsn start(long number) {
        return new Lsn(number * BYTES);
    }

    public static String name(int timeline, long number) {
        return String.format(Locale.ROOT, "%08X%08X%08X", timeline, number / PER_FILE, number % PER_FILE);
    }
}
