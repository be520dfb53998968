package dev.holdfast.postgres.backup;

import dev.holdfast.postgres.value.WalSegmentSize;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The base backups of one repository, from the JSON of {@code pgbackrest info} for one stanza.
 *
 * @param segmentSize size of the WAL segments, as the first segment and the start LSN of every backup imply it
 * @param backups complete backups, oldest first
 * @param trouble why pgBackRest could not read its repository; empty when it was read
 */
record BackupInfo(WalSegmentSize segmentSize, List<BaseBackup> backups, String trouble) {

    private static final int OK = 0;
    private static final int NO_BACKUPS = 2;

    /** @param json the JSON object of the stanza; empty when pgBackRest printed none */
    static BackupInfo of(Map<String, Object> json) {
        List<Map<?, ?>> backups = maps(json.get("backup"));
        WalSegmentSize segments = WalSegmentSize.all()
                .mapToObj(WalSegmentSize::new)
                .filter(s -> backups.stream().allMatch(b -> BaseBackup.isOf(s, b)))
                .findFirst()
                .orElse(WalSegmentSize.DEFAULT);
        return new BackupInfo(
                segments,
                backups.stream()
                        .flatMap(b -> BaseBackup.of(b, segments).stream())
                        .toList(),
                trouble(json));
    }

    /** Returns why there may be more than was reported; the reason is in the status of the repository, not of the stanza. */
    private static String trouble(Map<String, Object> json) {
        List<Map<?, ?>> repositories = maps(json.get("repo"));
        Object status = repositories.isEmpty() ? null : repositories.get(0).get("status");
        if (!(status instanceof Map<?, ?> known) || !(known.get("code") instanceof Number code)) {
            return "pgbackrest info printed no status of the repository";
        }
        return Set.of(OK, NO_BACKUPS).contains(code.intValue())
                ? ""
                : "pgbackrest info: " + String.valueOf(known.get("message")).replaceAll("\\s+", " ");
    }

    private static List<Map<?, ?>> maps(Object list) {
        return list instanceof List<?> all
                ? all.stream()
                        .filter(Map.class::isInstance)
                        .<Map<?, ?>>map(Map.class::cast)
                        .toList()
                : List.of();
    }
}
