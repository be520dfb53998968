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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The observed state of all members and proxies of one PostgreSQL cluster at one time.
 *
 * @param members in the order of the topology
 * @param again the primary's followers at a second query; empty without a primary
 * @param credentials results of password tests, by role; empty when they were not tested
 * @param outdated members and PgBouncers with an outdated password file
 * @param archives archiving states of members; empty when they were not queried
 * @param lookups whether PgBouncers can look up passwords, by database; empty when this was not queried
 * @param repository the pgBackRest servers of a repository on a separate host; empty when they were not queried
 * @param branches with several primaries, the WAL of each that the others lack, by name
 * @param breaks why the primary's WAL does not continue what a standby has replayed, by name
 */
public record PostgresState(
        Instant at,
        PostgresCluster cluster,
        List<MemberState> members,
        List<ProxyState> proxies,
        ActionResult again,
        Map<String, ActionResult> credentials,
        List<Node> outdated,
        Map<Node, ArchivingState> archives,
        Map<String, ActionResult> lookups,
        List<RepositoryServerState> repository,
        Map<String, ReplicationGap> branches,
        Map<String, String> breaks)
        implements ClusterState {

    public PostgresState(
            Instant at,
            PostgresCluster cluster,
            List<MemberState> members,
            List<ProxyState> proxies,
            ActionResult again,
            Map<String, ActionResult> credentials,
            List<Node> outdated,
            Map<Node, ArchivingState> archives,
            Map<String, ActionResult> lookups,
            List<RepositoryServerState> repository) {
        this(
                at,
                cluster,
                members,
                proxies,
                again,
                credentials,
                outdated,
                archives,
                lookups,
                repository,
                Map.of(),
                Map.of());
    }

    public PostgresState with(Map<String, ReplicationGap> logs) {
        return new PostgresState(
                at,
                cluster,
                members,
                proxies,
                again,
                credentials,
                outdated,
                archives,
                lookups,
                repository,
                logs,
                breaks);
    }

    public PostgresState withBreaks(Map<String, String> found) {
        return new PostgresState(
                at,
                cluster,
                members,
                proxies,
                again,
                credentials,
                outdated,
                archives,
                lookups,
                repository,
                branches,
                found);
    }

    /** Returns whether a standby has replayed WAL of another server; only a new copy of the primary can replace that. */
    public boolean hasOtherWal(MemberState member) {
        return otherWal(member).isPresent();
    }

    private Optional<String> otherWal(MemberState member) {
        return Optional.ofNullable(breaks.get(member.name()))
                .or(() -> follows(member) ? Optional.empty() : member.disk().otherWal());
    }

    /** Returns whether all hosts report that their members have no database. */
    public boolean isFresh() {
        return members.stream().noneMatch(m -> m.hasDatabase() || m.isOutOfReach());
    }

    public MemberState member(Node node) {
        return members.stream().filter(m -> m.node().equals(node)).findFirst().orElseThrow();
    }

    public ArchivingState archive(MemberState member) {
        return archives.getOrDefault(member.node(), ArchivingState.NOTHING);
    }

    /** Returns why Holdfast cannot log in to any member; empty when the password is known, or no member refuses it. */
    public Optional<String> withoutPassword() {
        return members.stream()
                .filter(m -> m.answer().isRefused(ActionResult.NO_SECRET)
                        || m.answer().isRefused("28P01") && members.stream().noneMatch(MemberState::isUp))
                .map(m -> m.name() + ": " + m.answer().reason().strip())
                .findFirst();
    }

    public List<MemberState> primaries() {
        return members.stream().filter(MemberState::isPrimary).toList();
    }

    /** Returns the primary, if exactly one member answers as primary and there is no split brain. */
    public Optional<MemberState> primary() {
        List<MemberState> all = primaries();
        return all.size() == 1 && !splitBrain().isThere() ? Optional.of(all.get(0)) : Optional.empty();
    }

    /** Returns the present or future primary: the running one, the stopped one, or the declared one of a new cluster. */
    public Optional<MemberState> leader() {
        if (!primaries().isEmpty()) {
            return primary();
        }
        List<MemberState> were =
                members.stream().filter(m -> m.wasPrimary() && !isGivenUp(m)).toList();
        if (were.size() == 1) {
            return Optional.of(were.get(0));
        }
        Optional<MemberState> promoted = new RoleSuccession(newestRecord(), branches).promotedLast(were);
        if (promoted.isPresent()) {
            return promoted;
        }
        return isFresh() ? Optional.of(members.get(0)) : Optional.empty();
    }

    /** Returns the newest line of the history of synchronous standbys on any host. */
    public Optional<SyncHistoryEntry> newestRecord() {
        return members.stream()
                .flatMap(m -> m.disk().history().stream())
                .max(Comparator.comparingLong(SyncHistoryEntry::epoch));
    }

    /**
     * Returns the present or future major version: that of the primary, of any data, or the newest one installed on all hosts;
     * 0 when there is none. A declared version excludes the others. An unreachable host counts as having every version.
     */
    public int major() {
        return Stream.concat(leader().stream(), members.stream())
                .map(MemberState::major)
                .filter(v -> v > 0)
                .findFirst()
                .orElseGet(this::offered);
    }

    private int offered() {
        return MemberState.newestCommonVersion(members, cluster.version());
    }

    /** Returns all members except the present or future primary. */
    public Stream<MemberState> others() {
        Optional<Node> leader = leader().map(MemberState::node);
        return members.stream().filter(m -> leader.isEmpty() || !m.node().equals(leader.get()));
    }

    private FollowerRows rows() {
        return new FollowerRows(primary(), again);
    }

    /** Returns the primary's row about a follower. */
    public Map<String, String> follower(MemberState member) {
        return rows().first(member);
    }

    /** Returns whether the primary sends WAL to it, even if it has not caught up. */
    public boolean follows(MemberState member) {
        return rows().follows(member);
    }

    /** Returns whether the primary sends no WAL to it at both queries: more than a reconnect. */
    public boolean isGone(MemberState member) {
        return rows().isGone(member);
    }

    /** Returns whether commits may wait for it; see {@link FollowerRows#isReady}. */
    public boolean isReady(MemberState member) {
        return rows().isReady(member);
    }

    /** Returns the end of the primary's WAL at the second query, which is later than the query of any member. */
    public Lsn endOfLog() {
        return rows().end();
    }

    /** Returns why a member cannot follow the primary by itself; empty when it can, or this is unknown. */
    public Optional<String> diverged(MemberState member) {
        if (primary().isEmpty() || primary().get() == member || !member.hasDatabase()) {
            return Optional.empty();
        }
        return TimelineHistory.divergence(member, primary().get(), endOfLog()).or(() -> otherWal(member));
    }

    public Optional<Member> declared(String name) {
        return cluster.members().stream()
                .filter(m -> m.node().name().equals(name))
                .findFirst();
    }

    public SplitBrain splitBrain() {
        return new SplitBrain(members, proxies, unrecorded().replaced(), branches);
    }

    /** Returns the promotion of the running primary, where it is not on record. Patroni promotes without a record. */
    public UnrecordedPromotion unrecorded() {
        return new UnrecordedPromotion(cluster.automatic().isPresent() ? List.of() : members, newestRecord());
    }

    /** Returns whether a rejoin fenced it as a stray primary, in favour of a former primary. */
    public boolean isGivenUp(MemberState member) {
        return member.disk().fence().filter(FenceMark::isRejoin).isPresent();
    }

    /** Returns what a person does about several primaries. With Patroni, the one that has the leader lock stays. */
    public String splitHint() {
        return cluster.automatic().isPresent()
                ? "keep the primary that has the leader lock (holdfast status shows it). holdfast rejoin of the other primary "
                        + "preserves the rows that only that one has, and makes it a standby"
                : splitBrain().hint();
    }

    @Override
    public List<NodeStatus> nodes() {
        StatusReport report = new StatusReport(cluster, isFresh(), primary());
        List<NodeStatus> nodes = new ArrayList<>();
        members.forEach(m -> nodes.add(report.member(m, follower(m))));
        proxies.forEach(p -> nodes.add(report.proxy(p)));
        repository.forEach(s -> nodes.add(report.repository(s)));
        return nodes;
    }

    @Override
    public List<HealthProblem> findings() {
        List<HealthProblem> problems = new ArrayList<>();
        SplitBrain split = splitBrain();
        if (split.isThere()) {
            problems.add(HealthProblem.grave(split.sentence() + ": " + splitHint()));
        } else if (unrecorded().unseen().isPresent()) {
            problems.add(HealthProblem.grave(
                    unrecorded().sentence() + ": " + unrecorded().hint()));
        } else if (primary().isEmpty()) {
            problems.add(isFresh() ? HealthProblem.minor("there is no database yet") : withoutPrimary());
        }
        StatusReport report = new StatusReport(cluster, isFresh(), primary());
        members.forEach(m -> report.absent(m, problems));
        primary().ifPresent(p -> {
            report.protection(p, others(), problems);
            others().forEach(m -> StatusReport.standby(p, m, follower(m), diverged(m), problems));
            StatusReport.slots(p, problems);
        });
        members.stream().filter(MemberState::isUp).forEach(m -> report.server(m, archive(m), problems));
        members.forEach(m -> report.version(m, problems));
        proxies.forEach(p -> report.proxy(p, problems));
        repository.forEach(s -> report.repository(s, problems));
        return problems;
    }

    private HealthProblem withoutPrimary() {
        boolean isSecretKnown = members.stream().noneMatch(m -> m.answer().isRefused(ActionResult.NO_SECRET));
        return HealthProblem.grave(
                isSecretKnown ? "no primary answers" : "the primary is unknown: a secret is missing here");
    }
}
