package dev.holdfast.mongodb;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A cluster time: which operation of which second.
 *
 * @param increment counts the operations of one second
 */
record Stamp(long seconds, long increment) implements Comparable<Stamp> {

    static final long GREATEST = 0xFFFF_FFFFL;
    static final Stamp NONE = new Stamp(0, 0);

    /** Of {@code SECONDS:INCREMENT}, or with a point as in the names of files; NONE when it is neither. */
    static Stamp of(String text) {
        String[] parts = text.split("[:.]");
        try {
            return parts.length == 2 ? new Stamp(Long.parseLong(parts[0]), Long.parseLong(parts[1])) : NONE;
        } catch (NumberFormatException noStamp) {
            return NONE;
        }
    }

    static Stamp of(Optime optime) {
        return optime.isKnown() ? new Stamp(optime.seconds(), optime.increment()) : NONE;
    }

    boolean isKnown() {
        return !equals(NONE);
    }

    /** The last moment before this one. */
    Stamp before() {
        return increment > 0 ? new Stamp(seconds, increment - 1) : new Stamp(seconds - 1, GREATEST);
    }

    Instant instant() {
        return Instant.ofEpochSecond(seconds);
    }

    /** As it is sent to servers. */
    Map<String, Object> json() {
        Map<String, Object> parts = new LinkedHashMap<>();
        parts.put("t", seconds);
        parts.put("i", increment);
        return Map.of("$timestamp", parts);
    }

    /** As it stands in the names of files. */
    String inName() {
        return String.format(Locale.ROOT, "%010d.%010d", seconds, increment);
    }

    static Stamp max(Stamp one, Stamp other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    static Stamp min(Stamp one, Stamp other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    @Override
    public int compareTo(Stamp other) {
        int bySecond = Long.compare(seconds, other.seconds);
        return bySecond != 0 ? bySecond : Long.compare(increment, other.increment);
    }

    @Override
    public String toString() {
        return seconds + ":" + increment;
    }
}
