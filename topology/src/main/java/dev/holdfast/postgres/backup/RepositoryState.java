package dev.holdfast.postgres.backup;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.postgres.backup.RepositoryRecords.Disk;
import dev.holdfast.postgres.backup.RepositoryRecords.Ended;
import dev.holdfast.postgres.backup.RepositoryRecords.History;
import dev.holdfast.postgres.backup.RepositoryRecords.Other;
import dev.holdfast.postgres.backup.RepositoryRecords.Proven;
import dev.holdfast.postgres.backup.RepositoryRecords.Range;
import dev.holdfast.postgres.backup.RepositoryRecords.Repository;
import dev.holdfast.postgres.value.Lsn;
import dev.holdfast.postgres.value.WalSegmentSize;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The contents of a backup repository: {@code postgres/repository-look.sh}.
 *
 * @param system system identifier of the backups; empty without backups
 * @param others further system identifiers with backups in the same directory
 * @param free bytes free on its file system; -1 when unknown
 * @param size bytes of all its files; -1 when unknown
 * @param segmentSize size of its WAL segments
 * @param copies the base backups, oldest first
 * @param held by timeline, the first number of each range of archived segments with its last
 * @param histories by timeline, the end of each earlier timeline, from the archived history files
 * @param newest the newest timeline in the archive; 0 when the archive is empty
 * @param history the timeline of the newest archived history; 0 when there is none
 * @param proven time of the last verified restore from the repository
 * @param trouble why the repository could not be read; empty when it was read
 */
public record RepositoryState(
        String system,
        List<String> others,
        long free,
        long size,
        WalSegmentSize segmentSize,
        List<BaseBackup> copies,
        Map<Integer, TreeMap<Long, Long>> held,
        TreeMap<Integer, TreeMap<Integer, Lsn>> histories,
        int newest,
        int history,
        Optional<Instant> proven,
        String trouble) {

    static RepositoryState of(ActionResult result) {
        ScriptAnswer answer = RepositoryRecords.LOOK.read(result);
        BackupInfo info = BackupInfo.of(result.row());
        String system = answer.all(Repository.class).stream()
                .map(Repository::id)
                .findFirst()
                .orElse("");
        Optional<Disk> disk = answer.all(Disk.class).stream().findFirst();
        Map<Integer, TreeMap<Long, Long>> held = new HashMap<>();
        answer.all(Range.class)
                .forEach(r -> held.computeIfAbsent(WalSegmentSize.timeline(r.first()), t -> new TreeMap<>())
                        .put(
                                info.segmentSize().number(r.first()),
                                info.segmentSize().number(r.last())));
        TreeMap<Integer, TreeMap<Integer, Lsn>> histories = new TreeMap<>();
        answer.all(History.class).forEach(h -> histories.put(h.number(), new TreeMap<>()));
        answer.all(Ended.class)
                .forEach(e -> histories.get(new History(e.timeline()).number()).put(e.of(), Lsn.at(e.lsn())));
        int history = histories.isEmpty() ? 0 : histories.lastKey();
        return new RepositoryState(
                system,
                answer.all(Other.class).stream().map(Other::id).toList(),
                disk.map(Disk::free).orElse(-1L),
                disk.map(Disk::size).orElse(-1L),
                info.segmentSize(),
                info.backups(),
                held,
                histories,
                Math.max(history, held.keySet().stream().max(Integer::compare).orElse(0)),
                history,
                answer.all(Proven.class).stream()
                        .map(p -> Instant.parse(p.time()))
                        .findFirst(),
                !answer.isOk() ? answer.sentence() : system.isEmpty() ? "" : info.trouble());
    }

    public WalArchiveTimeline lineage() {
        return lineage(Math.max(newest, 1));
    }

    /** Returns the line of descent that ends with a timeline. */
    WalArchiveTimeline lineage(int timeline) {
        return new WalArchiveTimeline(held, left(timeline), timeline, segmentSize);
    }

    /** Returns the ancestors of a timeline from its own history file, or from that of a descendant. */
    private TreeMap<Integer, Lsn> left(int timeline) {
        return Optional.ofNullable(histories.get(timeline))
                .or(() -> histories.values().stream()
                        .filter(h -> h.containsKey(timeline))
                        .map(h -> new TreeMap<>(h.headMap(timeline)))
                        .findFirst())
                .orElseGet(TreeMap::new);
    }

    /** Returns all timelines with archived WAL or a base backup. */
    TreeSet<Integer> timelines() {
        TreeSet<Integer> all = new TreeSet<>(held.keySet());
        copies.forEach(c -> all.add(c.timeline()));
        return all;
    }

    /** Returns the same as if a timeline were the newest. */
    RepositoryState on(int timeline) {
        return new RepositoryState(
                system, others, free, size, segmentSize, copies, held, histories, timeline, timeline, proven, trouble);
    }

    /** Returns the same without damaged pieces. */
    RepositoryState without(List<String> segments, List<String> labels) {
        Map<Integer, TreeMap<Long, Long>> sound = new HashMap<>();
        held.forEach((timeline, ranges) -> sound.put(timeline, new TreeMap<>(ranges)));
        segments.forEach(
                s -> cut(sound.getOrDefault(WalSegmentSize.timeline(s), new TreeMap<>()), segmentSize.number(s)));
        List<BaseBackup> whole = copies.stream()
                .filter(c -> labels.stream().noneMatch(l -> standsOn(c, l)))
                .toList();
        return new RepositoryState(
                system, others, free, size, segmentSize, whole, sound, histories, newest, history, proven, trouble);
    }

    private static void cut(TreeMap<Long, Long> ranges, long number) {
        Map.Entry<Long, Long> range = ranges.floorEntry(number);
        if (range == null || range.getValue() < number) {
            return;
        }
        ranges.remove(range.getKey());
        if (range.getKey() < number) {
            ranges.put(range.getKey(), number - 1);
        }
        if (range.getValue() > number) {
            ranges.put(number + 1, range.getValue());
        }
    }

    /** A differential or incremental backup may refer to any earlier one of the same full backup. */
    private boolean standsOn(BaseBackup copy, String damaged) {
        return copy.label().equals(damaged)
                || copies.stream()
                        .filter(c -> c.label().equals(damaged))
                        .anyMatch(c ->
                                c.full().equals(copy.full()) && !copy.started().isBefore(c.started()));
    }
}
