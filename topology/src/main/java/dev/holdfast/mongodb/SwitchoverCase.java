package dev.holdfast.mongodb;

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
record SwitchoverCase(String set, List<Standing> members, Optional<String> to, Set<String> overrides, long term) {

    /** A member that is further behind is not handed the role: writes would wait for it. */
    static final long LONGEST_LAG = 10;

    static SwitchoverCase of(MongoSeen seen, SetSeen set, Optional<String> to, Set<String> overrides) {
        long term = set.all()
                .mapToLong(n -> n.heard().status().number("term"))
                .max()
                .orElse(0);
        return new SwitchoverCase(ReplicaSets.lane(seen, set), Standing.of(set), to, overrides, term);
    }

    Optional<Standing> primary() {
        return members.stream().filter(Standing::isPrimary).findFirst();
    }

    Optional<Standing> named(String name) {
        return members.stream().filter(m -> m.name().equals(name)).findFirst();
    }

    /** The member asked for, or else the best of those that nothing speaks against. */
    Optional<Standing> candidate() {
        return to.isPresent() ? named(to.get()) : best();
    }

    private Optional<Standing> best() {
        String region = primary().map(Standing::region).orElse("");
        double highest = members.stream()
                .filter(m -> m.isUp() && m.isElectable())
                .mapToDouble(Standing::priority)
                .max()
                .orElse(0);
        return members.stream()
                .filter(m -> m.canBeElected() && !m.isHidden() && m.lag() <= LONGEST_LAG)
                .min(Comparator.<Standing>comparingLong(m -> Math.max(1, m.lag()))
                        .thenComparing(m -> m.priority() < highest)
                        .thenComparing(m -> !m.region().equals(region))
                        .thenComparing(
                                Comparator.comparingDouble(Standing::priority).reversed()));
    }

    List<Standing> voters() {
        return members.stream().filter(Standing::votes).toList();
    }

    long votersUp() {
        return voters().stream().filter(Standing::isUp).count();
    }

    long majority() {
        return voters().size() / 2 + 1;
    }

    /** A member at work that outranks the candidate: the set would soon give the role to it. */
    Optional<Standing> puller() {
        double priority = candidate().map(Standing::priority).orElse(0.0);
        return members.stream()
                .filter(m -> m.isUp() && m.isElectable() && m.priority() > priority)
                .max(Comparator.comparingDouble(Standing::priority));
    }

    /** The candidate; only for rows below the one that asks whether there is any. */
    Standing chosen() {
        return candidate().orElseThrow();
    }

    boolean overrides(String code) {
        return overrides.contains(code);
    }
}
