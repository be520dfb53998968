package dev.holdfast.postgres.backup;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.postgres.value.Lsn;
import dev.holdfast.postgres.value.WalSegmentSize;
import java.time.Instant;
import java.util.ArrayList;
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

    static RepositoryState of(ActionResult answer) {
        String system = "";
        List<String> others = new ArrayList<>();
        long free = -1;
        long size = -1;
        BackupInfo info = BackupInfo.of(answer.row());
        Map<Integer, TreeMap<Long, Long>> held = new HashMap<>();
        TreeMap<Integer, TreeMap<Integer, Lsn>> histories = new TreeMap<>();
        int newest = 0;
        int history = 0;
        Optional<Instant> proven = Optional.empty();
        for (String line : answer.isOk() ? answer.text().lines().toList() : List.<String>of()) {
            String[] f = line.split("\t", 4);
            switch (f[0]) {
                case "system" -> system = f[1];
                case "other" -> others.add(f[1]);
                case "free" -> free = Long.parseLong("0" + f[1]);
                case "size" -> size = Long.parseLong("0" + f[1]);
                case "range" -> {
                    int timeline = WalSegmentSize.timeline(f[1]);
                    held.computeIfAbsent(timeline, t -> new TreeMap<>())
                            .put(
                                    info.segmentSize().number(f[1]),
                                    info.segmentSize().number(f[2]));
                    newest = Math.max(newest, timeline);
                }
                case "history" -> {
                    int of = Integer.parseUnsignedInt(f[1], 16);
                    history = Math.max(history, of);
                    newest = Math.max(newest, of);
                    TreeMap<Integer, Lsn> left = histories.computeIfAbsent(of, t -> new TreeMap<>());
                    String[] past = f[2].split(" ");
                    if (past.length == 2) {
                        left.put(Integer.parseInt(past[0]), Lsn.at(past[1]));
                    }
                }
                case "proven" -> proven = Optional.of(Instant.parse(f[1].split(" ")[0]));
                default -> {
                    continue;
                }
            }
        }
        return new RepositoryState(
                system,
                others,
                free,
                size,
                info.segmentSize(),
                info.backups(),
                held,
                histories,
                newest,
                history,
                proven,
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
