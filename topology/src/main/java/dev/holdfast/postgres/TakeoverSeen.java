package dev.holdfast.postgres;

import dev.holdfast.world.Observed;
import dev.holdfast.world.Widened;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a change of the primary is decided by.
 *
 * @param now the cluster as it is
 * @param leaving who was primary when this run began to look
 * @param gaps what the lost primary's log holds beyond each standby's, by name; empty while a primary answers
 */
record TakeoverSeen(PostgresSeen now, Optional<Leaving> leaving, Map<String, Gap> gaps) implements Widened {

    /**
     * A primary that is to be left.
     *
     * @param timeline on which it was primary
     * @param started when its first process was started; empty when it did not answer
     */
    record Leaving(String name, int timeline, String started) {}

    Optional<MemberSeen> member(String name) {
        return now.members().stream().filter(m -> m.name().equals(name)).findFirst();
    }

    /** The newest line of all records that could be read. */
    Optional<HistoryLine> history() {
        return now.members().stream()
                .flatMap(m -> m.disk().history().stream())
                .max(Comparator.comparingLong(HistoryLine::epoch));
    }

    /** The newest failover on record. */
    Optional<HistoryLine> lastFailover() {
        return now.members().stream()
                .flatMap(m -> Optional.ofNullable(m.disk().marks().get("took")).flatMap(HistoryLine::of).stream())
                .max(Comparator.comparingLong(HistoryLine::epoch));
    }

    /** Who was primary last, while nobody is: by the newest timeline on disk, or by the record when its host is silent. */
    Optional<MemberSeen> lost() {
        Optional<MemberSeen> silent =
                history().flatMap(h -> member(h.primary())).filter(m -> !m.isUp() && m.isOutOfReach());
        if (silent.isPresent()) {
            return silent;
        }
        return now.members().stream()
                .filter(m -> !m.isUp() && m.disk().wouldBePrimary())
                .max(Comparator.comparingInt(TakeoverSeen::lastTimeline));
    }

    /** A running server that does not answer shows no control file; its record tells the timeline. */
    private static int lastTimeline(MemberSeen member) {
        int recorded = member.disk()
                .history()
                .filter(h -> h.primary().equals(member.name()))
                .map(HistoryLine::timeline)
                .orElse(0);
        return Math.max(member.timeline(), member.disk().fence().isPresent() ? member.timeline() : recorded);
    }

    List<MemberSeen> standbys() {
        return now.members().stream().filter(MemberSeen::isStandby).toList();
    }

    Gap gap(MemberSeen candidate) {
        return gaps.getOrDefault(candidate.name(), Gap.UNKNOWN);
    }

    @Override
    public Observed observed() {
        return now;
    }
}
