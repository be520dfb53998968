package dev.holdfast.backup;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a cluster's repository holds, as far as it was asked or read.
 *
 * @param cluster the cluster's name
 * @param repository where it is kept
 * @param backups all base copies, oldest first
 * @param windows what can be reached, oldest first; a gap in the archive parts one window from the next
 * @param waiting what is not archived yet; empty when it cannot be told, which is not the same as nothing
 * @param bytes size of the whole repository of this cluster; -1 when unknown
 * @param proven when a restore out of it was last verified
 * @param findings what is missing, damaged or stale; each makes {@code verify} fail
 * @param notes what a person should know besides
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
     * One base copy.
     *
     * @param label its name in the repository
     * @param kind full, differential, incremental or base
     * @param bytes what it takes in the repository
     * @param facts what else the engine tells, by key: timeline, from, group
     */
    public record Backup(
            String label, String kind, Instant started, Instant stopped, long bytes, Map<String, Object> facts) {}

    /**
     * Every moment from the first to the last can be reached.
     *
     * @param from the first moment, when its base copy had ended
     * @param to the last moment that is archived for certain
     * @param bounds the same in the engine's own terms, e.g. LSNs or cluster times, for people
     * @param timeline on which it lies, where the engine has such; it is asked for by {@code --timeline}
     * @param isLeft the servers have left that timeline: they went on from an earlier moment
     */
    public record RecoveryWindow(Instant from, Instant to, String bounds, Optional<Integer> timeline, boolean isLeft) {
        public RecoveryWindow(Instant from, Instant to, String bounds) {
            this(from, to, bounds, Optional.empty(), false);
        }

        public boolean contains(Instant moment) {
            return !moment.isBefore(from) && !moment.isAfter(to);
        }
    }

    /** What would be lost if everything but the repository were lost now: the live RPO. */
    public record ArchiveLag(long bytes, double seconds) {}

    /** A piece that is missing or wrong: where it is, what is wrong with it, and what to try. */
    public record Finding(String where, String what, String hint) {}

    public BackupInventory {
        backups = List.copyOf(backups);
        windows = List.copyOf(windows);
        findings = List.copyOf(findings);
        notes = List.copyOf(notes);
    }

    /** The same with more for a person to know. */
    public BackupInventory noting(List<String> more) {
        List<String> all = Stream.concat(notes.stream(), more.stream()).toList();
        return new BackupInventory(cluster, repository, backups, windows, waiting, bytes, proven, findings, all);
    }

    /** What can be reached, in one sentence. */
    public String sentence() {
        if (windows.isEmpty()) {
            return "nothing can be brought back"
                    + findings.stream().findFirst().map(f -> ": " + f.what()).orElse(" yet");
        }
        List<RecoveryWindow> main = windows.stream().filter(w -> !w.isLeft()).toList();
        List<RecoveryWindow> shown = main.isEmpty() ? windows : main;
        String all = "every moment from " + shown.get(0).from() + " to "
                + shown.get(shown.size() - 1).to() + " can be brought back";
        return all
                + (shown.size() > 1 ? ", except in " + gaps(shown.size() - 1) : "")
                + (windows.size() > shown.size() ? "; other timelines hold moments of their own" : "");
    }

    private static String gaps(int count) {
        return count == 1 ? "one gap" : count + " gaps";
    }

    public boolean reaches(Instant moment) {
        return windows.stream().anyMatch(w -> w.contains(moment));
    }

    /** The reachable moments next to one that cannot be reached, for the refusal's hint: at most one on each side. */
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
