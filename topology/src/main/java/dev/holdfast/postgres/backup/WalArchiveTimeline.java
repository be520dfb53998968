package dev.holdfast.postgres.backup;

import dev.holdfast.postgres.value.Lsn;
import dev.holdfast.postgres.value.WalSegmentSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The archived WAL of the newest timeline and its ancestors, and the gaps in it.
 *
 * <p>A recovery reads each segment from the newest timeline that had started by then. This class follows the same order, over
 * every promotion.
 */
public final class WalArchiveTimeline {

    /** The names of the first and the last of some missing segments, with their expected timeline. */
    record Gap(String first, String last) {
        String description() {
            return first.equals(last) ? first : first + " to " + last;
        }
    }

    /** A timeline of the line of descent, from its first segment. */
    private record TimelineRange(int timeline, long from, Lsn end) {}

    private final List<TimelineRange> reigns = new ArrayList<>();
    private final Map<Integer, TreeMap<Long, Long>> held;
    private final WalSegmentSize size;

    /**
     * @param held by timeline, the first number of each range of segments with its last
     * @param left the end of each timeline before the newest
     * @param newest the newest timeline
     */
    WalArchiveTimeline(
            Map<Integer, TreeMap<Long, Long>> held, TreeMap<Integer, Lsn> left, int newest, WalSegmentSize size) {
        this.held = held;
        this.size = size;
        long from = 0;
        for (Map.Entry<Integer, Lsn> past : left.entrySet()) {
            reigns.add(new TimelineRange(past.getKey(), from, past.getValue()));
            from = size.at(past.getValue());
        }
        reigns.add(new TimelineRange(newest, from, null));
    }

    int newest() {
        return reigns.get(reigns.size() - 1).timeline();
    }

    /** Returns the first segment of the newest timeline after its fork, if it is not archived; empty for the first timeline. */
    Optional<String> missingFirst() {
        TimelineRange own = reigns.get(reigns.size() - 1);
        return reigns.size() > 1 && covered(own, own.from()).isEmpty()
                ? Optional.of(name(own.from()))
                : Optional.empty();
    }

    /** Returns the fork between two lines of descent; empty when one continues at the end of the other. */
    Optional<Lsn> divergence(WalArchiveTimeline other) {
        for (int i = 0; i < Math.min(reigns.size(), other.reigns.size()); i++) {
            TimelineRange own = reigns.get(i);
            TimelineRange its = other.reigns.get(i);
            if (own.timeline() != its.timeline()) {
                return i == 0
                        ? Optional.of(Lsn.START)
                        : Optional.of(reigns.get(i - 1).end());
            }
            if (own.end() != null && its.end() != null && !own.end().equals(its.end())) {
                return Optional.of(own.end().isPast(its.end()) ? its.end() : own.end());
            }
            if (own.end() == null != (its.end() == null)) {
                return Optional.of(own.end() == null ? its.end() : own.end());
            }
        }
        return Optional.empty();
    }

    /** Returns the names of archived segments from a position on, limited in number. */
    List<String> from(Lsn position, int most) {
        long first = size.at(position);
        List<String> names = new ArrayList<>();
        for (long n = first; n <= Math.min(reach(first), first + most - 1); n++) {
            names.add(name(n));
        }
        return names;
    }

    /** Returns whether a base backup belongs to this line of descent, and not to an abandoned part of a timeline. */
    boolean descendsFrom(BaseBackup copy) {
        return reigns.stream()
                .anyMatch(r -> r.timeline() == copy.timeline()
                        && (r.end() == null || !copy.end().isPast(r.end())));
    }

    private TimelineRange at(long number) {
        TimelineRange found = reigns.get(0);
        for (TimelineRange reign : reigns) {
            if (reign.from() <= number) {
                found = reign;
            }
        }
        return found;
    }

    /** Returns the name of a segment, with the timeline from which a recovery reads it. */
    String name(long number) {
        return size.name(at(number).timeline(), number);
    }

    /** Returns whether a recovery on this line of descent reads the segment with this name. */
    boolean isRead(String name) {
        return name(size.number(name)).equals(name);
    }

    /** Returns the number of the segment that contains a position. */
    long number(Lsn position) {
        return size.at(position);
    }

    /** Returns the position at which a segment ends. */
    Lsn end(long number) {
        return size.end(number);
    }

    /** Returns the position at which the last archived segment ends. */
    public Optional<Lsn> end() {
        return last().map(size::end);
    }

    /** Returns the last archived segment of this line of descent, even after a gap. */
    Optional<Long> last() {
        return reigns.stream()
                .flatMap(r -> held.getOrDefault(r.timeline(), new TreeMap<>()).entrySet().stream()
                        .filter(range -> range.getKey() <= end(r) && range.getValue() >= r.from())
                        .map(range -> Math.min(range.getValue(), end(r))))
                .max(Long::compare);
    }

    /** Returns the last segment that a recovery from a start reaches; one less than the start when the start is missing. */
    long reach(long first) {
        long next = first;
        while (true) {
            TimelineRange reign = at(next);
            Optional<Long> covered = covered(reign, next);
            if (covered.isEmpty()) {
                return next - 1;
            }
            next = Math.min(covered.get(), end(reign)) + 1;
        }
    }

    private Optional<Long> covered(TimelineRange reign, long number) {
        return Optional.ofNullable(
                        held.getOrDefault(reign.timeline(), new TreeMap<>()).floorEntry(number))
                .map(Map.Entry::getValue)
                .filter(last -> last >= number);
    }

    private long end(TimelineRange reign) {
        int next = reigns.indexOf(reign) + 1;
        return next < reigns.size() ? reigns.get(next).from() - 1 : Long.MAX_VALUE - 1;
    }

    /** Returns the missing segments between a segment and the last archived one. */
    List<Gap> holes(long first) {
        List<Gap> holes = new ArrayList<>();
        long end = last().orElse(first - 1);
        long next = reach(first) + 1;
        while (next <= end) {
            long from = next;
            TimelineRange reign = at(next);
            long to = Math.min(nextHeld(reign, next) - 1, Math.min(end(reign), end));
            holes.add(new Gap(size.name(reign.timeline(), from), size.name(reign.timeline(), to)));
            next = reach(to + 1) + 1;
        }
        return holes;
    }

    private long nextHeld(TimelineRange reign, long number) {
        Long next = held.getOrDefault(reign.timeline(), new TreeMap<>()).ceilingKey(number);
        return next == null ? Long.MAX_VALUE - 1 : next;
    }
}
