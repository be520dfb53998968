package dev.holdfast.postgres.backup;

import dev.holdfast.backup.BackupInventory.RecoveryWindow;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.postgres.backup.ArchiveTimelines.Branch;
import dev.holdfast.postgres.backup.RepositoryProbe.Commit;
import dev.holdfast.postgres.value.Lsn;
import dev.holdfast.postgres.value.WalSegmentSize;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** A probe of the timelines in an archive: which of them hold commits of their own, and how far each one reaches. */
record ArchiveTimelineProbe(String cluster, RepositoryProbe probes) {

    /** After this number of consecutive segments without a commit, the search ends. */
    private static final int SEARCHED = 32;

    /** A timeline, or its last part, that is not an ancestor of the current timeline. */
    private record Parted(int timeline, WalArchiveTimeline lineage, Lsn at) {}

    ArchiveTimelines look(ExecutionContext context, BackupState state) {
        WalArchiveTimeline current = state.repository().lineage();
        List<Parted> parted = parted(state.repository(), current);
        Map<String, Instant> own = firsts(context, state, parted, Parted::lineage);
        List<Parted> holding = parted.stream()
                .filter(p -> own.containsKey(key(p.lineage(), p.at())))
                .toList();
        Map<String, Instant> its = firsts(context, state, holding, p -> current);
        Map<Integer, BackupState> views = new LinkedHashMap<>();
        views.put(current.newest(), state);
        holding.forEach(p -> views.put(p.timeline(), state.on(p.timeline())));
        Map<String, Commit> commits = probes.lastCommits(context, state, ends(views));
        Map<Integer, List<RecoveryWindow>> windows = new LinkedHashMap<>();
        Map<Integer, Optional<Lsn>> lasts = new LinkedHashMap<>();
        views.forEach((timeline, view) -> {
            WalArchiveTimeline lineage = view.repository().lineage();
            windows.put(
                    timeline,
                    view.stretches().stream()
                            .flatMap(s -> window(lineage, s, commits).stream())
                            .toList());
            lasts.put(
                    timeline,
                    view.stretches().stream()
                            .reduce((one, later) -> later)
                            .flatMap(s -> Optional.ofNullable(commits.get(lineage.name(s.last()))))
                            .map(Commit::place));
        });
        List<Branch> left = holding.stream()
                .map(p -> {
                    Instant first = own.get(key(p.lineage(), p.at()));
                    Instant other = its.getOrDefault(key(current, p.at()), first);
                    return new Branch(
                            p.timeline(),
                            views.get(p.timeline()),
                            windows.get(p.timeline()),
                            lasts.get(p.timeline()),
                            p.at(),
                            other.isBefore(first) ? other : first);
                })
                .toList();
        return new ArchiveTimelines(
                cluster,
                new Branch(
                        current.newest(),
                        state,
                        windows.get(current.newest()),
                        lasts.get(current.newest()),
                        Lsn.START,
                        Instant.MIN),
                left);
    }

    private static List<Parted> parted(RepositoryState repository, WalArchiveTimeline current) {
        TreeSet<Integer> timelines = repository.timelines();
        timelines.remove(current.newest());
        List<Parted> parted = new ArrayList<>();
        for (int timeline : timelines) {
            WalArchiveTimeline lineage = repository.lineage(timeline);
            Optional<Lsn> at = lineage.divergence(current);
            // it has no archived WAL of its own when its last segment is before the segment of the fork
            if (at.isPresent()
                    && lineage.last().filter(l -> l >= lineage.number(at.get())).isPresent()) {
                parted.add(new Parted(timeline, lineage, at.get()));
            }
        }
        return parted;
    }

    private static String key(WalArchiveTimeline lineage, Lsn at) {
        return at + " " + lineage.name(lineage.number(at));
    }

    /** Returns the first commit after each fork on that line of descent; absent where there is none. */
    private Map<String, Instant> firsts(
            ExecutionContext context,
            BackupState state,
            List<Parted> parted,
            java.util.function.Function<Parted, WalArchiveTimeline> which) {
        List<String> lines = parted.stream()
                .map(p -> which.apply(p).from(p.at(), SEARCHED).stream()
                        .collect(Collectors.joining(" ", p.at() + " ", "")))
                .distinct()
                .toList();
        Map<String, Instant> firsts = new LinkedHashMap<>();
        probes.search(context, state, "first", "", lines)
                .all(RepositoryRecords.FirstCommit.class)
                .forEach(c -> firsts.put(c.from() + " " + c.segment(), RepositoryProbe.instant(c.time())));
        return firsts;
    }

    private static List<String> ends(Map<Integer, BackupState> views) {
        return views.values().stream()
                .flatMap(v ->
                        v.stretches().stream().map(s -> goingBack(v.repository().lineage(), s)))
                .distinct()
                .toList();
    }

    private static Optional<RecoveryWindow> window(
            WalArchiveTimeline lineage, BackupState.RecoveryRange stretch, Map<String, Commit> commits) {
        Instant from = stretch.first().reachableFrom();
        // no time reaches the last commit itself: only a later commit would prove that nothing more belongs to it
        Instant last = Optional.ofNullable(commits.get(lineage.name(stretch.last())))
                .map(Commit::time)
                .orElse(from)
                .minus(Duration.ofNanos(1000));
        return last.isBefore(from)
                ? Optional.empty()
                : Optional.of(new RecoveryWindow(
                        from,
                        last,
                        stretch.first().end() + " to " + lineage.end(stretch.last()) + ", timeline "
                                + WalSegmentSize.timeline(lineage.name(stretch.last()))));
    }

    /** Returns the last segments of a stretch across its promotions, newest first; the newest may hold no commit. */
    private static String goingBack(WalArchiveTimeline lineage, BackupState.RecoveryRange stretch) {
        long first = Math.max(stretch.first().first(), stretch.last() - SEARCHED + 1);
        return LongStream.iterate(stretch.last(), n -> n >= first, n -> n - 1)
                .mapToObj(lineage::name)
                .collect(Collectors.joining(" "));
    }
}
