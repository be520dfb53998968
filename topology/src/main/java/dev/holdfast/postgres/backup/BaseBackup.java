package dev.holdfast.postgres.backup;

import dev.holdfast.postgres.value.Lsn;
import dev.holdfast.postgres.value.WalSegment;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One base backup as pgBackRest reports it.
 *
 * @param kind full, diff or incr
 * @param timeline of the base backup
 * @param first number of the first segment that it needs
 * @param last number of the last segment that it needs to be consistent
 * @param end LSN from which it is consistent
 * @param size of the database
 * @param repositorySize bytes in the repository, including the backups that it refers to
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
        long repositorySize,
        long added) {

    private static final Pattern FIELD = Pattern.compile("\"([a-z-]+)\":(?:\"([^\"]*)\"|([0-9]+|true|false))");

    /** Parses one line of the probe's output; empty for an incomplete backup. */
    static Optional<BaseBackup> of(String label, String message) {
        Map<String, String> fields = new HashMap<>();
        Matcher field = FIELD.matcher(message);
        while (field.find()) {
            fields.put(field.group(1), field.group(2) == null ? field.group(3) : field.group(2));
        }
        String first = fields.getOrDefault("backup-archive-start", "");
        String last = fields.getOrDefault("backup-archive-stop", "");
        if (!WalSegment.isName(first) || !WalSegment.isName(last)) {
            return Optional.empty();
        }
        return Optional.of(new BaseBackup(
                label,
                fields.getOrDefault("backup-type", ""),
                at(fields, "backup-timestamp-start"),
                at(fields, "backup-timestamp-stop"),
                WalSegment.timeline(last),
                WalSegment.number(first),
                WalSegment.number(last),
                Lsn.at(fields.getOrDefault("backup-lsn-stop", "")),
                number(fields, "backup-info-size"),
                number(fields, "backup-info-repo-size"),
                number(fields, "backup-info-repo-size-delta")));
    }

    private static Instant at(Map<String, String> fields, String name) {
        return Instant.ofEpochSecond(number(fields, name));
    }

    private static long number(Map<String, String> fields, String name) {
        return Long.parseLong("0" + fields.getOrDefault(name, ""));
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
