package dev.holdfast.mongodb.rolechange;

import dev.holdfast.model.DecisionCode;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.ReplicaSetState;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The observed facts by which the table of {@link SwitchoverDecision} decides about a replica set.
 *
 * @param set the set's name in commands
 * @param to the requested new primary; empty leaves the choice to Holdfast
 * @param term the highest term of any member
 */
public record SwitchoverFacts(
        String set, List<MemberStanding> members, Optional<String> to, Set<String> overrides, long term) {

    /** The greatest lag of a candidate in seconds, because writes would wait for it. */
    static final long LONGEST_LAG = 10;

    public static SwitchoverFacts of(
            MongoState state, ReplicaSetState set, Optional<String> to, Set<String> overrides) {
        long term = set.all()
                .mapToLong(n -> n.reply().status().number("term"))
                .max()
                .orElse(0);
        return new SwitchoverFacts(state.lane(set), MemberStanding.of(set), to, overrides, term);
    }

    public Optional<MemberStanding> primary() {
        return members.stream().filter(MemberStanding::isPrimary).findFirst();
    }

    Optional<MemberStanding> named(String name) {
        return members.stream().filter(m -> m.name().equals(name)).findFirst();
    }

    /** Returns the requested member, or otherwise the best suitable one. */
    public Optional<MemberStanding> candidate() {
        return to.isPresent() ? named(to.get()) : best();
    }

    private Optional<MemberStanding> best() {
        String region = primary().map(MemberStanding::region).orElse("");
        double highest = members.stream()
                .filter(m -> m.isUp() && m.isElectable())
                .mapToDouble(MemberStanding::priority)
                .max()
                .orElse(0);
        return members.stream()
                .filter(m -> m.canBeElected() && !m.isHidden() && m.lag() <= LONGEST_LAG)
                .min(Comparator.<MemberStanding>comparingLong(m -> Math.max(1, m.lag()))
                        .thenComparing(m -> m.priority() < highest)
                        .thenComparing(m -> !m.region().equals(region))
                        .thenComparing(Comparator.comparingDouble(MemberStanding::priority)
                                .reversed()));
    }

    /** Returns what an operator does about a member that runs and refuses connections. */
    Optional<String> remedy() {
        return members.stream().flatMap(m -> m.remedy().stream()).findFirst();
    }

    List<MemberStanding> voters() {
        return members.stream().filter(MemberStanding::votes).toList();
    }

    /** Returns the number of voters that answer and have data: a member without data votes for any candidate. */
    long votersUp() {
        return voters().stream().filter(m -> m.isUp() && !m.isCopying()).count();
    }

    long majority() {
        return voters().size() / 2 + 1;
    }

    /** Returns a healthy member with a higher priority than the candidate: the set would soon elect it. */
    Optional<MemberStanding> higherPriorityMember() {
        double priority = candidate().map(MemberStanding::priority).orElse(0.0);
        return members.stream()
                .filter(m -> m.isUp() && m.isElectable() && m.priority() > priority)
                .max(Comparator.comparingDouble(MemberStanding::priority));
    }

    /** Returns the candidate; only for rows below the one that checks its existence. */
    MemberStanding chosen() {
        return candidate().orElseThrow();
    }

    boolean overrides(DecisionCode code) {
        return overrides.contains(code.word());
    }
}
