package dev.holdfast.postgres;

/** A position in the write-ahead log, as PostgreSQL writes it: {@code 0/3000060}. */
record Wal(long position) implements Comparable<Wal> {

    static final Wal START = new Wal(0);

    /** @param text as PostgreSQL writes it; empty or null is {@link #START} */
    static Wal at(String text) {
        if (text == null || text.isEmpty()) {
            return START;
        }
        int slash = text.indexOf('/');
        return new Wal(
                Long.parseLong(text.substring(0, slash), 16) << 32 | Long.parseLong(text.substring(slash + 1), 16));
    }

    boolean isPast(Wal other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Wal other) {
        return Long.compareUnsigned(position, other.position);
    }

    @Override
    public String toString() {
        return Long.toHexString(position >>> 32).toUpperCase(java.util.Locale.ROOT)
                + "/"
                + Long.toHexString(position & 0xFFFF_FFFFL).toUpperCase(java.util.Locale.ROOT);
    }
}
