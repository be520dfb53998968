package dev.holdfast.postgres.state;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExtendedClusterState;
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
 * @param reachedBy who still reaches a primary that does not answer here, as sentences
 */
public record RoleChangeState(
        PostgresState now, Optional<Leaving> leaving, Map<String, ReplicationGap> gaps, List<String> reachedBy)
        implements ExtendedClusterState {

    public RoleChangeState(PostgresState now, Optional<Leaving> leaving, Map<String, ReplicationGap> gaps) {
        this(now, leaving, gaps, List.of());
    }

    /**
     * A primary that is to be left.
     *
     * @param timeline on which it was primary
     * @param started when its first process was started; empty when it did not answer
     */
    public record Leaving(String name, int timeline, String started) {}

    public Optional<MemberState> member(String name) {
        return now.members().stream().filter(m -> m.name().equals(name)).findFirst();
    }

    /** The newest line of all records that could be read. */
    public Optional<SyncHistoryEntry> history() {
        return now.members().stream()
                .flatMap(m -> m.disk().history().stream())
                .max(Comparator.comparingLong(SyncHistoryEntry::epoch));
    }

    /** The newest failover on record. */
    public Optional<SyncHistoryEntry> lastFailover() {
        return now.members().stream()
                .flatMap(m -> Optional.ofNullable(m.disk().marks().get("took")).flatMap(SyncHistoryEntry::of).stream())
                .max(Comparator.comparingLong(SyncHistoryEntry::epoch));
    }

    /** Who was primary last, while nobody is: by the newest timeline on disk, or by the record when its host is silent. */
    public Optional<MemberState> lost() {
        Optional<MemberState> silent =
                history().flatMap(h -> member(h.primary())).filter(m -> !m.isUp() && m.isOutOfReach());
        if (silent.isPresent()) {
            return silent;
        }
        Optional<MemberState> stopped = now.members().stream()
                .filter(m -> !m.isUp() && m.disk().wouldBePrimary())
                .max(Comparator.comparingInt(RoleChangeState::lastTimeline));
        Optional<MemberState> recorded = history()
                .filter(h -> h.timeline()
                        > stopped.map(RoleChangeState::lastTimeline).orElse(0))
                .flatMap(h -> member(h.primary()))
                .filter(RoleChangeState::isGone);
        return recorded.or(() -> stopped).or(this::followed);
    }

    /** Its host answers and shows no data folder. */
    private static boolean isGone(MemberState member) {
        return !member.isUp() && !member.isOutOfReach() && !member.hasDatabase();
    }

    /** Without a record, the files of the standbys name the primary; this is it when its host or data folder is gone. */
    private Optional<MemberState> followed() {
        return now.members().stream()
                .filter(m -> isGone(m) || !m.isUp() && m.isOutOfReach())
                .filter(m -> now.members().stream()
                        .flatMap(s -> s.disk().files().getOrDefault("role.conf", List.of()).stream())
                        .anyMatch(l -> l.startsWith("primary_conninfo")
                                && l.contains("host=" + m.node().host().address() + " port="
                                        + m.node().port())))
                .findFirst();
    }

    /** A running server that does not answer shows no control file; its record tells the timeline. */
    private static int lastTimeline(MemberState member) {
        int recorded = member.disk()
                .history()
                .filter(h -> h.primary().equals(member.name()))
                .map(SyncHistoryEntry::timeline)
                .orElse(0);
        return Math.max(member.timeline(), member.disk().fence().isPresent() ? member.timeline() : recorded);
    }

    /** Not a fenced server that was started by hand: it follows no server, and its log may have left the others'. */
    public List<MemberState> standbys() {
        return now.members().stream()
                .filter(MemberState::isStandby)
                .filter(m -> m.disk().fence().isEmpty())
                .toList();
    }

    public ReplicationGap gap(MemberState candidate) {
        return gaps.getOrDefault(candidate.name(), ReplicationGap.UNKNOWN);
    }

    @Override
    public ClusterState observed() {
        return now;
    }
}
