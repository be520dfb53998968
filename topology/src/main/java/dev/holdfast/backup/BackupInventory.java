package dev.holdfast.backup;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The contents of a cluster's repository, as far as they were read.
 *
 * @param cluster the cluster's name
 * @param repository the location of the repository
 * @param backups all base backups, oldest first
 * @param windows the recovery windows, oldest first; a gap in the archive separates two windows
 * @param waiting what is not archived yet; empty when unknown, which is not the same as nothing
 * @param bytes size of the whole repository of this cluster; -1 when unknown
 * @param proven when a restore from it was last verified
 * @param findings what is missing, damaged or stale; each makes {@code verify} fail
 * @param notes further information for the operator
 */
public record BackupInventory(
        String cluster,
        String repository,
        List<Backup> backups,
        List<RecoveryWindow> windows,
        Optional<ArchiveLag> waiting,
        long bytes,
        Optional<Instant> proven,
        List<Finding> findings,
        List<String> notes) {

    /**
     * One base backup.
     *
     * @param label its name in the repository
     * @param kind full, differential, incremental or base
     * @param bytes the size in the repository
     * @param facts further facts of the engine, by key: timeline, from, group
     */
    public record Backup(
            String label, String kind, Instant started, Instant stopped, long bytes, Map<String, Object> facts) {}

    /**
     * A recovery window: every time from the first to the last can be restored.
     *
     * @param from the first time, when its base backup had ended
     * @param to the last time that is certainly archived
     * @param bounds the same in the engine's own terms, e.g. LSNs or cluster times, for people
     * @param timeline the timeline of the window, if the engine has timelines; selected by {@code --timeline}
     * @param isLeft whether the servers have left that timeline and continued from an earlier time
     */
    public record RecoveryWindow(Instant from, Instant to, String bounds, Optional<Integer> timeline, boolean isLeft) {
        public RecoveryWindow(Instant from, Instant to, String bounds) {
            this(from, to, bounds, Optional.empty(), false);
        }

        public boolean contains(Instant moment) {
            return !moment.isBefore(from) && !moment.isAfter(to);
        }
    }

    /** What would be lost if only the repository survived now: the current RPO. */
    public record ArchiveLag(long bytes, double seconds) {}

    /** A missing or wrong part: where it is, what is wrong, and what to try. */
    public record Finding(String where, String what, String hint) {}

    public BackupInventory {
        backups = List.copyOf(backups);
        windows = List.copyOf(windows);
        findings = List.copyOf(findings);
        notes = List.copyOf(notes);
    }

    /** Returns the same inventory with more notes. */
    public BackupInventory noting(List<String> more) {
        List<String> all = Stream.concat(notes.stream(), more.stream()).toList();
        return new BackupInventory(cluster, repository, backups, windows, waiting, bytes, proven, findings, all);
    }

    /** Returns the recovery windows in one sentence. */
    public String sentence() {
        if (windows.isEmpty() && findings.isEmpty() && !backups.isEmpty()) {
            return "only the latest state can be restored (--to latest): no commit since the base backup is archived";
        }
        if (windows.isEmpty()) {
            return "nothing can be restored"
                    + findings.stream().findFirst().map(f -> ": " + f.what()).orElse(" yet");
        }
        List<RecoveryWindow> main = windows.stream().filter(w -> !w.isLeft()).toList();
        List<RecoveryWindow> shown = main.isEmpty() ? windows : main;
        String all = "every time from " + shown.get(0).from() + " to "
                + shown.get(shown.size() - 1).to() + " can be restored";
        return all
                + (shown.size() > 1 ? ", except in " + gaps(shown.size() - 1) : "")
                + (windows.size() > shown.size() ? "; other timelines have windows of their own" : "");
    }

    private static String gaps(int count) {
        return count == 1 ? "one gap" : count + " gaps";
    }

    public boolean reaches(Instant moment) {
        return windows.stream().anyMatch(w -> w.contains(moment));
    }

    /** Returns the recoverable times next to an unrecoverable one, for the refusal's hint: at most one on each side. */
    public List<Instant> nearest(Instant moment) {
        Optional<Instant> before = windows.stream()
                .map(RecoveryWindow::to)
                .filter(t -> t.isBefore(moment))
                .max(Instant::compareTo);
        Optional<Instant> after = windows.stream()
                .map(RecoveryWindow::from)
                .filter(t -> t.isAfter(moment))
                .min(Instant::compareTo);
        return java.util.stream.Stream.concat(before.stream(), after.stream()).toList();
    }
}
