package dev.holdfast.postgres.state;

import dev.holdfast.postgres.value.Lsn;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The order of members that stopped as primary: the role has moved from one to another.
 *
 * @param record the newest line of the history of synchronous standbys
 * @param branches the WAL of each of them that another one lacks, by name; empty where it was not read
 */
public record RoleSuccession(Optional<SyncHistoryEntry> record, Map<String, ReplicationGap> branches) {

    /** Returns whether a stopped primary has no commit that another one lacks. */
    public boolean isWithoutOwnCommits(MemberState member) {
        return member.isDown()
                && branches.getOrDefault(member.name(), ReplicationGap.UNKNOWN).isNothing();
    }

    /** Describes the commits of a stopped primary that another one lacks. */
    public String ownCommits(MemberState member) {
        ReplicationGap own = branches.getOrDefault(member.name(), ReplicationGap.UNKNOWN);
        return own.isKnown()
                ? own.commits() + (own.commits() == 1 ? " commit" : " commits") + " of its own"
                : "an unknown number of commits of its own";
    }

    /** Returns, of several stopped primaries, the one on the newest timeline to which role changes led from all others. */
    Optional<MemberState> promotedLast(List<MemberState> were) {
        return were.stream()
                .filter(f -> f.disk().fence().isEmpty())
                .filter(f -> were.stream().filter(m -> m != f).allMatch(m -> isLeftFor(m, f)))
                .findFirst();
    }

    /**
     * Returns whether the role has moved from a member to the other one: a failover fenced it, or a switchover to that one, or
     * that one continues its WAL from the end, or, without a fence, the newest history line names that one on a later timeline. A
     * member without commits of its own has nothing that the other one lacks.
     */
    public boolean isLeftFor(MemberState member, MemberState other) {
        Optional<FenceMark> fence = member.disk().fence();
        boolean isFenced = fence.filter(f -> f.isFailover()
                        || f.isSwitchover() && (f.to().equals(other.name()) || isContinuedBy(member, other)))
                .isPresent();
        boolean isOnRecord = fence.isEmpty()
                && record.filter(l -> l.primary().equals(other.name()) && l.timeline() == other.timeline())
                        .isPresent();
        boolean isKnown = member.timeline() > 0; // a server that hangs shows no control file
        return (isFenced || isOnRecord || isWithoutOwnCommits(member))
                && isKnown
                && member.timeline() < other.timeline();
    }

    /** Returns whether the other one has left the timeline of a cleanly stopped primary after its last record. */
    private static boolean isContinuedBy(MemberState stopped, MemberState other) {
        String checkpoint = stopped.disk().control().checkpointLsn();
        TimelineHistory own = TimelineHistory.of(stopped);
        TimelineHistory.Fork fork = own.fork(TimelineHistory.of(other));
        return stopped.disk().control().state().equals("shut down")
                && !checkpoint.isEmpty()
                && own.isKnown()
                && fork.timeline() == stopped.timeline()
                && !fork.isWithinOneTimeline()
                && fork.at().isPast(Lsn.at(checkpoint));
    }
}
