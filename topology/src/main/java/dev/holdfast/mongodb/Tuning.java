package dev.holdfast.mongodb;

import dev.holdfast.model.Node;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.Glimpse;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The act that brings servers to their declared options: what a running server takes up is written into its file and set
 * at once, the rest is left to a {@link RollingRestart}.
 */
final class Tuning {

    private static final Duration SOON = Duration.ofSeconds(30);

    private Tuning() {}

    static Plan plan(MongoSeen seen) {
        List<Step> steps = new ArrayList<>();
        seen.servers().forEach(n -> steps.addAll(live(seen, n)));
        return Plan.of(steps).and(RollingRestart.plan(seen));
    }

    static Drift drift(MongoSeen seen, NodeSeen server) {
        return Drift.of(ServerOptions.of(seen.cluster(), server.node()), server.heard());
    }

    private static List<Step> live(MongoSeen seen, NodeSeen server) {
        Drift drift = drift(seen, server);
        if (drift.live().isEmpty()) {
            return List.of();
        }
        Node node = server.node();
        Condition set = new Condition(
                "the parameters of " + node.id() + " are as declared",
                world -> glimpse(now(seen, node, world).map(Drift::because)));
        return List.of(
                Step.on(node.id(), "Set " + String.join(", ", drift.live().keySet()) + " on " + node.id())
                        .because(String.join("; ", drift.because()))
                        .type(seen.server(node).configure(), MongoOrders.parameters(node, server.login(), drift.live()))
                        .until(set, SOON));
    }

    /** Whether a server now runs with all that only a restart could mend. */
    static Glimpse restarted(MongoSeen seen, Node node, World world) {
        return glimpse(now(seen, node, world).map(Drift::restart));
    }

    private static Optional<Drift> now(MongoSeen seen, Node node, World world) {
        Heard heard = Heard.from(world, seen.logins(), node, ServerOptions.watchedParameters(seen.cluster()));
        return heard.options().isEmpty()
                ? Optional.empty()
                : Optional.of(Drift.of(ServerOptions.of(seen.cluster(), node), heard));
    }

    private static Glimpse glimpse(Optional<List<String>> left) {
        return left.map(l -> new Glimpse(l.isEmpty(), l.isEmpty() ? "as declared" : String.join("; ", l)))
                .orElse(Condition.notYet("it does not tell its options"));
    }
}
