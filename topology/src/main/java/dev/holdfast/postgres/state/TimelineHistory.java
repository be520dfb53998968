package dev.holdfast.postgres.state;

import dev.holdfast.postgres.value.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The timelines of a server's WAL, the present one last.
 *
 * @param legs the timelines with their ends; the last one has no end
 */
public record TimelineHistory(List<Leg> legs) {

    /** @param end of this timeline; {@link #OPEN} for the present one */
    record Leg(int timeline, Lsn end) {
        boolean isOpen() {
            return end.equals(OPEN);
        }
    }

    /** The end of a timeline that was not left. */
    static final Lsn OPEN = new Lsn(-1);

    /**
     * The fork between two lines of descent.
     *
     * @param timeline the last common timeline
     * @param at the LSN up to which both have at most the same WAL
     * @param isWithinOneTimeline whether both are still on this timeline, so that its number does not distinguish them
     */
    public record Fork(int timeline, Lsn at, boolean isWithinOneTimeline) {}

    /** The part of one timeline in a server's WAL. */
    public record Piece(int timeline, Lsn from, Lsn to) {
        String line() {
            return timeline + " " + from + " " + (to.equals(OPEN) ? "-" : to);
        }
    }

    /** @param history as in a history file: timeline, LSN and reason, one timeline per line or comma */
    static TimelineHistory of(int timeline, String history) {
        List<Leg> legs = new ArrayList<>();
        for (String line : history.split("[,\n]")) {
            String[] f = line.strip().split("\\s+");
            if (f.length >= 2 && f[0].matches("[0-9]{1,9}") && f[1].matches("[0-9A-F]+/[0-9A-F]+")) {
                legs.add(new Leg(Integer.parseInt(f[0]), Lsn.at(f[1])));
            }
        }
        legs.add(new Leg(timeline, OPEN));
        return new TimelineHistory(legs);
    }

    public static TimelineHistory of(MemberState member) {
        return of(member.timeline(), member.history());
    }

    /**
     * Returns why a member cannot follow a primary by itself, as far as timelines and LSNs show it; empty otherwise.
     *
     * @param end of the primary's WAL, later than that of the member was observed
     */
    static Optional<String> divergence(MemberState member, MemberState primary, Lsn end) {
        int timeline = member.timeline();
        if (member.wasPrimary() && !member.isDown()) {
            return Optional.of("the member possibly runs as primary, because its process exists but does not answer; "
                    + primary.name() + " is primary on timeline " + primary.timeline());
        }
        if (member.wasPrimary()) {
            return Optional.of("the member was a primary on timeline " + timeline + " when its server ended, and "
                    + primary.name() + " is primary now on timeline " + primary.timeline());
        }
        if (timeline > primary.timeline()) {
            return Optional.of("the member is on timeline " + timeline + ", which is not in the history of "
                    + primary.name() + " (timeline " + primary.timeline() + ")");
        }
        TimelineHistory own = of(member);
        Fork fork = own.fork(of(primary));
        if (own.isKnown() && fork.timeline() > 0 && !fork.isWithinOneTimeline() && fork.timeline() != timeline) {
            return Optional.of("the member is on timeline " + timeline + ", which left timeline " + fork.timeline()
                    + " at " + fork.at() + " and is not a timeline of " + primary.name());
        }
        Lsn last = member.end();
        Lsn limit = timeline < primary.timeline() ? primary.server().leftTimelineAt(timeline) : end;
        if (!limit.equals(Lsn.START) && last.isPast(limit)) {
            return Optional.of("the member has WAL up to " + last + " of timeline " + timeline + ", but "
                    + primary.name() + " has that timeline only up to " + limit);
        }
        return Optional.empty();
    }

    /** Returns whether its ancestors are known: a timeline after the first has a history. */
    public boolean isKnown() {
        return legs.size() > 1 || legs.get(0).timeline() <= 1;
    }

    public Fork fork(TimelineHistory other) {
        Lsn from = Lsn.START;
        int last = 0;
        for (int i = 0; i < Math.min(legs.size(), other.legs.size()); i++) {
            Leg mine = legs.get(i);
            Leg theirs = other.legs.get(i);
            if (mine.timeline() != theirs.timeline()) {
                break;
            }
            if (mine.isOpen() && theirs.isOpen()) {
                return new Fork(mine.timeline(), from, true);
            }
            if (!mine.end().equals(theirs.end())) {
                return new Fork(mine.timeline(), mine.end().isPast(theirs.end()) ? theirs.end() : mine.end(), false);
            }
            from = mine.end();
            last = mine.timeline();
        }
        return new Fork(last, from, false);
    }

    /** Returns the part of its WAL after a fork. */
    public List<Piece> beyond(Fork fork) {
        List<Piece> pieces = new ArrayList<>();
        Lsn from = Lsn.START;
        for (Leg leg : legs) {
            Lsn begin = fork.at().isPast(from) ? fork.at() : from;
            if (leg.isOpen() || leg.end().isPast(begin)) {
                pieces.add(new Piece(leg.timeline(), begin, leg.end()));
            }
            from = leg.end();
        }
        return pieces;
    }

    /** Returns the timelines on which a record that ends at an LSN can be, the oldest first. */
    public List<Integer> ending(Lsn end) {
        return legs.stream()
                .filter(l -> l.isOpen() || !end.isPast(l.end()))
                .map(Leg::timeline)
                .toList();
    }

    /** Returns the timelines on which a record that begins at an LSN can be, the oldest first. */
    public List<Integer> from(Lsn begin) {
        return legs.stream()
                .filter(l -> l.isOpen() || l.end().isPast(begin))
                .map(Leg::timeline)
                .toList();
    }

    /** Formats one piece per line, as scripts expect. */
    public static String lines(List<Piece> pieces) {
        return pieces.stream().map(Piece::line).collect(Collectors.joining("\n"));
    }
}
