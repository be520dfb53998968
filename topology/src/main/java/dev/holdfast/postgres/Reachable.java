package dev.holdfast.postgres;

import dev.holdfast.backup.Holdings;
import dev.holdfast.backup.Holdings.Window;
import dev.holdfast.backup.Moment;
import dev.holdfast.model.Exit;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.postgres.VaultSeen.Stretch;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether a moment can be brought back, and from which base copy; pure.
 *
 * @param windows the windows of the vault's stretches that have one
 * @param found what was found in the archive of a name or a transaction: kind, segment, LSN, time
 */
record Reachable(String cluster, VaultSeen vault, List<Window> windows, List<String[]> found) {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

    /** Either a goal or a refusal. */
    record Answered(Optional<Goal> goal, Optional<Refusal> refusal) {}

    static Answered unread(String folder, VaultSeen seen) {
        return new Answered(
                Optional.empty(),
                Optional.of(new Refusal(
                        seen.now().cluster().name(),
                        "the repository " + folder + " cannot be read: "
                                + seen.shelf().trouble(),
                        "make a host answer that sees the folder",
                        Exit.UNREACHABLE)));
    }

    /** The recovery target that a moment alone says: its setting and its value. */
    static Optional<String[]> target(Moment moment) {
        if (moment instanceof Moment.Time time) {
            return Optional.of(new String[] {"time", TIME.format(time.instant()) + "+00"});
        }
        if (moment instanceof Moment.Lsn lsn) {
            return Optional.of(new String[] {"lsn", Wal.at(lsn.lsn()).toString()});
        }
        return moment instanceof Moment.Name name ? Optional.of(new String[] {"name", name.name()}) : Optional.empty();
    }

    Answered answer(Moment moment) {
        if (vault.shelf().copies().isEmpty()) {
            return refused("there is no base copy to restore from", "holdfast backup run " + cluster);
        }
        if (moment instanceof Moment.Time time) {
            return time(time.instant());
        }
        if (moment instanceof Moment.Lsn lsn) {
            return lsn(Wal.at(lsn.lsn()));
        }
        if (moment instanceof Moment.Name name) {
            return name(name.name());
        }
        if (moment instanceof Moment.BeforeOperation before) {
            return before(before.operation());
        }
        return refused(
                moment.shown() + " is a cluster time, and those are MongoDB's",
                "give a time with its zone, an LSN or the name of a restore point");
    }

    private Answered time(Instant moment) {
        Optional<Instant> now = vault.serverTime();
        if (moment.isAfter(now.orElse(vault.at()))) {
            return refusedAt(moment, moment + " has not come yet: the servers' clock says " + now.orElse(vault.at()));
        }
        Instant earliest = vault.shelf().copies().get(0).reachableFrom();
        if (moment.isBefore(earliest)) {
            return refusedAt(moment, moment + " is before the end of the first base copy, " + earliest);
        }
        List<Stretch> stretches = vault.stretches();
        for (Stretch stretch : stretches) {
            Optional<Window> window = windows.stream()
                    .filter(w -> w.from().equals(stretch.first().reachableFrom()))
                    .findFirst();
            boolean isNewest = stretch == stretches.get(stretches.size() - 1);
            boolean isArchived = window.filter(w -> w.contains(moment)).isPresent();
            boolean canBe = isNewest
                    && isLast(stretch)
                    && vault.canArchive()
                    && !moment.isBefore(stretch.first().reachableFrom());
            if (isArchived || canBe) {
                HeldCopy copy = newest(stretch, moment);
                return go(copy, "time", TIME.format(moment) + "+00", true, !isArchived);
            }
        }
        return refusedAt(moment, moment + " cannot be reached: " + why(stretches, moment));
    }

    /** Nothing that is archived lies beyond its end. */
    private boolean isLast(Stretch stretch) {
        return vault.shelf().lineage().last().filter(l -> l == stretch.last()).isPresent();
    }

    private static HeldCopy newest(Stretch stretch, Instant moment) {
        return stretch.copies().stream()
                .filter(c -> !c.reachableFrom().isAfter(moment))
                .reduce((one, later) -> later)
                .orElse(stretch.first());
    }

    private String why(List<Stretch> stretches, Instant moment) {
        boolean isBehindAll = windows.stream().noneMatch(w -> w.from().isAfter(moment))
                && vault.holes().isEmpty();
        if (stretches.isEmpty()) {
            return "no base copy has all of its log in the archive";
        }
        if (isBehindAll) {
            return "it is after the last commit that is archived, and "
                    + (vault.isFailing() ? "the archiver fails" : "no primary answers that could archive more");
        }
        return "segments are missing in the archive: "
                + vault.holes().stream().map(Lineage.Hole::told).collect(Collectors.joining(", "));
    }

    private Answered lsn(Wal target) {
        List<Stretch> stretches = vault.stretches();
        for (Stretch stretch : stretches) {
            Wal end = Segment.start(stretch.last() + 1);
            boolean isArchived = !target.isPast(end);
            boolean canBe = isLast(stretch) && vault.canArchive() && !target.isPast(vault.end());
            Optional<HeldCopy> copy = stretch.copies().stream()
                    .filter(c -> !c.end().isPast(target))
                    .reduce((one, later) -> later);
            if (copy.isPresent() && (isArchived || canBe)) {
                return go(copy.get(), "lsn", target.toString(), true, !isArchived);
            }
        }
        String bounds = stretches.stream()
                .map(s -> s.first().end() + " to " + Segment.start(s.last() + 1))
                .collect(Collectors.joining(", "));
        return refused(
                target + " is not in the archive after a base copy",
                bounds.isEmpty() ? "holdfast backup run " + cluster : "reachable: " + bounds);
    }

    private Answered name(String name) {
        Optional<String[]> point = found.stream()
                .filter(f -> f[0].equals("point"))
                .reduce((one, later) -> Wal.at(later[2]).isPast(Wal.at(one[2])) ? later : one);
        if (point.isEmpty()) {
            return refused(
                    "no restore point is called " + name + " in the archive",
                    "if it was made just now, SELECT pg_switch_wal() archives it; " + nearest(vault.at()));
        }
        return at(Wal.at(point.get()[2]), "name", name, true);
    }

    private Answered before(String operation) {
        String[] words = operation.strip().split("\\s+");
        if (words.length == 2 && words[0].equals("xid")) {
            Optional<String[]> commit =
                    found.stream().filter(f -> f[0].equals("xid")).findFirst();
            return commit.isPresent()
                    ? at(Wal.at(commit.get()[2]), "xid", words[1], false)
                    : refused(
                            "no commit of transaction " + words[1] + " is in the archive",
                            "SELECT pg_switch_wal() archives what was written just now");
        }
        List<String> drops = new ArrayList<>();
        found.stream().filter(f -> f[0].equals("drop")).forEach(f -> drops.add("xid " + f[4] + " at " + f[3]));
        return refused(
                "PostgreSQL's log names files, not tables, so '" + operation + "' cannot be looked for by its name",
                drops.isEmpty()
                        ? "no commit in the archive removed a table; give --to a time"
                        : "commits that removed tables' files: "
                                + String.join(", ", drops.subList(Math.max(0, drops.size() - 5), drops.size()))
                                + "; give --before-op 'xid NUMBER'");
    }

    private Answered at(Wal place, String setting, String value, boolean isInclusive) {
        for (Stretch stretch : vault.stretches()) {
            Optional<HeldCopy> copy = stretch.copies().stream()
                    .filter(c -> !c.end().isPast(place))
                    .reduce((one, later) -> later);
            if (copy.isPresent() && !place.isPast(Segment.start(stretch.last() + 1))) {
                return go(copy.get(), setting, value, isInclusive, false);
            }
        }
        return refused(
                setting + " " + value + " is at " + place + ", where the archive has a gap", nearest(vault.at()));
    }

    private Answered go(HeldCopy copy, String setting, String value, boolean isInclusive, boolean archivesFirst) {
        return new Answered(
                Optional.of(new Goal(
                        vault.shelf().system(), copy.label(), setting, value, isInclusive, archivesFirst, copy.size())),
                Optional.empty());
    }

    private Answered refusedAt(Instant moment, String what) {
        return refused(what, nearest(moment));
    }

    private String nearest(Instant moment) {
        Holdings held = new Holdings(
                cluster, "", List.of(), windows, Optional.empty(), -1, Optional.empty(), List.of(), List.of());
        List<String> near = new ArrayList<>(
                held.nearest(moment).stream().map(Instant::toString).toList());
        if (near.isEmpty() && vault.canArchive() && !vault.stretches().isEmpty()) {
            near.add(vault.serverTime().orElse(vault.at()).toString());
        }
        return near.isEmpty()
                ? "nothing can be reached yet; holdfast backup list " + cluster
                : "the nearest moments that can be reached: " + String.join(" and ", near);
    }

    private Answered refused(String what, String hint) {
        return new Answered(Optional.empty(), Optional.of(new Refusal(cluster, what, hint, Exit.REFUSED)));
    }
}
