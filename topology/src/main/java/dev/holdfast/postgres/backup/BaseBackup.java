package dev.holdfast.postgres.backup;

import dev.holdfast.postgres.value.Lsn;
import dev.holdfast.postgres.value.WalSegmentSize;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One base backup in a repository, as pgBackRest reports it.
 *
 * @param kind full, diff or incr
 * @param timeline of the base backup
 * @param first number of the first segment that it needs
 * @param last number of the last segment that it needs to be consistent
 * @param end LSN from which it is consistent
 * @param size of the database
 * @param added bytes in the repository of this backup alone
 */
public record BaseBackup(
        String label,
        String kind,
        Instant started,
        Instant stopped,
        int timeline,
        long first,
        long last,
        Lsn end,
        long size,
        long added) {

    /** Returns one element of {@code backup} in the JSON of {@code pgbackrest info}; empty without the WAL that it needs. */
    static Optional<BaseBackup> of(Map<?, ?> json, WalSegmentSize segments) {
        String first = text(json, "archive", "start");
        String last = text(json, "archive", "stop");
        if (!WalSegmentSize.isName(first) || !WalSegmentSize.isName(last)) {
            return Optional.empty();
        }
        return Optional.of(new BaseBackup(
                text(json, "label"),
                text(json, "type"),
                Instant.ofEpochSecond(number(json, "timestamp", "start")),
                Instant.ofEpochSecond(number(json, "timestamp", "stop")),
                WalSegmentSize.timeline(last),
                segments.number(first),
                segments.number(last),
                Lsn.at(text(json, "lsn", "stop")),
                number(json, "info", "size"),
                number(json, "info", "repository", "delta")));
    }

    /** Returns whether a backup began in the segment that its start LSN belongs to, if segments have this size. */
    static boolean isOf(WalSegmentSize segments, Map<?, ?> json) {
        String first = text(json, "archive", "start");
        String start = text(json, "lsn", "start");
        return !WalSegmentSize.isName(first)
                || start.isEmpty()
                || segments.name(WalSegmentSize.timeline(first), segments.at(Lsn.at(start)))
                        .equals(first);
    }

    private static Object value(Map<?, ?> json, String... path) {
        Object value = json;
        for (String name : path) {
            value = value instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return value;
    }

    private static String text(Map<?, ?> json, String... path) {
        return value(json, path) instanceof String text ? text : "";
    }

    private static long number(Map<?, ?> json, String... path) {
        return value(json, path) instanceof Number number ? number.longValue() : 0;
    }

    /**
     * Returns the time from which the backup is consistent for certain: pgBackRest records whole seconds, so this is the next
     * one.
     */
    Instant reachableFrom() {
        return stopped.plusSeconds(1);
    }

    boolean isFull() {
        return kind.equals("full");
    }

    /** Returns the label of the full backup that it depends on. */
    String full() {
        return label.substring(0, label.indexOf('F') + 1);
    }

    String word() {
        return switch (kind) {
            case "diff" -> "differential";
            case "incr" -> "incremental";
            default -> kind;
        };
    }
}
