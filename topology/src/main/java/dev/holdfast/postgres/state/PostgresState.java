package dev.holdfast.postgres.state;

import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import dev.holdfast.postgres.value.Lsn;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What all members and proxies of one PostgreSQL cluster said at one moment.
 *
 * @param members in the order of the topology
 * @param again the primary's followers a moment later; empty when there is no primary
 * @param logins what happened when roles tried their passwords, by role; empty when that was not tried
 * @param outdated members and PgBouncers that do not have today's passwords in their password file
 * @param archives what members' hosts say of archiving; empty when that was not asked
 * @param lookups whether PgBouncers may look up passwords, by database; empty when that was not asked
 * @param repository the servers that lead to a repository on another machine; empty when that was not asked
 * @param branches where there are several primaries, what each has in its log that the others do not have, by name
 */
public record PostgresState(
        Instant at,
        PostgresCluster cluster,
        List<MemberState> members,
        List<ProxyState> proxies,
        ActionResult again,
        Map<String, ActionResult> logins,
        List<Node> outdated,
        Map<Node, ArchivingState> archives,
        Map<String, ActionResult> lookups,
        List<RepositoryServerState> repository,
        Map<String, ReplicationGap> branches)
        implements ClusterState {

    public PostgresState(
            Instant at,
            PostgresCluster cluster,
            List<MemberState> members,
            List<ProxyState> proxies,
            ActionResult again,
            Map<String, ActionResult> logins,
            List<Node> outdated,
            Map<Node, ArchivingState> archives,
            Map<String, ActionResult> lookups,
            List<RepositoryServerState> repository) {
        this(at, cluster, members, proxies, again, logins, outdated, archives, lookups, repository, Map.of());
    }

    public PostgresState with(Map<String, ReplicationGap> logs) {
        return new PostgresState(
                at, cluster, members, proxies, again, logins, outdated, archives, lookups, repository, logs);
    }

    /** Nobody has a database yet, and everybody's host says so. */
    public boolean isFresh() {
        return members.stream().noneMatch(m -> m.hasDatabase() || m.isOutOfReach());
    }

    public MemberState member(Node node) {
        return members.stream().filter(m -> m.node().equals(node)).findFirst().orElseThrow();
    }

    public ArchivingState archive(MemberState member) {
        return archives.getOrDefault(member.node(), ArchivingState.NOTHING);
    }

    /** Why no member lets Holdfast log in; empty when the password is known, or when no member refuses it. */
    public Optional<String> withoutPassword() {
        return members.stream()
                .filter(m -> m.answer().isRefused(ActionResult.NO_SECRET)
                        || m.answer().isRefused("28P01") && members.stream().noneMatch(MemberState::isUp))
                .map(m -> m.name() + ": " + m.answer().text().strip())
                .findFirst();
    }

    public List<MemberState> primaries() {
        return members.stream().filter(MemberState::isPrimary).toList();
    }

    /** The one that is primary, answers, and is alone in that. */
    public Optional<MemberState> primary() {
        List<MemberState> all = primaries();
        return all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty();
    }

    /** Who is or will be primary: the one that is, or the stopped one that was, or the declared one of a fresh cluster. */
    public Optional<MemberState> leader() {
        if (!primaries().isEmpty()) {
            return primary();
        }
        List<MemberState> were =
                members.stream().filter(MemberState::wasPrimary).toList();
        if (were.size() == 1) {
            return Optional.of(were.get(0));
        }
        Optional<MemberState> promoted = promotedLast(were);
        if (promoted.isPresent()) {
            return promoted;
        }
        return isFresh() ? Optional.of(members.get(0)) : Optional.empty();
    }

    /** Of several stopped primaries, the one on the newest timeline that changes of roles have left all others for. */
    private Optional<MemberState> promotedLast(List<MemberState> were) {
        return were.stream()
                .filter(f -> f.disk().fence().isEmpty())
                .filter(f -> were.stream().filter(m -> m != f).allMatch(m -> isLeftFor(m, f)))
                .findFirst();
    }

    /** The newest line of the history of synchronous standbys that any member's host has. */
    public Optional<SyncHistoryEntry> newestRecord() {
        return members.stream()
                .flatMap(m -> m.disk().history().stream())
                .max(Comparator.comparingLong(SyncHistoryEntry::epoch));
    }

    /** A failover has fenced it, or, where that fence is lost, the newest record names the other one on a later timeline. */
    private boolean isLeftFor(MemberState member, MemberState other) {
        Optional<FenceMark> fence = member.disk().fence();
        boolean isFenced = fence.filter(FenceMark::isFailover).isPresent();
        boolean isOnRecord = fence.isEmpty()
                && newestRecord()
                        .filter(l -> l.primary().equals(other.name()) && l.timeline() == other.timeline())
                        .isPresent();
        return (isFenced || isOnRecord) && member.timeline() < other.timeline();
    }

    /**
     * The version that the cluster has or will have: the leader's, or that of any data, or the newest that the hosts of all members
     * offer; 0 when there is none. A host that does not answer offers any.
     */
    public int major() {
        return Stream.concat(leader().stream(), members.stream())
                .map(MemberState::major)
                .filter(v -> v > 0)
                .findFirst()
                .orElseGet(this::offered);
    }

    private int offered() {
        List<MemberState> answering =
                members.stream().filter(m -> !m.isOutOfReach()).toList();
        return answering.stream()
                .flatMap(m -> m.host().programs().descendingKeySet().stream())
                .filter(v ->
                        answering.stream().allMatch(m -> m.host().programs().containsKey(v)))
                .findFirst()
                .orElse(0);
    }

    /** All but the one that is or will be primary. */
    public Stream<MemberState> others() {
        Optional<Node> leader = leader().map(MemberState::node);
        return members.stream().filter(m -> leader.isEmpty() || !m.node().equals(leader.get()));
    }

    /** What the primary says of a member that follows it. */
    public Map<String, String> follower(MemberState member) {
        return primary().map(p -> p.server().follower(member.name())).orElse(Map.of());
    }

    /** The primary sends to it, whether or not it has caught up. */
    public boolean follows(MemberState member) {
        return List.of("streaming", "catchup").contains(follower(member).getOrDefault("state", ""));
    }

    /** The primary sends to it at neither of two looks: more than a connection that is being made anew. */
    public boolean isGone(MemberState member) {
        return !follows(member)
                && again.rows().stream()
                        .noneMatch(r -> member.name().equals(r.get("name")) && "streaming".equals(r.get("state")));
    }

    /**
     * It may be waited for by commits: streaming at two looks over one connection, on the primary's timeline, and it has
     * flushed what the primary had written at the first look.
     */
    public boolean isReady(MemberState member) {
        Map<String, String> first = follower(member);
        return primary().isPresent()
                && first.getOrDefault("state", "").equals("streaming")
                && member.isStandby()
                && member.server()
                        .receiver()
                        .getOrDefault("received_tli", "")
                        .equals(Integer.toString(primary().get().timeline()))
                && again.rows().stream()
                        .anyMatch(r -> member.name().equals(r.get("name"))
                                && first.get("pid").equals(String.valueOf(r.get("pid")))
                                && "streaming".equals(r.get("state"))
                                && !primary()
                                        .get()
                                        .server()
                                        .end()
                                        .isPast(Lsn.at(Objects.toString(r.get("flushed"), ""))));
    }

    /** Where the primary's log ended at the second look, which is later than any member's look. */
    public Lsn endOfLog() {
        return Lsn.at(Objects.toString(again.row().get("lsn"), ""));
    }

    /** Why a member cannot follow the primary by itself; empty when it can, or when that is not known. */
    public Optional<String> diverged(MemberState member) {
        if (primary().isEmpty() || primary().get() == member || !member.hasDatabase()) {
            return Optional.empty();
        }
        MemberState primary = primary().get();
        int timeline = member.timeline();
        if (member.wasPrimary()) {
            return Optional.of("it was a primary on timeline " + timeline + " when it ended, and " + primary.name()
                    + " is primary now on timeline " + primary.timeline());
        }
        if (timeline > primary.timeline()) {
            return Optional.of("it is on timeline " + timeline + ", which " + primary.name() + " (timeline "
                    + primary.timeline() + ") does not know");
        }
        TimelineHistory own = TimelineHistory.of(member);
        TimelineHistory.Fork fork = own.fork(TimelineHistory.of(primary));
        if (own.isKnown() && fork.timeline() > 0 && !fork.isWithinOneTimeline() && fork.timeline() != timeline) {
            return Optional.of("it is on timeline " + timeline + ", which left timeline " + fork.timeline() + " at "
                    + fork.at() + " and is not a timeline of " + primary.name());
        }
        Lsn end = member.isUp() ? member.server().end() : member.disk().end();
        Lsn limit = timeline < primary.timeline() ? primary.server().leftTimelineAt(timeline) : endOfLog();
        if (!limit.equals(Lsn.START) && end.isPast(limit)) {
            return Optional.of("it has log up to " + end + " of timeline " + timeline + ", but " + primary.name()
                    + " has that timeline only up to " + limit);
        }
        return Optional.empty();
    }

    public Optional<Member> declared(String name) {
        return cluster.members().stream()
                .filter(m -> m.node().name().equals(name))
                .findFirst();
    }

    @Override
    public List<NodeStatus> nodes() {
        return new StatusReport(this).nodes();
    }

    @Override
    public List<HealthProblem> findings() {
        return new StatusReport(this).complaints();
    }
}
