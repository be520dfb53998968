package dev.holdfast.postgres;

import dev.holdfast.engine.DrillProfile;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.SqlFragment;
import dev.holdfast.model.Node;
import dev.holdfast.model.Quantities;
import dev.holdfast.plan.ClientEndpoint;
import dev.holdfast.plan.Workload.Stream;
import dev.holdfast.postgres.topology.AfterFailover;
import dev.holdfast.postgres.topology.AutomaticFailover;
import dev.holdfast.postgres.topology.Durability;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Proxy;
import dev.holdfast.postgres.topology.PostgresCredentials;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The facts about a PostgreSQL cluster that drills use: write streams, expected recovery times and phases. */
record PostgresDrillProfile(PostgresCluster cluster) implements DrillProfile {

    private static final int PER_SECOND = 100;
    private static final int LANES = 4;

    @Override
    public List<String> groups(GroupRole role) {
        return switch (role) {
            case DATA -> List.of(PostgresCluster.SERVERS);
            case CONFIG -> List.of();
            case ENTRANCE -> cluster.proxies().isEmpty() ? List.of() : List.of(PostgresCluster.PROXIES);
        };
    }

    /**
     * Returns one stream through the proxies, as applications use, and one with a driver that searches all servers for the
     * primary.
     */
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
        ClientEndpoint endpoint = new ClientEndpoint.Sql(
                seeds, choosesPrimary, PostgresCredentials.admin(cluster), cluster.database(), "");
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
        if (cluster.automatic().isPresent()) {
            return automatic(cluster.automatic().get(), effect);
        }
        RecoveryTerm promote = new RecoveryTerm("promote", millis(40), millis(350), "pg_promote, as measured");
        RecoveryTerm route = new RecoveryTerm(
                "route",
                millis(5),
                millis(150),
                "the runtime API of the proxies, then the next connection of a client");
        return switch (effect) {
            case STARTED_AGAIN, DEGRADED -> List.of();
            case SWITCHED_OVER ->
                List.of(
                        new RecoveryTerm(
                                "stop", millis(100), millis(1100), "a fast shutdown; longer while the archiver works"),
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
                                        ? "the host reports that the process has exited"
                                        : "the query deadline of 3 s, then a second query"),
                        new RecoveryTerm(
                                "fence",
                                millis(5),
                                millis(100),
                                "the processes of the old primary are stopped and cannot restart"),
                        promote,
                        route);
        };
    }

    /** Returns the terms with Patroni, which replaces a primary that does not renew the leader lock. */
    private static List<RecoveryTerm> automatic(AutomaticFailover automatic, FaultEffect effect) {
        return switch (effect) {
            case STARTED_AGAIN, DEGRADED, SWITCHED_OVER -> List.of();
            case KILLED, FROZEN, CUT_OFF ->
                List.of(
                        new RecoveryTerm(
                                "leader lock",
                                automatic.ttl().minus(automatic.loopWait()).minusSeconds(1),
                                automatic.ttl().plusSeconds(1),
                                "the leader lock of the lost primary expires: ttl " + Quantities.shown(automatic.ttl())
                                        + " after its last renewal"),
                        new RecoveryTerm(
                                "elect",
                                millis(50),
                                automatic.loopWait().plusSeconds(2),
                                "Patroni compares the standbys in its loop: loopWait "
                                        + Quantities.shown(automatic.loopWait())),
                        new RecoveryTerm("promote", millis(100), millis(2000), "Patroni promotes the standby"),
                        new RecoveryTerm(
                                "route", millis(50), millis(1500), "the proxies ask for the role every 500 ms to 1 s"));
        };
    }

    private static Duration millis(long count) {
        return Duration.ofMillis(count);
    }

    /** With Patroni; otherwise the operator or a runbook fails over. */
    @Override
    public boolean electsByItself() {
        return cluster.automatic().isPresent();
    }

    /** Patroni starts the server. */
    @Override
    public boolean returnsByRejoin() {
        return cluster.automatic().isPresent();
    }

    @Override
    public boolean waitsForRejoin() {
        return cluster.durability() == Durability.PROTECT && cluster.afterFailover() == AfterFailover.WAIT;
    }

    @Override
    public Optional<Action> query(OwnQuery query, Optional<Node> primary, Duration deadline) {
        Script script = Script.of("postgres/invariant.sql").with("statement", new SqlFragment(query.words()));
        Credentials login = PostgresCredentials.admin(cluster);
        // a failed query leaves the transaction aborted: a session that can change data is not used again
        return primary.map(n -> new Action.RunSql(n, login, cluster.database(), script, Access.CHANGE, deadline));
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

    /** PostgreSQL does not record the phases of a promotion, so the stages of the failover are the phases. */
    @Override
    public List<RoleChangeEvent> account(ExecutionContext context, ClusterState state, String group) {
        return List.of();
    }
}
