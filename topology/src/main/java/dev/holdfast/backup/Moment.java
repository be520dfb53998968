package dev.holdfast.backup;

import dev.holdfast.model.Exit;
import dev.holdfast.model.Trouble;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;

/** A moment in the life of a database, said in one of the ways in which people know it. */
public sealed interface Moment {

    Pattern LSN = Pattern.compile("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}");
    Pattern CLUSTER_TIME = Pattern.compile("(?:Timestamp\\()?([0-9]{1,10})[:,]\\s*([0-9]{1,10})\\)?");
    Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}.*");

    /** As it is shown and as it can be typed again. */
    String shown();

    /** What was committed at or before this time, by the servers' clock. */
    record Time(Instant instant) implements Moment {
        @Override
        public String shown() {
            return instant.toString();
        }
    }

    /** What PostgreSQL wrote at or before this log sequence number. */
    record Lsn(String lsn) implements Moment {
        @Override
        public String shown() {
            return lsn;
        }
    }

    /** What MongoDB committed at or before this cluster time: seconds since 1970 and the number within the second. */
    record ClusterTime(long seconds, long increment) implements Moment {
        @Override
        public String shown() {
            return seconds + ":" + increment;
        }
    }

    /** A named restore point. */
    record Name(String name) implements Moment {
        @Override
        public String shown() {
            return name;
        }
    }

    /** The last moment before an operation that is looked for in the archive, e.g. {@code drop social.message}. */
    record BeforeOperation(String operation) implements Moment {
        @Override
        public String shown() {
            return "before " + operation;
        }
    }

    /**
     * What {@code --to} was given: an RFC 3339 time, an LSN, a cluster time as {@code SECONDS:INCREMENT}, or a name.
     *
     * @throws Trouble USAGE when it looks like a time but is none, or has no zone
     */
    static Moment of(String text) {
        if (LSN.matcher(text).matches()) {
            return new Lsn(text.toUpperCase(java.util.Locale.ROOT));
        }
        var time = CLUSTER_TIME.matcher(text);
        if (time.matches()) {
            return new ClusterTime(Long.parseLong(time.group(1)), Long.parseLong(time.group(2)));
        }
        if (!DATE.matcher(text).matches()) {
            return new Name(text);
        }
        try {
            return new Time(OffsetDateTime.parse(text.replaceFirst(" ", "T").replaceFirst("([+-][0-9]{2})$", "$1:00"))
                    .toInstant());
        } catch (DateTimeException noTime) {
            boolean zoneless = text.matches(".*[0-9]{2}:[0-9]{2}(:[0-9.]+)?");
            throw new Trouble(
                    Exit.USAGE,
                    text,
                    zoneless
                            ? "this time has no zone, so it is a different moment on every machine"
                            : "this is no time",
                    "write it as RFC 3339 with its zone, e.g. 2026-11-24T17:30:00Z or 2026-11-24T18:30:00+01:00");
        }
    }
}
