package dev.holdfast.mongodb.rolechange;

import dev.holdfast.model.DecisionCode;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.ReplicaSetState;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that the decision about a switchover depends on.
 *
 * @param set as people name it
 * @param to the member that shall become primary; empty leaves the choice to the table
 * @param term the highest that any member knows
 */
public record SwitchoverFacts(
        String set, List<MemberStanding> members, Optional<String> to, Set<String> overrides, long term) {

    /** A member that is further behind is not handed the role: writes would wait for it. */
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

    /** The member asked for, or else the best of those that nothing speaks against. */
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

    List<MemberStanding> voters() {
        return members.stream().filter(MemberStanding::votes).toList();
    }

    long votersUp() {
        return voters().stream().filter(MemberStanding::isUp).count();
    }

    long majority() {
        return voters().size() / 2 + 1;
    }

    /** A member at work that outranks the candidate: the set would soon give the role to it. */
    Optional<MemberStanding> puller() {
        double priority = candidate().map(MemberStanding::priority).orElse(0.0);
        return members.stream()
                .filter(m -> m.isUp() && m.isElectable() && m.priority() > priority)
                .max(Comparator.comparingDouble(MemberStanding::priority));
    }

    /** The candidate; only for rows below the one that asks whether there is any. */
    MemberStanding chosen() {
        return candidate().orElseThrow();
    }

    boolean overrides(DecisionCode code) {
        return overrides.contains(code.word());
    }
}
