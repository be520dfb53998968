package dev.holdfast.postgres;

import dev.holdfast.engine.DrillProfile;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.plan.ClientEndpoint;
import dev.holdfast.plan.Workload.Stream;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.AfterFailover;
import dev.holdfast.postgres.topology.PostgresCluster.Durability;
import dev.holdfast.postgres.topology.PostgresCluster.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What drills need to know of a PostgreSQL cluster. */
record PostgresDrillProfile(PostgresCluster cluster) implements DrillProfile {

    private static final int PER_SECOND = 100;
    private static final int LANES = 4;

    @Override
    public List<String> groups(GroupRole part) {
        return switch (part) {
            case DATA -> List.of(PostgresCluster.SERVERS);
            case CONFIG -> List.of();
            case ENTRANCE -> cluster.proxies().isEmpty() ? List.of() : List.of(PostgresCluster.PROXIES);
        };
    }

    /** Through the proxies as applications do, and by a driver that looks for the primary among all servers itself. */
    @Override
    public List<Stream> streams() {
        List<Stream> streams = new ArrayList<>();
        if (!cluster.haproxies().isEmpty()) {
            streams.add(stream(
                    "through the proxies",
                    cluster.haproxies().stream().map(Proxy::node).toList(),
                    false));
        }
        if (!cluster.poolers().isEmpty()) {
            streams.add(stream(
                    "through the poolers",
                    cluster.poolers().stream().map(Proxy::node).toList(),
                    false));
        }
        streams.add(stream("to the servers", cluster.servers(), true));
        return streams;
    }

    private Stream stream(String name, List<Node> seeds, boolean choosesPrimary) {
        Credentials admin = new Credentials(PostgresCluster.ADMIN, cluster.adminPassword(), "");
        ClientEndpoint endpoint = new ClientEndpoint.Postgres(seeds, choosesPrimary, admin, cluster.database(), "");
        return new Stream(
                cluster.name() + " " + name,
                cluster.name(),
                PostgresCluster.SERVERS,
                endpoint,
                cluster.durability() != Durability.FAST,
                PER_SECOND,
                LANES);
    }

    @Override
    public List<RecoveryTerm> forecast(String group, FaultEffect effect) {
        if (!group.equals(PostgresCluster.SERVERS)) {
            return List.of();
        }
        RecoveryTerm promote = new RecoveryTerm("promote", millis(40), millis(350), "pg_promote, as measured");
        RecoveryTerm route = new RecoveryTerm(
                "route", millis(5), millis(150), "the proxies' runtime API; then a client's next connection");
        return switch (effect) {
            case STARTED_AGAIN, DEGRADED -> List.of();
            case SWITCHED_OVER ->
                List.of(
                        new RecoveryTerm(
                                "stop",
                                millis(100),
                                millis(1100),
                                "a fast shutdown; longer while the archiver is at work"),
                        new RecoveryTerm("verify", millis(10), millis(30), "the candidate has the shutdown checkpoint"),
                        promote,
                        route);
            case KILLED, FROZEN, CUT_OFF ->
                List.of(
                        new RecoveryTerm(
                                "detect and decide",
                                millis(100),
                                millis(effect == FaultEffect.KILLED ? 1000 : 4000),
                                effect == FaultEffect.KILLED
                                        ? "the host says that the process is gone"
                                        : "a query's deadline of 3 s, asked again"),
                        new RecoveryTerm(
                                "fence", millis(5), millis(100), "the old primary's processes are ended and stay so"),
                        promote,
                        route);
        };
    }

    private static Duration millis(long count) {
        return Duration.ofMillis(count);
    }

    /** That is Patroni's part; here a person or a runbook fails over. */
    @Override
    public boolean electsByItself() {
        return false;
    }

    @Override
    public boolean waitsForRejoin() {
        return cluster.durability() == Durability.PROTECT && cluster.afterFailover() == AfterFailover.WAIT;
    }

    @Override
    public Optional<Action> stepDown(ClusterState state, String group) {
        return Optional.empty();
    }

    @Override
    public Optional<Action> newSegment(ClusterState state, String group) {
        Credentials admin = new Credentials(PostgresCluster.ADMIN, cluster.adminPassword(), "");
        return state.nodes().stream()
                .filter(o -> o.role().equals("primary"))
                .findFirst()
                .map(o -> new Action.RunSql(
                        o.node(),
                        admin,
                        cluster.database(),
                        Script.of("postgres/switch-wal.sql"),
                        Action.Access.CHANGE,
                        Duration.ofSeconds(15)));
    }

    /** PostgreSQL keeps no account of a promotion; the acts of the failover are the phases. */
    @Override
    public List<RoleChangeEvent> account(ExecutionContext context, ClusterState state, String group) {
        return List.of();
    }
}
