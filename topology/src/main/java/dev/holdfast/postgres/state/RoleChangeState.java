package dev.holdfast.postgres.state;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExtendedClusterState;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The observed state of a PostgreSQL cluster before a role change, with evidence about a primary that does not answer.
 *
 * @param now the present cluster state
 * @param leaving the primary at the first query of this run
 * @param gaps the WAL of the lost primary beyond that of each standby, by name; empty while a primary answers
 * @param reachedBy nodes that still reach a primary which does not answer Holdfast, as sentences
 * @param own what this run has done
 */
public record RoleChangeState(
        PostgresState now,
        Optional<Leaving> leaving,
        Map<String, ReplicationGap> gaps,
        List<String> reachedBy,
        OwnPromotions own)
        implements ExtendedClusterState {

    public RoleChangeState(PostgresState now, Optional<Leaving> leaving, Map<String, ReplicationGap> gaps) {
        this(now, leaving, gaps, List.of(), OwnPromotions.NONE);
    }

    public RoleChangeState with(Map<String, ReplicationGap> gaps, List<String> reachedBy) {
        return new RoleChangeState(now, leaving, gaps, reachedBy, own);
    }

    /**
     * A primary to replace.
     *
     * @param timeline the timeline on which it was primary
     * @param started start time of its postmaster; empty when it did not answer
     */
    public record Leaving(String name, int timeline, String started) {}

    public Optional<MemberState> member(String name) {
        return now.members().stream().filter(m -> m.name().equals(name)).findFirst();
    }

    /**
     * Returns the promotion of the running primary that is not on record, while the recorded primary does not answer; empty when this
     * run has promoted it.
     */
    public Optional<UnrecordedPromotion> unconfirmed() {
        return Optional.of(now.unrecorded())
                .filter(p -> p.unseen().isPresent()
                        && !own.promoted().contains(p.promoted().orElseThrow().name()));
    }

    /** Returns the newest line of all readable histories. */
    public Optional<SyncHistoryEntry> history() {
        return now.members().stream()
                .flatMap(m -> m.disk().history().stream())
                .max(Comparator.comparingLong(SyncHistoryEntry::epoch));
    }

    /** Returns the newest recorded failover. */
    public Optional<SyncHistoryEntry> lastFailover() {
        return now.members().stream()
                .flatMap(m -> Optional.ofNullable(m.disk().marks().get("took")).flatMap(SyncHistoryEntry::of).stream())
                .max(Comparator.comparingLong(SyncHistoryEntry::epoch));
    }

    /**
     * Returns the last primary while there is none: by the newest timeline on disk, or by the history when its host is
     * unreachable.
     */
    public Optional<MemberState> lost() {
        Optional<MemberState> silent =
                history().flatMap(h -> member(h.primary())).filter(m -> !m.isUp() && m.isOutOfReach());
        if (silent.isPresent()) {
            return silent;
        }
        Optional<MemberState> stopped = now.members().stream()
                .filter(m -> !m.isUp() && m.disk().wouldBePrimary() && !now.isGivenUp(m))
                .max(Comparator.comparingInt(RoleChangeState::lastTimeline));
        Optional<MemberState> recorded = history()
                .filter(h -> h.timeline()
                        > stopped.map(RoleChangeState::lastTimeline).orElse(0))
                .flatMap(h -> member(h.primary()))
                .filter(RoleChangeState::isGone);
        return recorded.or(() -> stopped).or(this::followed);
    }

    /** Returns whether its host reports that the data directory is missing. */
    private static boolean isGone(MemberState member) {
        return !member.isUp() && !member.isOutOfReach() && !member.hasDatabase();
    }

    /** Returns the primary that the files of the standbys name, without a history, when its host or data directory is lost. */
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

    /** Returns the timeline from the history, because a running server that does not answer shows no control file. */
    private static int lastTimeline(MemberState member) {
        int recorded = member.disk()
                .history()
                .filter(h -> h.primary().equals(member.name()))
                .map(SyncHistoryEntry::timeline)
                .orElse(0);
        return Math.max(member.timeline(), member.disk().fence().isPresent() ? member.timeline() : recorded);
    }

    /**
     * Returns the other members that stopped as primary, where nothing shows which one the clients used last. Their WAL is not
     * compared with that of the standbys.
     */
    public List<MemberState> uncompared() {
        return now.leader().isPresent()
                ? List.of()
                : now.members().stream()
                        .filter(m -> m.wasPrimary()
                                && !now.isGivenUp(m)
                                && lost().filter(l -> l != m).isPresent())
                        .toList();
    }

    /** Returns the members other than the lost primary that possibly run as primary, because their processes exist and do not answer. */
    public List<MemberState> hanging() {
        return now.members().stream()
                .filter(m -> m.wasPrimary() && !m.isDown() && !m.isOutOfReach())
                .filter(m -> lost().filter(l -> l != m).isPresent())
                .toList();
    }

    /**
     * Returns the candidate that the fence of a member names, where nothing shows that it was not promoted: its host does not
     * answer, or its data directory is missing.
     */
    public Optional<MemberState> unseenCandidate(MemberState fenced) {
        return fenced.disk()
                .fence()
                .filter(own::canHavePromoted)
                .flatMap(f -> member(f.to()))
                .filter(m -> m != fenced && !m.isUp() && (m.isOutOfReach() || !m.hasDatabase()));
    }

    /** Describes that candidate. */
    public Optional<String> promotedUnseen(MemberState fenced) {
        return unseenCandidate(fenced)
                .map(m -> "the " + fenced.disk().fence().orElseThrow().kind() + " that fenced " + fenced.name()
                        + " was to promote " + m.name() + "; "
                        + (m.isOutOfReach()
                                ? "the host of " + m.name() + " does not answer"
                                : "the data directory of " + m.name() + " is missing")
                        + ", so " + m.name() + " can have been primary and can have acknowledged commits");
    }

    /** Excludes a fenced server that was started manually: it follows no server, and its WAL may have diverged. */
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
