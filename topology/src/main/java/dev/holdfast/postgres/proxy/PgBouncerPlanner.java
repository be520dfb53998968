package dev.holdfast.postgres.proxy;

import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.action.PgBouncerActions;
import dev.holdfast.postgres.configuration.ConfigurationDiff;
import dev.holdfast.postgres.configuration.PgBouncerConfig;
import dev.holdfast.postgres.probe.MemberConditions;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PgBouncerState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.ProxyState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Plans PgBouncers: a process with the declared configuration, and an open route to the primary.
 *
 * <p>Invariant: a PgBouncer that an interrupted run or an operator left paused is a difference like any other.
 */
public final class PgBouncerPlanner {

    private static final Duration MOMENT = Duration.ofSeconds(30);

    private final PostgresCluster cluster;
    private final MemberConditions until;
    private final PgBouncerActions actions;

    public PgBouncerPlanner(Topology topology, PostgresCluster cluster, MemberConditions until) {
        this.cluster = cluster;
        this.until = until;
        this.actions = new PgBouncerActions(topology, cluster);
    }

    Optional<Step> process(PostgresState state, ProxyState pooler) {
        Node node = pooler.node();
        Optional<String> why = wrong(pooler)
                .or(() -> state.outdated().contains(node)
                        ? Optional.of(PgBouncerState.WRONG_PASSWORD_FILE)
                        : Optional.empty());
        if (why.isEmpty()) {
            return Optional.empty();
        }
        boolean goesOn = pooler.isUp()
                && !PgBouncerConfig.needsAnother(node, pooler.pooler().running());
        Step.Builder clusterConfig = goesOn
                ? Step.on(node.id(), "Update the configuration of the proxy " + node.name())
                        .type(actions.configure(node), actions.reload(node))
                : Step.on(
                                node.id(),
                                (pooler.hostFacts().isUp() ? "Replace the process of the proxy " : "Start the proxy ")
                                        + node.name())
                        .risk(pooler.hostFacts().isUp() ? Risk.PAUSE : Risk.NONE)
                        .type(actions.createDirectory(node), actions.configure(node), actions.start(node));
        return Optional.of(
                clusterConfig.because(why.get()).until(until.keptPooler(pooler.proxy(), this::wrong), MOMENT));
    }

    private Optional<String> wrong(ProxyState pooler) {
        String desired = actions.inputs(pooler.node());
        if (!pooler.hostFacts().isUp()) {
            return Optional.of("no proxy runs on its host");
        }
        if (pooler.isSilent()) {
            return Optional.of("the console does not answer");
        }
        if (!pooler.inputs().equals(desired)) {
            return Optional.of("PgBouncer is configured for '" + pooler.inputs() + "', desired '" + desired + "'");
        }
        if (pooler.isEdited()) {
            return Optional.of("the configuration was changed manually");
        }
        List<String> differences =
                PgBouncerConfig.differences(pooler.node(), pooler.pooler().running());
        return differences.isEmpty() ? Optional.empty() : Optional.of(ConfigurationDiff.description(differences));
    }

    /** Plans the route to the primary where it differs, where clients wait, or where no query succeeds through it. */
    public Optional<Step> route(ProxyState pooler, MemberState primary) {
        if (leadsTo(pooler, primary.node())) {
            return Optional.empty();
        }
        Node node = pooler.node();
        boolean isThere = pooler.isUp()
                && pooler.pooler().ways().values().stream()
                        .allMatch(w -> w.endpoint().equals(primary.node().endpoint()))
                && !pooler.pooler().shut().isEmpty();
        return Optional.of(Step.on(
                        node.id(), isThere ? "Resume PgBouncer " + node.name() : "Send writes to " + primary.name())
                .because(because(pooler, primary.node()))
                .risk(pooler.isUp() && !isThere && !pooler.pooler().ways().isEmpty() ? Risk.PAUSE : Risk.NONE)
                .type(actions.route(node, primary.node()))
                .until(
                        until.pooler(
                                pooler.proxy(),
                                "clients of " + node.name() + " go to " + primary.name(),
                                p -> leadsTo(p, primary.node()),
                                p -> because(p, primary.node())),
                        MOMENT));
    }

    private boolean leadsTo(ProxyState pooler, Node primary) {
        return pooler.isUp() && because(pooler, primary).isEmpty();
    }

    private String because(ProxyState pooler, Node primary) {
        PgBouncerState state = pooler.pooler();
        if (!pooler.isUp()) {
            return "a new proxy has no server for sessions";
        }
        if (!state.endpoint(cluster.pooledDatabases())
                .filter(primary.endpoint()::equals)
                .isPresent()) {
            return state.description();
        }
        if (cluster.pooledDatabases().stream()
                .anyMatch(d -> !primary.endpoint().equals(state.written().get(d)))) {
            return "the file databases.ini names another server for the next restart: " + state.written();
        }
        return state.through()
                .filter(a -> !a.isOk())
                .map(a -> "a query through PgBouncer fails: " + a.sentence())
                .orElse("");
    }
}
