package dev.holdfast.postgres;

import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What PgBouncers need: a process that works as declared, and a way to the primary that is open.
 *
 * <p>Invariant: one that was left paused, by a run that was killed or by hand, is a difference like any other.
 */
final class PoolerPlan {

    static final String STRANGER = "its password file does not hold today's password, or is not its own alone";

    private static final Duration MOMENT = Duration.ofSeconds(30);

    private final PostgresCluster cluster;
    private final Until until;
    private final PoolerTyping typing;

    PoolerPlan(Topology topology, PostgresCluster cluster, Until until) {
        this.cluster = cluster;
        this.until = until;
        this.typing = new PoolerTyping(topology, cluster);
    }

    Optional<Step> process(PostgresSeen seen, ProxySeen pooler) {
        Node node = pooler.node();
        Optional<String> why =
                wrong(pooler).or(() -> seen.outdated().contains(node) ? Optional.of(STRANGER) : Optional.empty());
        if (why.isEmpty()) {
            return Optional.empty();
        }
        boolean goesOn = pooler.isUp()
                && !PoolerSettings.needsAnother(node, pooler.pooler().running());
        Step.Draft draft = goesOn
                ? Step.on(node.id(), "Put the configuration of the proxy " + node.name() + " right")
                        .type(typing.configure(node), typing.reload(node))
                : Step.on(
                                node.id(),
                                (pooler.footing().isUp() ? "Replace the process of the proxy " : "Start the proxy ")
                                        + node.name())
                        .risk(pooler.footing().isUp() ? Risk.PAUSE : Risk.NONE)
                        .type(typing.ground(node), typing.configure(node), typing.start(node));
        return Optional.of(draft.because(why.get()).until(until.keptPooler(pooler.proxy(), this::wrong), MOMENT));
    }

    private Optional<String> wrong(ProxySeen pooler) {
        String wanted = typing.inputs(pooler.node());
        if (!pooler.footing().isUp()) {
            return Optional.of("no proxy runs there");
        }
        if (pooler.isSilent()) {
            return Optional.of("its console does not answer");
        }
        if (!pooler.inputs().equals(wanted)) {
            return Optional.of("it is configured for '" + pooler.inputs() + "', wanted '" + wanted + "'");
        }
        if (pooler.isEdited()) {
            return Optional.of("its configuration was changed by hand");
        }
        List<String> differences =
                PoolerSettings.differences(pooler.node(), pooler.pooler().running());
        return differences.isEmpty() ? Optional.empty() : Optional.of(Drift.told(differences));
    }

    /** The way to the primary, where it is another, or clients wait, or nobody gets an answer by it. */
    Optional<Step> route(ProxySeen pooler, MemberSeen primary) {
        if (leadsTo(pooler, primary.node())) {
            return Optional.empty();
        }
        Node node = pooler.node();
        boolean isThere = pooler.isUp()
                && pooler.pooler().ways().values().stream()
                        .allMatch(w -> w.endpoint().equals(primary.node().endpoint()))
                && !pooler.pooler().shut().isEmpty();
        return Optional.of(Step.on(
                        node.id(),
                        isThere
                                ? "Let the clients that wait at the proxy " + node.name() + " go on"
                                : "Send writes to " + primary.name())
                .because(because(pooler, primary.node()))
                .risk(pooler.isUp() && !isThere && !pooler.pooler().ways().isEmpty() ? Risk.PAUSE : Risk.NONE)
                .type(typing.route(node, primary.node()))
                .until(
                        until.pooler(
                                pooler.proxy(),
                                "clients of " + node.name() + " go to " + primary.name(),
                                p -> leadsTo(p, primary.node()),
                                p -> because(p, primary.node())),
                        MOMENT));
    }

    private boolean leadsTo(ProxySeen pooler, Node primary) {
        return pooler.isUp() && because(pooler, primary).isEmpty();
    }

    private String because(ProxySeen pooler, Node primary) {
        PoolerSeen seen = pooler.pooler();
        if (!pooler.isUp()) {
            return "a new proxy sends sessions nowhere";
        }
        if (!seen.endpoint(cluster.pooledDatabases())
                .filter(primary.endpoint()::equals)
                .isPresent()) {
            return seen.told();
        }
        if (cluster.pooledDatabases().stream()
                .anyMatch(d -> !primary.endpoint().equals(seen.written().get(d)))) {
            return "its file databases.ini would send them elsewhere after a restart: " + seen.written();
        }
        return seen.through()
                .filter(a -> !a.isOk())
                .map(a -> "nobody gets an answer by it: " + a.sentence())
                .orElse("");
    }
}
