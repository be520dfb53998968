package dev.holdfast.postgres.rolechange;

import dev.holdfast.execution.Action;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.action.RoleChangeActions;
import dev.holdfast.postgres.probe.RoleChangeConditions;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.ProxyState;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The write entrances while roles change: closed before the old primary ends, opened to the new one. */
final class ProxyTrafficSteps {

    private static final Duration MOMENT = Duration.ofSeconds(15);
    /** How long clients of a PgBouncer wait for a transaction under way before a handover is given up. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final PostgresCluster cluster;
    private final RoleChangeActions actions;
    private final RoleChangeConditions until;

    ProxyTrafficSteps(PostgresCluster cluster, RoleChangeActions actions, RoleChangeConditions until) {
        this.cluster = cluster;
        this.actions = actions;
        this.until = until;
    }

    private static List<ProxyState> running(PostgresState state) {
        return state.proxies().stream().filter(ProxyState::isUp).toList();
    }

    static List<Proxy> proxies(PostgresState state) {
        return running(state).stream().map(ProxyState::proxy).toList();
    }

    /** The proxies that let writes in to anybody. */
    List<Proxy> thatLetIn(PostgresState state) {
        return running(state).stream()
                .filter(p -> !p.writesGoTo().isEmpty())
                .map(ProxyState::proxy)
                .toList();
    }

    /** The clients of all PgBouncers wait; it is taken back when a transaction does not end in time. */
    Optional<Step> paused(PostgresState state, String primary) {
        List<Proxy> poolers = proxies(state).stream().filter(Proxy::isPooler).toList();
        if (poolers.isEmpty()) {
            return Optional.empty();
        }
        Action[] resumed = poolers.stream()
                .map(p -> actions.route(p, List.of(primary), List.of()))
                .toArray(Action[]::new);
        return Optional.of(Step.on(cluster.name(), "Let the clients of " + named(poolers) + " wait")
                .because("PgBouncer keeps their sessions while the primary changes; a transaction under way has "
                        + PATIENCE.toSeconds() + " s to end, or the handover is given up")
                .risk(Risk.PAUSE)
                .typeAtOnce(poolers.stream()
                        .map(p -> actions.pause(p, PATIENCE.toSeconds()))
                        .toList())
                .revert(resumed)
                .until(until.areStill(cluster, poolers), PATIENCE));
    }

    private static String named(List<Proxy> proxies) {
        return proxies.stream().map(p -> p.node().name()).collect(Collectors.joining(", "));
    }

    List<Action> closed(PostgresState state) {
        return running(state).stream()
                .map(p -> actions.route(p.proxy(), List.of(), p.readsGoTo()))
                .toList();
    }

    /** The same once the clients of PgBouncers wait already. */
    List<Action> closedBehindPause(PostgresState state) {
        return running(state).stream()
                .filter(p -> !p.proxy().isPooler())
                .map(p -> actions.route(p.proxy(), List.of(), p.readsGoTo()))
                .toList();
    }

    List<Action> open(PostgresState state, String name) {
        return running(state).stream()
                .map(p -> actions.route(p.proxy(), List.of(name), p.readsGoTo()))
                .toList();
    }

    Optional<Step> opened(PostgresState state, String name, String because) {
        if (running(state).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Step.on(cluster.name(), "Send writes to " + name)
                .because(because)
                .risk(Risk.PAUSE)
                .typeAtOnce(open(state, name))
                .until(until.route(proxies(state), List.of(name)), MOMENT));
    }
}
