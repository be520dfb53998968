package dev.holdfast.mongodb;

import dev.holdfast.mongodb.MongoCluster.Member;
import dev.holdfast.mongodb.MongoCluster.MongoSet;
import dev.holdfast.mongodb.MongoCluster.Role;
import dev.holdfast.plan.Step;
import dev.holdfast.world.Login;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The birth of a replica set of which every member is blank.
 *
 * <ol>
 *   <li>Initiate it on the member that shall be primary, with all its members at once.
 *   <li>When all members know, have that member elected, instead of waiting for the first election timeout.
 * </ol>
 *
 * Invariant: never planned when any member was ever in a set.
 */
record Initiation(MongoSeen seen, SetSeen set) {

    private static final Duration SOON = Duration.ofSeconds(60);

    List<Step> steps() {
        MongoSet wanted = set.wanted();
        Login login = seen.logins().member();
        Member first = first();
        Map<String, Object> config = SetShape.of(wanted).over(Doc.EMPTY, 1);
        if (wanted.role() == Role.CONFIG) {
            config.put("configsvr", true);
        }
        String lane = ReplicaSets.lane(seen, set);
        Step initiate = Step.on(lane, "Initiate replica set " + set.name() + " with " + names())
                .because("none of its members was ever in a set")
                .type(MongoOrders.initiate(first.node(), login, config))
                .until(MongoUntil.known(wanted), SOON);
        Step elect = Step.on(lane, "Have " + first.node().id() + " elected primary of " + set.name())
                .because("a new set has no primary until the first election timeout, "
                        + wanted.electionTimeout().toMillis() + " ms, is over")
                .type(MongoOrders.stepUp(first.node(), login))
                .until(
                        MongoUntil.elected(wanted),
                        wanted.electionTimeout().multipliedBy(2).plus(SOON));
        return List.of(initiate, elect);
    }

    /** The member with the highest priority, the first of equals. */
    Member first() {
        return set.wanted().members().stream()
                .filter(m -> !m.arbiter())
                .reduce((best, m) -> m.priority() > best.priority() ? m : best)
                .orElseThrow(() -> new IllegalStateException(set.name() + " has no member with data"));
    }

    private String names() {
        return set.wanted().nodes().stream().map(n -> n.name()).collect(Collectors.joining(", "));
    }
}
