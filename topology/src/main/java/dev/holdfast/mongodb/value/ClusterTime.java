package dev.holdfast.mongodb.value;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A cluster time: a second and a counter of operations in it.
 *
 * @param increment the counter of operations within one second
 */
public record ClusterTime(long seconds, long increment) implements Comparable<ClusterTime> {

    public static final long GREATEST = 0xFFFF_FFFFL;
    public static final ClusterTime NONE = new ClusterTime(0, 0);

    /** Parses {@code SECONDS:INCREMENT}, or with a point as in file names; NONE if the text is neither. */
    public static ClusterTime of(String text) {
        String[] parts = text.split("[:.]");
        try {
            return parts.length == 2 ? new ClusterTime(Long.parseLong(parts[0]), Long.parseLong(parts[1])) : NONE;
        } catch (NumberFormatException noStamp) {
            return NONE;
        }
    }

    public static ClusterTime of(OpTime optime) {
        return optime.isKnown() ? new ClusterTime(optime.seconds(), optime.increment()) : NONE;
    }

    public boolean isKnown() {
        return !equals(NONE);
    }

    /** Returns the last cluster time before this one. */
    public ClusterTime before() {
        return increment > 0 ? new ClusterTime(seconds, increment - 1) : new ClusterTime(seconds - 1, GREATEST);
    }

    public Instant instant() {
        return Instant.ofEpochSecond(seconds);
    }

    /** Returns the form for servers. */
    public Map<String, Object> json() {
        Map<String, Object> parts = new LinkedHashMap<>();
        parts.put("t", seconds);
        parts.put("i", increment);
        return Map.of("$timestamp", parts);
    }

    /** Returns the form for file names. */
    public String inName() {
        return String.format(Locale.ROOT, "%010d.%010d", seconds, increment);
    }

    public static ClusterTime max(ClusterTime one, ClusterTime other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    public static ClusterTime min(ClusterTime one, ClusterTime other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    @Override
    public int compareTo(ClusterTime other) {
        int bySecond = Long.compare(seconds, other.seconds);
        return bySecond != 0 ? bySecond : Long.compare(increment, other.increment);
    }

    @Override
    public String toString() {
        return seconds + ":" + increment;
    }
}
