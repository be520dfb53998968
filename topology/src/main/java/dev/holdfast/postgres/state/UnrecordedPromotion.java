package dev.holdfast.postgres.state;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The only running primary, where no role change of Holdfast made it primary: a person promoted it, or started it. A former primary
 * can have acknowledged commits that it lacks, also when that former primary does not run any more.
 */
record UnrecordedPromotion(List<MemberState> members) {

    /**
     * Returns the stopped former primaries that can have acknowledged commits which the primary lacks. Empty where the role of the
     * primary is on record, and while several members are primary.
     */
    List<MemberState> replaced() {
        List<MemberState> primaries =
                members.stream().filter(MemberState::isPrimary).toList();
        if (primaries.size() != 1 || isRecorded(primaries.get(0))) {
            return List.of();
        }
        MemberState primary = primaries.get(0);
        return members.stream()
                .filter(m -> m.wasPrimary() && m.isDown())
                .filter(m -> m.disk().fence().isEmpty())
                .filter(m -> m.systemIdentifier().equals(primary.systemIdentifier()))
                .filter(m -> isForked(m, primary))
                .toList();
    }

    private Optional<SyncHistoryEntry> newest() {
        return members.stream()
                .flatMap(m -> m.disk().history().stream())
                .max(Comparator.comparingLong(SyncHistoryEntry::epoch));
    }

    /** Returns whether the newest history line names it on its timeline, or a role change fenced another member for it. */
    private boolean isRecorded(MemberState primary) {
        return newest().map(l -> l.primary().equals(primary.name()) && l.timeline() == primary.timeline())
                        .orElse(true)
                || members.stream()
                        .flatMap(m -> m.disk().fence().stream())
                        .anyMatch(f -> f.isRestore() || f.to().equals(primary.name()));
    }

    private static boolean isForked(MemberState member, MemberState primary) {
        TimelineHistory own = TimelineHistory.of(member);
        TimelineHistory other = TimelineHistory.of(primary);
        TimelineHistory.Fork fork = own.fork(other);
        return own.isKnown() && other.isKnown() && fork.timeline() > 0 && !fork.isWithinOneTimeline();
    }
}
