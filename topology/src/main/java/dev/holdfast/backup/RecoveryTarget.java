package dev.holdfast.backup;

import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;

/** A moment in the life of a database, said in one of the ways in which people know it. */
public sealed interface RecoveryTarget {

    Pattern LSN = Pattern.compile("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}");
    Pattern CLUSTER_TIME = Pattern.compile("(?:Timestamp\\()?([0-9]{1,10})[:,]\\s*([0-9]{1,10})\\)?");
    String LATEST = "latest";
    /** Words and numbers that mean a time to people, so that they are no names of restore points. */
    Pattern NO_NAME =
            Pattern.compile("(?i)now|today|yesterday|tomorrow|epoch|[+-]?infinity|@?[-+0-9][-+0-9.,:/ ]*[smhdwTZ]?");

    Pattern CLOCK = Pattern.compile("[0-9]{1,2}:[0-9]{2}");
    Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}.*");

    /** As it is shown and as it can be typed again. */
    String shown();

    /** What was committed at or before this time, by the servers' clock. */
    record Time(Instant instant) implements RecoveryTarget {
        @Override
        public String shown() {
            return instant.toString();
        }
    }

    /** What PostgreSQL wrote at or before this log sequence number. */
    record Lsn(String lsn) implements RecoveryTarget {
        @Override
        public String shown() {
            return lsn;
        }
    }

    /** What MongoDB committed at or before this cluster time: seconds since 1970 and the number within the second. */
    record ClusterTime(long seconds, long increment) implements RecoveryTarget {
        @Override
        public String shown() {
            return seconds + ":" + increment;
        }
    }

    /** A named restore point. */
    record RestorePoint(String name) implements RecoveryTarget {
        @Override
        public String shown() {
            return name;
        }
    }

    /** The last moment that can be reached. */
    record Latest() implements RecoveryTarget {
        @Override
        public String shown() {
            return LATEST;
        }
    }

    /** The last moment before an operation that is looked for in the archive, e.g. {@code drop social.message}. */
    record BeforeOperation(String operation) implements RecoveryTarget {
        @Override
        public String shown() {
            return "before " + operation;
        }
    }

    /**
     * What {@code --to} was given: {@code latest}, an RFC 3339 time, an LSN, a cluster time as {@code SECONDS:INCREMENT}, or a name.
     *
     * @throws HoldfastException USAGE when it looks like a time and is not one, or has no zone
     */
    static RecoveryTarget of(String text) {
        if (LSN.matcher(text).matches()) {
            return new Lsn(text.toUpperCase(java.util.Locale.ROOT));
        }
        var time = CLUSTER_TIME.matcher(text);
        if (time.matches() && !CLOCK.matcher(text).matches()) {
            return new ClusterTime(Long.parseLong(time.group(1)), Long.parseLong(time.group(2)));
        }
        if (text.equals(LATEST)) {
            return new Latest();
        }
        if (!DATE.matcher(text).matches()) {
            if (NO_NAME.matcher(text).matches() || text.isBlank()) {
                throw new HoldfastException(
                        ExitCode.USAGE,
                        text.isBlank() ? "--to" : text,
                        "this is neither a time with its zone nor the name of a restore point",
                        "--to latest brings back all that can be reached; write a time as RFC 3339,"
                                + " e.g. 2026-11-24T17:30:00Z");
            }
            return new RestorePoint(text);
        }
        try {
            return new Time(OffsetDateTime.parse(text.replaceFirst(" ", "T").replaceFirst("([+-][0-9]{2})$", "$1:00"))
                    .toInstant());
        } catch (DateTimeException noTime) {
            boolean zoneless = text.matches(".*[0-9]{2}:[0-9]{2}(:[0-9.]+)?");
            throw new HoldfastException(
                    ExitCode.USAGE,
                    text,
                    zoneless
                            ? "this time has no zone, so it is a different moment on every machine"
                            : "this is no time",
                    "write it as RFC 3339 with its zone, e.g. 2026-11-24T17:30:00Z or 2026-11-24T18:30:00+01:00");
        }
    }
}
