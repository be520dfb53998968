package dev.holdfast.lint;

import dev.holdfast.lint.FailureImpact.Data;
import dev.holdfast.lint.FailureImpact.Writes;
import dev.holdfast.lint.FailureScenario.Scope;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Quantities;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.Redundancy.Member;
import dev.holdfast.model.Redundancy.MemberRole;
import dev.holdfast.model.Redundancy.QuorumModel;
import dev.holdfast.model.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A simulator that predicts the effect of each failure on each group. Any member of a set can be its primary; a PostgreSQL
 * primary is assumed on its declared host.
 */
public final class FailureSimulator {

    private FailureSimulator() {}

    /** Returns the impact of every failure on every group with a node on the lost hosts; of a pair, on both. */
    public static List<FailureImpact> run(Topology topology) {
        List<FailureImpact> outcomes = new ArrayList<>();
        for (FailureScenario failure : FailureScenario.all(topology)) {
            for (Cluster cluster : topology.clusters()) {
                for (Redundancy group : cluster.redundancies()) {
                    List<Member> left = group.members().stream()
                            .filter(m -> !failure.takes(m.node().host()))
                            .toList();
                    int carriers = failure.scope() == Scope.PAIR ? 2 : 1;
                    if (group.members().stream()
                                    .map(m -> m.node().host())
                                    .filter(failure::takes)
                                    .distinct()
                                    .count()
                            >= carriers) {
                        outcomes.add(outcome(failure, cluster, group, left));
                    }
                }
            }
        }
        return outcomes;
    }

    private static FailureImpact outcome(
            FailureScenario failure, Cluster cluster, Redundancy group, List<Member> left) {
        return switch (group.form()) {
            case MAJORITY -> voted(failure, group, left);
            case VOTES -> decided(failure, group, left);
            case PRIMARY ->
                group.election().isPresent()
                        ? ledAutomatically(failure, group, left, canDecide(failure, cluster))
                        : led(failure, group, left);
            case ANY_ONE -> entered(failure, group, left);
        };
    }

    private static FailureImpact voted(FailureScenario failure, Redundancy group, List<Member> left) {
        long voters = left.stream().filter(Member::votes).count();
        boolean majority = voters >= group.majority();
        boolean electable = left.stream().anyMatch(m -> m.role() == MemberRole.AWAITED);
        long copies = left.stream().filter(m -> m.votes() && m.holdsData()).count();
        boolean writable = majority && electable && copies >= group.copies();
        String description = voters + " of " + group.voters().size() + " voters left";
        if (!majority) {
            description = "no majority: " + description;
        } else if (!electable) {
            description += ", none can become primary";
        } else if (!writable) {
            description += ", writes wait for " + group.copies() + " copies";
        }
        return new FailureImpact(
                failure, group, majority, writable ? Writes.GO_ON : Writes.STOP, data(group, left), description);
    }

    private static boolean canDecide(FailureScenario failure, Cluster cluster) {
        return cluster.redundancies().stream()
                .filter(g -> g.form() == QuorumModel.VOTES)
                .allMatch(g -> g.voters().stream()
                                .filter(v -> !failure.takes(v.node().host()))
                                .count()
                        >= g.majority());
    }

    private static FailureImpact decided(FailureScenario failure, Redundancy group, List<Member> left) {
        boolean majority = left.size() >= group.majority();
        return new FailureImpact(
                failure,
                group,
                majority,
                Writes.GO_ON,
                Data.SAFE,
                (majority ? "" : "no majority, so no automatic failover: ") + left.size() + " of "
                        + group.voters().size() + " voters left");
    }

    /**
     * Patroni replaces the primary while the voters of the lock have a majority. Without a majority, the primary continues only
     * while it reaches all members (failsafe mode).
     */
    private static FailureImpact ledAutomatically(
            FailureScenario failure, Redundancy group, List<Member> left, boolean canDecide) {
        FailureImpact manual = led(failure, group, left);
        boolean alive = left.contains(group.members().get(0));
        if (!canDecide) {
            boolean isWhole = left.size() == group.members().size();
            return new FailureImpact(
                    failure,
                    group,
                    isWhole,
                    isWhole ? Writes.GO_ON : Writes.STOP,
                    manual.data(),
                    isWhole
                            ? "primary left: the primary continues without etcd while it reaches all members"
                            : "etcd has no majority and a member is lost: "
                                    + (alive
                                            ? "the primary accepts no writes until etcd is back"
                                            : "nothing is promoted until etcd is back"));
        }
        // without a synchronous standby, commits wait for any standby that is left
        boolean waits =
                group.mayWait() && left.stream().filter(Member::holdsData).count() < group.copies();
        Writes writes = waits ? Writes.STOP : Writes.GO_ON;
        String then = waits ? "commits wait for a standby" : "commits wait for " + possibleStandbys(group, left, alive);
        if (alive) {
            return manual.writes() == Writes.GO_ON
                    ? manual
                    : new FailureImpact(failure, group, true, writes, Data.SAFE, "primary left: " + then);
        }
        Member candidate = candidate(left);
        if (candidate == null || candidate.role() == MemberRole.RESERVE || manual.data() != Data.SAFE) {
            return manual;
        }
        return new FailureImpact(
                failure,
                group,
                true,
                writes,
                Data.SAFE,
                "primary lost: Patroni promotes " + candidate.node().name() + " within "
                        + Quantities.shown(group.election().orElseThrow())
                        + (group.mayWait() ? "; then " + then : ""));
    }

    /** Returns the members that commits can wait for when the primary is left or replaced. */
    private static String possibleStandbys(Redundancy group, List<Member> left, boolean alive) {
        Member primary = alive ? group.members().get(0) : candidate(left);
        return left.stream()
                .filter(m -> m.holdsData() && m != primary)
                .map(m -> m.node().name())
                .collect(Collectors.joining(" or "));
    }

    private static FailureImpact led(FailureScenario failure, Redundancy group, List<Member> left) {
        Member primary = group.members().get(0);
        boolean alive = left.contains(primary);
        long awaited = left.stream().filter(m -> m.role() == MemberRole.AWAITED).count();
        if (alive) {
            boolean waits = group.mayWait() && awaited < group.copies();
            return new FailureImpact(
                    failure,
                    group,
                    true,
                    waits ? Writes.STOP : Writes.GO_ON,
                    Data.SAFE,
                    waits ? "commits wait for a synchronous standby" : "primary left");
        }
        Member candidate = candidate(left);
        if (candidate == null) {
            return new FailureImpact(failure, group, false, Writes.STOP, Data.LOST, "no member with data is left");
        }
        boolean isShort = awaited < group.copies();
        boolean waits = group.waitsAfterFailover() && isShort;
        Data data = data(group, left);
        String description = "primary lost: promote " + candidate.node().name()
                + (data == Data.SAFE ? "" : ", which can lack the newest writes")
                + (isShort ? afterwards(candidate, awaited, waits) : "");
        return new FailureImpact(failure, group, false, waits ? Writes.STOP : Writes.AFTER_FAILOVER, data, description);
    }

    /** Returns how commits on the promoted member behave with fewer synchronous standbys than declared. */
    private static String afterwards(Member candidate, long awaited, boolean waits) {
        return waits
                ? "; then commits wait for a synchronous standby (afterFailover: wait)"
                : "; then commits are acknowledged " + (awaited > 1 ? "with fewer standbys" : "without a standby")
                        + ", and are lost if " + candidate.node().name() + " is lost";
    }

    /** Returns the member to promote: a synchronous standby before an asynchronous one, a reserve last. */
    private static Member candidate(List<Member> left) {
        Member best = null;
        for (Member member : left) {
            if (member.holdsData() && (best == null || member.role().compareTo(best.role()) < 0)) {
                best = member;
            }
        }
        return best;
    }

    private static FailureImpact entered(FailureScenario failure, Redundancy group, List<Member> left) {
        boolean open = !left.isEmpty();
        return new FailureImpact(
                failure,
                group,
                open,
                open ? Writes.GO_ON : Writes.STOP,
                Data.SAFE,
                open ? left.size() + " of " + group.members().size() + " endpoints left" : "no endpoint is left");
    }

    /**
     * Returns whether acknowledged writes survive. In a set, any members can have acknowledged a write. In a PostgreSQL group,
     * the primary and synchronous standbys have.
     */
    private static Data data(Redundancy group, List<Member> left) {
        if (left.stream().noneMatch(Member::holdsData)) {
            return Data.LOST;
        }
        boolean led = group.form() == QuorumModel.PRIMARY;
        long lost = group.members().stream()
                .filter(m -> !left.contains(m))
                .filter(m -> led ? m.role() == MemberRole.AWAITED : m.holdsData())
                .count();
        boolean onPrimaryAlone = led && group.copies() < 2;
        return onPrimaryAlone || lost >= group.copies() ? Data.NEWEST_AT_RISK : Data.SAFE;
    }
}
