package dev.holdfast.postgres.state;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The only running primary, where no role change of Holdfast made it primary: a person promoted it, or started it. A former primary
 * can have acknowledged commits that it lacks, also when that former primary does not run any more.
 *
 * @param record the newest line of the history of synchronous standbys
 */
record UnrecordedPromotion(List<MemberState> members, Optional<SyncHistoryEntry> record) {

    /**
     * Returns the members that can have acknowledged commits which the primary lacks: the stopped former primaries, or else the
     * standby with the most WAL. Empty where the role of the primary is on record, and while several members are primary.
     */
    List<MemberState> replaced() {
        List<MemberState> primaries =
                members.stream().filter(MemberState::isPrimary).toList();
        if (primaries.size() != 1 || isRecorded(primaries.get(0))) {
            return List.of();
        }
        MemberState primary = primaries.get(0);
        List<MemberState> others = members.stream()
                .filter(m -> m != primary && !m.isOutOfReach() && m.hasDatabase())
                .filter(m -> m.disk().fence().isEmpty())
                .filter(m -> m.systemIdentifier().equals(primary.systemIdentifier()))
                .toList();
        List<MemberState> former = others.stream()
                .filter(m -> m.wasPrimary() && m.isDown() && fork(m, primary).isPresent())
                .toList();
        return former.isEmpty() && isRecordedPrimaryReached()
                ? others.stream()
                        .filter(m -> !m.wasPrimary() && isAhead(m, primary))
                        .max(Comparator.comparingLong(m -> m.end().position()))
                        .stream()
                        .toList()
                : former;
    }

    /**
     * Without its host, a failover leaves no fence, and its history line is written after the promotion: a standby with more WAL
     * than the candidate must not stop such a run.
     */
    private boolean isRecordedPrimaryReached() {
        return record.flatMap(l -> members.stream()
                        .filter(m -> m.name().equals(l.primary()))
                        .findFirst())
                .filter(m -> !m.isOutOfReach())
                .isPresent();
    }

    /** Returns whether the newest history line names it on its timeline, or a role change fenced another member for it. */
    private boolean isRecorded(MemberState primary) {
        return record.map(l -> l.primary().equals(primary.name()) && l.timeline() == primary.timeline())
                        .orElse(primary.timeline() <= 1)
                || members.stream()
                        .flatMap(m -> m.disk().fence().stream())
                        .anyMatch(f -> f.isRestore() || f.to().equals(primary.name()));
    }

    /** Returns the fork between two members; empty where their histories show none, or do not show it. */
    private static Optional<TimelineHistory.Fork> fork(MemberState member, MemberState primary) {
        TimelineHistory own = TimelineHistory.of(member);
        TimelineHistory other = TimelineHistory.of(primary);
        return Optional.of(own.fork(other))
                .filter(f -> own.isKnown() && other.isKnown() && f.timeline() > 0 && !f.isWithinOneTimeline());
    }

    private static boolean isAhead(MemberState standby, MemberState primary) {
        return fork(standby, primary)
                .filter(f -> f.timeline() == standby.timeline() && standby.end().isPast(f.at()))
                .isPresent();
    }
}
