package dev.holdfast.postgres.state;

import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
import dev.holdfast.postgres.value.Lsn;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

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
    private record Wal(String end, long records, long commits, String first, String last) {

        /** Whether it has no end, or commits without times. */
        boolean isIncomplete() {
            boolean hasTimes = moment(first).isPresent() && moment(last).isPresent();
            return end.isEmpty() || commits > 0 && !hasTimes;
        }
    }

    private record Exposure(long waiters, double lived) {}

    /** Returns the gap behind a lost primary; unknown unless every part of the answer is there. */
    public static ReplicationGap ofLost(ScriptAnswer answer, Lsn from) {
        return answer.first(Exposure.class, e -> true)
                .map(e -> of(answer, from, e))
                .orElse(UNKNOWN);
    }

    /** Returns the gap behind one of several primaries. No decision depends on its exposure. */
    public static ReplicationGap ofBranch(ScriptAnswer answer, Lsn from) {
        return of(answer, from, new Exposure(0, 0));
    }

    private static ReplicationGap of(ScriptAnswer answer, Lsn from, Exposure exposure) {
        List<Wal> pieces = answer.all(Wal.class);
        List<Wal> withCommits = pieces.stream().filter(p -> p.commits() > 0).toList();
        if (!answer.isOk() || pieces.isEmpty() || pieces.stream().anyMatch(Wal::isIncomplete)) {
            return UNKNOWN;
        }
        Lsn end = Lsn.at(pieces.get(pieces.size() - 1).end());
        long bytes = Math.max(0, end.position() - from.position());
        long commits = withCommits.stream().mapToLong(Wal::commits).sum();
        double seconds = commits == 0
                ? 0
                : Duration.between(
                                        moment(withCommits.get(0).first()).orElseThrow(),
                                        moment(withCommits
                                                        .get(withCommits.size() - 1)
                                                        .last())
                                                .orElseThrow())
                                .toMillis()
                        / 1000.0;
        return new ReplicationGap(true, bytes, commits, Math.max(0, seconds), exposure.waiters(), exposure.lived());
    }

    /** Parses a time such as {@code 2026-11-23 12:44:30.957741}; empty when it is none. */
    private static Optional<LocalDateTime> moment(String time) {
        try {
            return Optional.of(LocalDateTime.parse(time.replace(' ', 'T')));
        } catch (DateTimeParseException noTime) {
            return Optional.empty();
        }
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
