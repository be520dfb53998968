package dev.holdfast.postgres;

import dev.holdfast.model.Node;
import dev.holdfast.postgres.PostgresCluster.Member;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Observation;
import dev.holdfast.world.Observed;
import java.time.Instant;
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
 */
record PostgresSeen(
        Instant at,
        PostgresCluster cluster,
        List<MemberSeen> members,
        List<ProxySeen> proxies,
        Answer again,
        Map<String, Answer> logins,
        List<Node> outdated,
        Map<Node, ArchiveSeen> archives,
        Map<String, Answer> lookups,
        List<RepositoryServerSeen> repository)
        implements Observed {

    /** Nobody has a database yet, and everybody's host says so. */
    boolean isFresh() {
        return members.stream().noneMatch(m -> m.hasDatabase() || m.isOutOfReach());
    }

    MemberSeen member(Node node) {
        return members.stream().filter(m -> m.node().equals(node)).findFirst().orElseThrow();
    }

    ArchiveSeen archive(MemberSeen member) {
        return archives.getOrDefault(member.node(), ArchiveSeen.NOTHING);
    }

    List<MemberSeen> primaries() {
        return members.stream().filter(MemberSeen::isPrimary).toList();
    }

    /** The one that is primary, answers, and is alone in that. */
    Optional<MemberSeen> primary() {
        List<MemberSeen> all = primaries();
        return all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty();
    }

    /** Who is or will be primary: the one that is, or the stopped one that was, or the declared one of a fresh cluster. */
    Optional<MemberSeen> leader() {
        if (!primaries().isEmpty()) {
            return primary();
        }
        List<MemberSeen> were = members.stream().filter(MemberSeen::wasPrimary).toList();
        if (were.size() == 1) {
            return Optional.of(were.get(0));
        }
        return isFresh() ? Optional.of(members.get(0)) : Optional.empty();
    }

    /** The version the cluster has or will have: the leader's, or the newest that all members' hosts offer; 0 when none. */
    int major() {
        int has = leader().map(MemberSeen::major).orElse(0);
        if (has > 0) {
            return has;
        }
        return members.get(0).host().programs().descendingKeySet().stream()
                .filter(v -> members.stream().allMatch(m -> m.host().programs().containsKey(v)))
                .findFirst()
                .orElse(0);
    }

    /** All but the one that is or will be primary. */
    Stream<MemberSeen> others() {
        Optional<Node> leader = leader().map(MemberSeen::node);
        return members.stream().filter(m -> leader.isEmpty() || !m.node().equals(leader.get()));
    }

    /** What the primary says of a member that follows it. */
    Map<String, String> follower(MemberSeen member) {
        return primary().map(p -> p.server().follower(member.name())).orElse(Map.of());
    }

    /** The primary sends to it, whether or not it has caught up. */
    boolean follows(MemberSeen member) {
        return List.of("streaming", "catchup").contains(follower(member).getOrDefault("state", ""));
    }

    /** The primary sends to it at neither of two looks: more than a connection that is being made anew. */
    boolean isGone(MemberSeen member) {
        return !follows(member)
                && again.rows().stream()
                        .noneMatch(r -> member.name().equals(r.get("name")) && "streaming".equals(r.get("state")));
    }

    /**
     * It may be waited for by commits: streaming at two looks over one connection, on the primary's timeline, and it has
     * flushed what the primary had written at the first look.
     */
    boolean isReady(MemberSeen member) {
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
                                        .isPast(Wal.at(Objects.toString(r.get("flushed"), ""))));
    }

    /** Where the primary's log ended at the second look, which is later than any member's look. */
    private Wal endOfLog() {
        return Wal.at(Objects.toString(again.row().get("lsn"), ""));
    }

    /** Why a member cannot follow the primary by itself; empty when it can, or when that is not known. */
    Optional<String> diverged(MemberSeen member) {
        if (primary().isEmpty() || primary().get() == member || !member.hasDatabase()) {
            return Optional.empty();
        }
        MemberSeen primary = primary().get();
        int timeline = member.timeline();
        if (member.wasPrimary()) {
            return Optional.of("it was a primary on timeline " + timeline + " when it ended, and " + primary.name()
                    + " is primary now on timeline " + primary.timeline());
        }
        if (timeline > primary.timeline()) {
            return Optional.of("it is on timeline " + timeline + ", which " + primary.name() + " (timeline "
                    + primary.timeline() + ") does not know");
        }
        Wal end = member.isUp() ? member.server().end() : member.disk().end();
        Wal limit = timeline < primary.timeline() ? primary.server().leftTimelineAt(timeline) : endOfLog();
        if (!limit.equals(Wal.START) && end.isPast(limit)) {
            return Optional.of("it has log up to " + end + " of timeline " + timeline + ", but " + primary.name()
                    + " has that timeline only up to " + limit);
        }
        return Optional.empty();
    }

    Optional<Member> declared(String name) {
        return cluster.members().stream()
                .filter(m -> m.node().name().equals(name))
                .findFirst();
    }

    @Override
    public List<Observation> nodes() {
        return new PostgresTold(this).nodes();
    }

    @Override
    public List<String> complaints() {
        return new PostgresTold(this).complaints();
    }
}
