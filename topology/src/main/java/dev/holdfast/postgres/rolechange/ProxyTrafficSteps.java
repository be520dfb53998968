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

/** The write routes during a role change: closed before the old primary stops, opened to the new primary. */
final class ProxyTrafficSteps {

    private static final Duration MOMENT = Duration.ofSeconds(15);
    /** How long a switchover waits for transactions in progress of PgBouncer clients before it is reverted. */
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

    /** Returns the proxies that send writes to any server. */
    List<Proxy> acceptingWrites(PostgresState state) {
        return running(state).stream()
                .filter(p -> !p.writesGoTo().isEmpty())
                .map(ProxyState::proxy)
                .toList();
    }

    /** Plans the pause of all PgBouncers; it is reverted when a transaction does not end in time. */
    Optional<Step> paused(PostgresState state, String primary) {
        List<Proxy> poolers = proxies(state).stream().filter(Proxy::isPooler).toList();
        if (poolers.isEmpty()) {
            return Optional.empty();
        }
        Action[] resumed = poolers.stream()
                .map(p -> actions.route(p, List.of(primary), List.of()))
                .toArray(Action[]::new);
        return Optional.of(Step.on(cluster.name(), "Pause PgBouncer " + named(poolers))
                .because("PgBouncer keeps its client sessions during the role change; a transaction in progress has "
                        + PATIENCE.toSeconds() + " s to end, otherwise the switchover is reverted")
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

    /** Plans the same once the PgBouncers are paused. */
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
