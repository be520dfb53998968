package dev.holdfast.mongodb;

import dev.holdfast.engine.Order;
import dev.holdfast.model.Node;
import dev.holdfast.world.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * All that the decision about a failover depends on.
 *
 * @param set as people name it
 * @param members of the set's newest known configuration
 * @param version of that configuration
 * @param term the highest that any member knows
 * @param given what would be given up, when there is a survivor
 * @param last the last forced failover of the set that anybody knows of
 */
record FailoverCase(
        String set,
        List<Standing> members,
        long version,
        long term,
        List<GivenUp> given,
        Optional<PastFailover> last,
        Order order,
        Duration electionTimeout,
        Instant at) {

    /** A set that loses its majority again so soon has a cause that no failover mends. */
    static final Duration WINDOW = Duration.ofHours(1);

    static FailoverCase of(RoleSeen seen, Order order) {
        SetSeen set = seen.set();
        List<Standing> members =
                Standing.of(set).stream().filter(Standing::isMember).toList();
        FailoverCase bare = new FailoverCase(
                ReplicaSets.lane(seen.mongo(), set),
                members,
                set.config().number("version"),
                set.all()
                        .mapToLong(n -> n.heard().status().number("term"))
                        .max()
                        .orElse(0),
                List.of(),
                seen.traces().values().stream()
                        .flatMap(t -> t.failovers().stream())
                        .max(Comparator.comparing(PastFailover::at)),
                order,
                Duration.ofMillis(SetShape.of(set.config()).electionMillis()),
                seen.at());
        return bare.survivor().map(s -> bare.giving(seen, s)).orElse(bare);
    }

    private FailoverCase giving(RoleSeen seen, Standing survivor) {
        List<GivenUp> up = new ArrayList<>();
        for (Standing lost : lost()) {
            if (!lost.isArbiter()) {
                Optional<Instant> written = seen.traces(lost.node()).written();
                up.add(GivenUp.of(lost, survivor, heard(seen, lost.node()), written, at));
            }
        }
        return new FailoverCase(set, members, version, term, up, last, order, electionTimeout, at);
    }

    /** What any member that answers has last heard of another. */
    private static Optime heard(RoleSeen seen, Node node) {
        return seen.set()
                .all()
                .flatMap(n -> n.heard().status().docs("members").stream())
                .filter(m -> m.text("name").equals(node.endpoint()))
                .map(m -> Optime.of(m.doc("optime")))
                .max(Comparator.naturalOrder())
                .orElse(Optime.NONE);
    }

    Optional<Standing> primary() {
        return members.stream().filter(Standing::isPrimary).findFirst();
    }

    List<Standing> voters() {
        return members.stream().filter(Standing::votes).toList();
    }

    List<Standing> voters(State state) {
        return voters().stream().filter(m -> m.state() == state).toList();
    }

    long majority() {
        return voters().size() / 2 + 1;
    }

    List<Standing> survivors() {
        return members.stream().filter(Standing::isUp).toList();
    }

    List<Standing> lost() {
        return members.stream().filter(m -> !m.isUp()).toList();
    }

    /** The one asked for, or else the most advanced of those that may be primary. */
    Optional<Standing> survivor() {
        Comparator<Standing> best = Comparator.comparing(Standing::applied).thenComparingDouble(Standing::priority);
        return survivors().stream()
                .filter(Standing::canBeElected)
                .filter(m -> order.to().isEmpty() || m.name().equals(order.to().get()))
                .max(best);
    }

    /** A survivor that has more than the chosen one. */
    Optional<Standing> ahead() {
        return survivors().stream()
                .filter(m -> m.applied().compareTo(survivor().orElseThrow().applied()) > 0)
                .max(Comparator.comparing(Standing::applied));
    }

    /** The last forced failover was just now, and this is not the same one taken up again. */
    boolean isAgain() {
        return last.filter(f -> f.from() < version && f.at().plus(WINDOW).isAfter(at))
                .isPresent();
    }

    boolean overrides(String code) {
        return order.overrides().contains(code);
    }
}
