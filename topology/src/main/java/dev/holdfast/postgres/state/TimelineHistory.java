package dev.holdfast.postgres.state;

import dev.holdfast.postgres.value.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The timelines that a server's log has gone through, the present one last.
 *
 * @param legs each with where it was left; the last one has no end
 */
public record TimelineHistory(List<Leg> legs) {

    /** @param end where this timeline was left; {@link #OPEN} for the present one */
    record Leg(int timeline, Lsn end) {
        boolean isOpen() {
            return end.equals(OPEN);
        }
    }

    /** Stands for the end of a timeline that was not left. */
    static final Lsn OPEN = new Lsn(-1);

    /**
     * Where two lines of descent part.
     *
     * @param timeline the last one that both have
     * @param at the position up to which both have the same log at most
     * @param isWithinOneTimeline both are on this timeline still, so that its number tells them apart no more
     */
    public record Fork(int timeline, Lsn at, boolean isWithinOneTimeline) {}

    /** One timeline's share of a log. */
    public record Piece(int timeline, Lsn from, Lsn to) {
        String line() {
            return timeline + " " + from + " " + (to.equals(OPEN) ? "-" : to);
        }
    }

    /** @param history as in the timeline's history file: timeline, position and reason, one timeline per line or comma */
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

    /** Whether where it came from is known: a timeline after the first has a history. */
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

    /** What of its log lies beyond a fork. */
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

    /** One piece per line, as scripts take them. */
    public static String lines(List<Piece> pieces) {
        return pieces.stream().map(Piece::line).collect(Collectors.joining("\n"));
    }
}
