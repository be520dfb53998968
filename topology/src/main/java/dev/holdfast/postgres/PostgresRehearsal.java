package dev.holdfast.postgres;

import dev.holdfast.engine.Rehearsal;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Entrance;
import dev.holdfast.plan.Workload.Stream;
import dev.holdfast.postgres.PostgresCluster.Durability;
import dev.holdfast.postgres.PostgresCluster.Proxy;
import dev.holdfast.world.Action;
import dev.holdfast.world.Login;
import dev.holdfast.world.Observed;
import dev.holdfast.world.Script;
import dev.holdfast.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What drills need to know of a PostgreSQL cluster. */
record PostgresRehearsal(PostgresCluster cluster) implements Rehearsal {

    private static final int PER_SECOND = 100;
    private static final int LANES = 4;

    @Override
    public List<String> groups(Part part) {
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
        Login admin = new Login(PostgresCluster.ADMIN, cluster.adminPassword(), "");
        Entrance entrance = new Entrance.Postgres(seeds, choosesPrimary, admin, cluster.database(), "");
        return new Stream(
                cluster.name() + " " + name,
                cluster.name(),
                PostgresCluster.SERVERS,
                entrance,
                cluster.durability() != Durability.FAST,
                PER_SECOND,
                LANES);
    }

    @Override
    public List<Term> forecast(String group, Blow blow) {
        if (!group.equals(PostgresCluster.SERVERS)) {
            return List.of();
        }
        Term promote = new Term("promote", millis(40), millis(350), "pg_promote, as measured");
        Term route =
                new Term("route", millis(5), millis(150), "the proxies' runtime API; then a client's next connection");
        return switch (blow) {
            case STARTED_AGAIN, DEGRADED -> List.of();
            case HANDED_OVER ->
                List.of(
                        new Term(
                                "stop",
                                millis(100),
                                millis(1100),
                                "a fast shutdown; longer while the archiver is at work"),
                        new Term("verify", millis(10), millis(30), "the candidate has the shutdown checkpoint"),
                        promote,
                        route);
            case KILLED, FROZEN, CUT_OFF ->
                List.of(
                        new Term(
                                "detect and decide",
                                millis(100),
                                millis(blow == Blow.KILLED ? 1000 : 4000),
                                blow == Blow.KILLED
                                        ? "the host says that the process is gone"
                                        : "a query's deadline of 3 s, asked again"),
                        new Term("fence", millis(5), millis(100), "the old primary's processes are ended and stay so"),
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
    public Optional<Action> stepDown(Observed seen, String group) {
        return Optional.empty();
    }

    @Override
    public Optional<Action> newSegment(Observed seen, String group) {
        Login admin = new Login(PostgresCluster.ADMIN, cluster.adminPassword(), "");
        return seen.nodes().stream()
                .filter(o -> o.role().equals("primary"))
                .findFirst()
                .map(o -> new Action.Sql(
                        o.node(),
                        admin,
                        cluster.database(),
                        Script.of("postgres/switch-wal.sql"),
                        Action.Intent.CHANGE,
                        Duration.ofSeconds(15)));
    }

    /** PostgreSQL keeps no account of a promotion; the acts of the failover are the phases. */
    @Override
    public List<Told> account(World world, Observed seen, String group) {
        return List.of();
    }
}
