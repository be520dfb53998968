package dev.holdfast.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the archive holds of the log of the newest timeline and of those that it came from, and whether anything is missing.
 *
 * <p>A recovery reads each segment from the newest timeline that had begun by then; this follows it, over every promotion.
 */
final class Lineage {

    /** Numbers of the segments that are missing, with the timeline they should be of. */
    record Hole(int timeline, long first, long last) {
        String told() {
            String from = Segment.name(timeline, first);
            return first == last ? from : from + " to " + Segment.name(timeline, last);
        }
    }

    /** A timeline of the line of descent, from the segment it begins in. */
    private record Reign(int timeline, long from, Wal end) {}

    private final List<Reign> reigns = new ArrayList<>();
    private final Map<Integer, TreeMap<Long, Long>> held;

    /**
     * @param held by timeline, the first number of each range of segments with its last
     * @param left where each timeline before the newest was left
     * @param newest the newest timeline
     */
    Lineage(Map<Integer, TreeMap<Long, Long>> held, TreeMap<Integer, Wal> left, int newest) {
        this.held = held;
        long from = 0;
        for (Map.Entry<Integer, Wal> past : left.entrySet()) {
            reigns.add(new Reign(past.getKey(), from, past.getValue()));
            from = Segment.at(past.getValue());
        }
        reigns.add(new Reign(newest, from, null));
    }

    int newest() {
        return reigns.get(reigns.size() - 1).timeline();
    }

    /** Whether a base copy is of this line of descent: not of a timeline, or a part of one, that was given up. */
    boolean descendsFrom(HeldCopy copy) {
        return reigns.stream()
                .anyMatch(r -> r.timeline() == copy.timeline()
                        && (r.end() == null || !copy.end().isPast(r.end())));
    }

    private Reign at(long number) {
        Reign found = reigns.get(0);
        for (Reign reign : reigns) {
            if (reign.from() <= number) {
                found = reign;
            }
        }
        return found;
    }

    /** The name of a segment, of the timeline that a recovery reads it from. */
    String name(long number) {
        return Segment.name(at(number).timeline(), number);
    }

    /** The last segment of this line of descent that is in the archive, whether or not there is a hole before it. */
    Optional<Long> last() {
        return reigns.stream()
                .flatMap(r -> held.getOrDefault(r.timeline(), new TreeMap<>()).entrySet().stream()
                        .filter(range -> range.getKey() <= end(r) && range.getValue() >= r.from())
                        .map(range -> Math.min(range.getValue(), end(r))))
                .max(Long::compare);
    }

    /** The last segment that a recovery from there comes to; one less than it began with when even that is missing. */
    long reach(long first) {
        long next = first;
        while (true) {
            Reign reign = at(next);
            Optional<Long> covered = covered(reign, next);
            if (covered.isEmpty()) {
                return next - 1;
            }
            next = Math.min(covered.get(), end(reign)) + 1;
        }
    }

    private Optional<Long> covered(Reign reign, long number) {
        return Optional.ofNullable(
                        held.getOrDefault(reign.timeline(), new TreeMap<>()).floorEntry(number))
                .map(Map.Entry::getValue)
                .filter(last -> last >= number);
    }

    private long end(Reign reign) {
        int next = reigns.indexOf(reign) + 1;
        return next < reigns.size() ? reigns.get(next).from() - 1 : Long.MAX_VALUE - 1;
    }

    /** What is missing between a segment and the last one that is in the archive. */
    List<Hole> holes(long first) {
        List<Hole> holes = new ArrayList<>();
        long end = last().orElse(first - 1);
        long next = reach(first) + 1;
        while (next <= end) {
            long from = next;
            Reign reign = at(next);
            long to = Math.min(nextHeld(reign, next) - 1, Math.min(end(reign), end));
            holes.add(new Hole(reign.timeline(), from, to));
            next = reach(to + 1) + 1;
        }
        return holes;
    }

    private long nextHeld(Reign reign, long number) {
        Long next = held.getOrDefault(reign.timeline(), new TreeMap<>()).ceilingKey(number);
        return next == null ? Long.MAX_VALUE - 1 : next;
    }
}
