package dev.holdfast.postgres.backup;

import dev.holdfast.backup.BackupInventory;
import dev.holdfast.backup.BackupInventory.RecoveryWindow;
import dev.holdfast.backup.RecoveryTarget;
import dev.holdfast.model.ExitCode;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.postgres.backup.BackupState.RecoveryRange;
import dev.holdfast.postgres.backup.RepositoryRecords.MatchKind;
import dev.holdfast.postgres.value.Lsn;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The decision whether a recovery target can be reached, and from which base backup; pure.
 *
 * @param windows the recovery windows of the archive's stretches
 * @param last position of the last archived commit
 * @param found matches of a restore point name or transaction in the archive
 */
public record RecoveryTargetResolver(
        String cluster,
        BackupState backups,
        List<RecoveryWindow> windows,
        Optional<Lsn> last,
        List<RepositoryRecords.Match> found) {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

    /** Either a replay target or a refusal. */
    public record Answered(Optional<ReplayTarget> goal, Optional<Refusal> refusal) {}

    public static Answered unread(String folder, BackupState state) {
        return new Answered(
                Optional.empty(),
                Optional.of(new Refusal(
                        state.now().cluster().name(),
                        "the repository " + folder + " cannot be read: "
                                + state.repository().trouble(),
                        "make a host answer that reaches the directory; an encrypted repository needs its original passphrase",
                        ExitCode.UNREACHABLE)));
    }

    /** Returns the setting and the value of a recovery target that needs no search. */
    public static Optional<String[]> target(RecoveryTarget moment) {
        if (moment instanceof RecoveryTarget.Time time) {
            return Optional.of(new String[] {"time", TIME.format(time.instant()) + "+00"});
        }
        if (moment instanceof RecoveryTarget.Lsn lsn) {
            return Optional.of(new String[] {"lsn", Lsn.at(lsn.lsn()).toString()});
        }
        return moment instanceof RecoveryTarget.RestorePoint name
                ? Optional.of(new String[] {"name", name.name()})
                : Optional.empty();
    }

    Answered answer(RecoveryTarget moment) {
        if (backups.repository().copies().isEmpty()) {
            List<String> others = backups.repository().others();
            return refused(
                    "no base backup exists to restore from",
                    others.isEmpty()
                            ? "holdfast backup run " + cluster
                            : "the repository contains backups of another system identifier: --system "
                                    + String.join(" or --system ", others));
        }
        if (moment instanceof RecoveryTarget.Time time) {
            return time(time.instant());
        }
        if (moment instanceof RecoveryTarget.Lsn lsn) {
            return lsn(Lsn.at(lsn.lsn()));
        }
        if (moment instanceof RecoveryTarget.RestorePoint name) {
            return name(name.name());
        }
        if (moment instanceof RecoveryTarget.Latest) {
            return latest();
        }
        if (moment instanceof RecoveryTarget.BeforeOperation before) {
            return before(before.operation());
        }
        return refused(
                moment.shown() + " is a cluster time, which only MongoDB has",
                "give a time with its zone, an LSN or the name of a restore point");
    }

    private Answered time(Instant moment) {
        Optional<Instant> now = backups.serverTime();
        if (moment.isAfter(now.orElse(backups.at()))) {
            return refusedAt(
                    moment, moment + " is in the future: the clock of the servers shows " + now.orElse(backups.at()));
        }
        Instant earliest = backups.repository().copies().get(0).reachableFrom();
        if (moment.isBefore(earliest)) {
            return refusedAt(moment, moment + " is before the end of the first base backup, " + earliest);
        }
        List<RecoveryRange> stretches = backups.stretches();
        for (RecoveryRange stretch : stretches) {
            Optional<RecoveryWindow> window = windows.stream()
                    .filter(w -> w.from().equals(stretch.first().reachableFrom()))
                    .findFirst();
            boolean isNewest = stretch == stretches.get(stretches.size() - 1);
            boolean isArchived = window.filter(w -> w.contains(moment)).isPresent();
            boolean canBe = isNewest
                    && isLast(stretch)
                    && backups.canArchive()
                    && !moment.isBefore(stretch.first().reachableFrom());
            if (isArchived || canBe) {
                BaseBackup copy = newest(stretch, moment);
                return go(copy, "time", TIME.format(moment) + "+00", true, !isArchived);
            }
        }
        return refusedAt(moment, moment + " cannot be reached: " + why(stretches, moment));
    }

    /** Returns whether the archive holds nothing after the target. */
    private boolean isLast(RecoveryRange stretch) {
        return backups.repository()
                .lineage()
                .last()
                .filter(l -> l == stretch.last())
                .isPresent();
    }

    private static BaseBackup newest(RecoveryRange stretch, Instant moment) {
        return stretch.copies().stream()
                .filter(c -> !c.reachableFrom().isAfter(moment))
                .reduce((one, later) -> later)
                .orElse(stretch.first());
    }

    private String why(List<RecoveryRange> stretches, Instant moment) {
        boolean isBehindAll = windows.stream().noneMatch(w -> w.from().isAfter(moment))
                && backups.holes().isEmpty();
        if (stretches.isEmpty()) {
            return "no base backup has all of its WAL in the archive";
        }
        if (isBehindAll) {
            return "the target is after the last archived commit, and "
                    + (backups.isFailing() ? "the archiver fails" : "no primary answers to archive more");
        }
        return "segments are missing in the archive: "
                + backups.holes().stream()
                        .map(WalArchiveTimeline.Gap::description)
                        .collect(Collectors.joining(", "));
    }

    /** Resolves "latest": all WAL up to now; without a primary that archives, up to the last archived commit. */
    private Answered latest() {
        List<RecoveryRange> stretches = backups.stretches();
        if (stretches.isEmpty()) {
            return refused(why(stretches, backups.at()), "holdfast backup run " + cluster);
        }
        RecoveryRange newest = stretches.get(stretches.size() - 1);
        BaseBackup copy = newest.copies().get(newest.copies().size() - 1);
        if (isLast(newest) && backups.canArchive()) {
            return go(copy, ReplayTarget.LATEST, backups.end().toString(), true, true);
        }
        Optional<Lsn> end = last.filter(l -> !copy.end().isPast(l));
        return end.isPresent()
                ? go(copy, ReplayTarget.LATEST, end.get().toString(), true, false)
                : refused(
                        "the archive contains no commit after the base backup " + copy.label(),
                        "give --to a time; " + nearest(backups.at()));
    }

    private Answered lsn(Lsn target) {
        List<RecoveryRange> stretches = backups.stretches();
        for (RecoveryRange stretch : stretches) {
            Lsn end = backups.end(stretch);
            boolean isArchived = !target.isPast(end);
            boolean canBe = isLast(stretch) && backups.canArchive() && !target.isPast(backups.end());
            Optional<BaseBackup> copy = stretch.copies().stream()
                    .filter(c -> !c.end().isPast(target))
                    .reduce((one, later) -> later);
            if (copy.isPresent() && (isArchived || canBe)) {
                return go(copy.get(), "lsn", target.toString(), true, !isArchived);
            }
        }
        String bounds = stretches.stream()
                .map(s -> s.first().end() + " to " + backups.end(s))
                .collect(Collectors.joining(", "));
        return refused(
                target + " is not in the archived WAL after a base backup",
                bounds.isEmpty() ? "holdfast backup run " + cluster : "reachable: " + bounds);
    }

    /** Returns the position of the matching restore point or commit; of several restore points, the last one. */
    Optional<Lsn> place() {
        return found.stream()
                .filter(m -> m.kind() != MatchKind.DROP)
                .map(m -> Lsn.at(m.lsn()))
                .max(Lsn::compareTo);
    }

    private Answered name(String name) {
        List<Lsn> points = found.stream()
                .filter(m -> m.kind() == MatchKind.POINT)
                .map(m -> Lsn.at(m.lsn()))
                .distinct()
                .sorted()
                .toList();
        if (points.isEmpty()) {
            return refused(
                    "the archive has no restore point " + name,
                    "SELECT pg_switch_wal() archives a new restore point; " + nearest(backups.at()));
        }
        Lsn last = points.get(points.size() - 1);
        // a recovery by name ends at the first one of several
        return points.size() == 1 ? at(last, "name", name, true) : at(last, "lsn", last.toString(), true);
    }

    private Answered before(String operation) {
        String[] words = operation.strip().split("\\s+");
        if (words.length == 2 && words[0].equals("xid")) {
            Optional<RepositoryRecords.Match> commit =
                    found.stream().filter(m -> m.kind() == MatchKind.XID).findFirst();
            return commit.isPresent()
                    ? at(Lsn.at(commit.get().lsn()), "xid", words[1], false)
                    : refused(
                            "the archive has no commit of transaction " + words[1],
                            "SELECT pg_switch_wal() archives recent WAL");
        }
        List<String> drops = new ArrayList<>();
        found.stream()
                .filter(m -> m.kind() == MatchKind.DROP)
                .forEach(m -> drops.add("xid " + m.xid() + " at " + m.time()));
        return refused(
                "the WAL names files, not tables, so Holdfast cannot search it for '" + operation + "'",
                drops.isEmpty()
                        ? "no archived commit removed a table; give --to a time"
                        : "these commits removed files of tables: "
                                + String.join(", ", drops.subList(Math.max(0, drops.size() - 5), drops.size()))
                                + "; choose one with --before-op 'xid NUMBER'");
    }

    private Answered at(Lsn place, String setting, String value, boolean isInclusive) {
        for (RecoveryRange stretch : backups.stretches()) {
            Optional<BaseBackup> copy = stretch.copies().stream()
                    .filter(c -> !c.end().isPast(place))
                    .reduce((one, later) -> later);
            if (copy.isPresent() && !place.isPast(backups.end(stretch))) {
                return go(copy.get(), setting, value, isInclusive, false);
            }
        }
        return refused(
                setting + " " + value + " is at " + place + ", inside a gap of the archive", nearest(backups.at()));
    }

    private Answered go(BaseBackup copy, String setting, String value, boolean isInclusive, boolean archivesFirst) {
        return new Answered(
                Optional.of(new ReplayTarget(
                        backups.repository().system(),
                        copy.label(),
                        setting,
                        value,
                        isInclusive,
                        archivesFirst,
                        copy.size())),
                Optional.empty());
    }

    private Answered refusedAt(Instant moment, String what) {
        return refused(what, nearest(moment));
    }

    private String nearest(Instant moment) {
        BackupInventory held = new BackupInventory(
                cluster, "", List.of(), windows, Optional.empty(), -1, Optional.empty(), List.of(), List.of());
        List<String> near = new ArrayList<>(
                held.nearest(moment).stream().map(Instant::toString).toList());
        if (near.isEmpty() && backups.canArchive() && !backups.stretches().isEmpty()) {
            near.add(backups.serverTime().orElse(backups.at()).toString());
        }
        return near.isEmpty()
                ? "no time can be restored yet; holdfast backup list " + cluster
                : "the nearest times that can be restored: " + String.join(" and ", near);
    }

    private Answered refused(String what, String hint) {
        return new Answered(Optional.empty(), Optional.of(new Refusal(cluster, what, hint, ExitCode.REFUSED)));
    }
}
