package dev.holdfast.postgres.state;

import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
import dev.holdfast.postgres.value.Lsn;
import java.util.List;

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

    /** {@code postgres/wal-gap.sh}: of a stopped or hanging server. */
    public static final ScriptFormat OF_LOST = new ScriptFormat("postgres/wal-gap.sh", Wal.class, Exposure.class);

    /** {@code postgres/wal-branch.sh}: of one of several primaries. */
    public static final ScriptFormat OF_BRANCH = new ScriptFormat("postgres/wal-branch.sh", Wal.class);

    /**
     * The WAL of one timeline.
     *
     * @param first time of the first commit; empty without a commit
     */
    private record Wal(String end, long records, long commits, String first, String last) {}

    private record Exposure(long waiters, double lived) {}

    public static ReplicationGap of(ScriptAnswer answer, Lsn from) {
        List<Wal> pieces = answer.all(Wal.class);
        if (!answer.isOk() || pieces.isEmpty()) {
            return UNKNOWN;
        }
        Lsn end = Lsn.at(pieces.get(pieces.size() - 1).end());
        long bytes = Math.max(0, end.position() - from.position());
        List<Wal> withCommits = pieces.stream().filter(p -> p.commits() > 0).toList();
        long commits = withCommits.stream().mapToLong(Wal::commits).sum();
        double seconds = commits == 0
                ? 0
                : moment(withCommits.get(withCommits.size() - 1).last())
                        - moment(withCommits.get(0).first());
        Exposure exposure = answer.first(Exposure.class, e -> true).orElse(new Exposure(0, 0));
        return new ReplicationGap(true, bytes, commits, Math.max(0, seconds), exposure.waiters(), exposure.lived());
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
