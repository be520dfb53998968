package dev.holdfast.postgres.value;

/** A position in the write-ahead log, as PostgreSQL writes it: {@code 0/3000060}. */
public record Lsn(long position) implements Comparable<Lsn> {

    public static final Lsn START = new Lsn(0);

    /** @param text in PostgreSQL's notation; empty or null means {@link #START} */
    public static Lsn at(String text) {
        if (text == null || text.isEmpty()) {
            return START;
        }
        int slash = text.indexOf('/');
        return new Lsn(
                Long.parseLong(text.substring(0, slash), 16) << 32 | Long.parseLong(text.substring(slash + 1), 16));
    }

    public boolean isPast(Lsn other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(position, other.position);
    }

    @Override
    public String toString() {
        return Long.toHexString(position >>> 32).toUpperCase(java.util.Locale.ROOT)
                + "/"
                + Long.toHexString(position & 0xFFFF_FFFFL).toUpperCase(java.util.Locale.ROOT);
    }
}
