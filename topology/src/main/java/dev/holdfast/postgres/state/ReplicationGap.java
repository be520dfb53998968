package dev.holdfast.postgres.state;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.postgres.value.Lsn;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The WAL of the lost primary beyond that of a candidate: an upper bound of the loss.
 *
 * @param isKnown whether that WAL could be read
 * @param bytes of WAL
 * @param commits in it; each was acknowledged, or was waiting for a standby
 * @param seconds between the first and the last of those commits
 * @param waiters the number of sessions of the lost primary that can wait for a standby at the same time
 * @param lived seconds from the first of those commits to the primary's last write of WAL
 */
public record ReplicationGap(boolean isKnown, long bytes, long commits, double seconds, long waiters, double lived) {

    static final ReplicationGap UNKNOWN = new ReplicationGap(false, 0, 0, 0, 0, 0);

    public ReplicationGap(boolean isKnown, long bytes, long commits, double seconds) {
        this(isKnown, bytes, commits, seconds, 0, 0);
    }

    public static ReplicationGap of(ActionResult answer, Lsn from) {
        if (!answer.isOk()) {
            return UNKNOWN;
        }
        Map<String, String> fields = new LinkedHashMap<>();
        answer.text()
                .lines()
                .map(l -> l.split("\t", 2))
                .filter(l -> l.length == 2)
                .forEach(l -> fields.merge(l[0], l[1], (was, now) -> switch (l[0]) {
                    case "commits", "records" -> Long.toString(Long.parseLong(was) + Long.parseLong(now));
                    case "first" -> was;
                    default -> now;
                }));
        Lsn end = Lsn.at(fields.getOrDefault("end", ""));
        long bytes = Math.max(0, end.position() - from.position());
        long commits = Long.parseLong(fields.getOrDefault("commits", "0"));
        double seconds =
                commits == 0 ? 0 : moment(fields.getOrDefault("last", "")) - moment(fields.getOrDefault("first", ""));
        return new ReplicationGap(
                true,
                bytes,
                commits,
                Math.max(0, seconds),
                Long.parseLong(fields.getOrDefault("waiters", "0")),
                Double.parseDouble(fields.getOrDefault("lived", "0")));
    }

    /** Returns the seconds of a time such as {@code 2026-11-23 12:44:30.957741} within its month. */
    private static double moment(String time) {
        String[] f = time.split("[- :]");
        return f.length < 6
                ? 0
                : ((Integer.parseInt(f[2]) * 24 + Integer.parseInt(f[3])) * 60 + Integer.parseInt(f[4])) * 60.0
                        + Double.parseDouble(f[5]);
    }

    public boolean isNothing() {
        return isKnown && commits == 0;
    }

    public String description() {
        return isKnown
                ? bytes + " bytes of WAL with " + commits + (commits == 1 ? " commit" : " commits") + ", made within "
                        + String.format(java.util.Locale.ROOT, "%.1f", seconds) + " s"
                : "an unknown amount: the WAL of the lost primary cannot be read";
    }
}
