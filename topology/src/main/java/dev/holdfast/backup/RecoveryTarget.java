package dev.holdfast.backup;

import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;

/** The point to which a restore replays, in one of the forms that operators use. */
public sealed interface RecoveryTarget {

    Pattern LSN = Pattern.compile("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}");
    Pattern CLUSTER_TIME = Pattern.compile("(?:Timestamp\\()?([0-9]{1,10})[:,]\\s*([0-9]{1,10})\\)?");
    String LATEST = "latest";
    /** Words and numbers that mean a time to people, so they are not names of restore points. */
    Pattern NO_NAME =
            Pattern.compile("(?i)now|today|yesterday|tomorrow|epoch|[+-]?infinity|@?[-+0-9][-+0-9.,:/ ]*[smhdwTZ]?");

    Pattern CLOCK = Pattern.compile("[0-9]{1,2}:[0-9]{2}");
    Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}.*");

    /** Returns the text that is shown and can be typed again. */
    String shown();

    /** Everything committed at or before this time, by the servers' clocks. */
    record Time(Instant instant) implements RecoveryTarget {
        @Override
        public String shown() {
            return instant.toString();
        }
    }

    /** Everything that PostgreSQL wrote at or before this LSN. */
    record Lsn(String lsn) implements RecoveryTarget {
        @Override
        public String shown() {
            return lsn;
        }
    }

    /** Everything that MongoDB committed at or before this cluster time: seconds since 1970 and the number within the second. */
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

    /** The latest recoverable point. */
    record Latest() implements RecoveryTarget {
        @Override
        public String shown() {
            return LATEST;
        }
    }

    /** The last point before an operation in the archive, e.g. {@code drop social.message}. */
    record BeforeOperation(String operation) implements RecoveryTarget {
        @Override
        public String shown() {
            return "before " + operation;
        }
    }

    /**
     * Parses the value of {@code --to}: {@code latest}, an RFC 3339 time, an LSN, a cluster time {@code SECONDS:INCREMENT}, or a name.
     *
     * @throws HoldfastException USAGE when the value looks like a time and is not one, or has no zone
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
                        "this is neither a time with a time zone nor the name of a restore point",
                        "use --to latest for the latest recoverable point, or an RFC 3339 time,"
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
                            ? "this time has no time zone, so its meaning depends on the machine"
                            : "this is not a time",
                    "write the time as RFC 3339 with a time zone, e.g. 2026-11-24T17:30:00Z or 2026-11-24T18:30:00+01:00");
        }
    }
}
