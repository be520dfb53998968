package dev.holdfast.postgres.action;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.postgres.configuration.PgBouncerConfig;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCredentials;
import java.time.Duration;
import java.util.stream.Collectors;

/** Factories of the actions that configure, pause and route PgBouncers. */
public final class PgBouncerActions {

    private static final Duration MOMENT = Duration.ofSeconds(30);
    /** Increased when the template of pgbouncer.ini changes, so that existing PgBouncers get the new one. */
    private static final int FORMAT = 1;

    private final Topology topology;
    private final PostgresCluster cluster;

    public PgBouncerActions(Topology topology, PostgresCluster cluster) {
        this.topology = topology;
        this.cluster = cluster;
    }

    /** Returns all inputs of a PgBouncer's configuration as one line, which the configuration contains. */
    public String inputs(Node node) {
        return "format " + FORMAT + ", writes at " + node.endpoint() + ", databases "
                + String.join(" ", cluster.pooledDatabases());
    }

    public Action createDirectory(Node node) {
        return exec(node, on(node, "node-directory").with("mark", HostFacts.mark(topology.name(), node)));
    }

    public Action configure(Node node) {
        Script settings = Script.of("pgbouncer/pgbouncer.ini")
                .with("inputs", inputs(node))
                .with("settings", PgBouncerConfig.lines(PgBouncerConfig.of(node)))
                .with("directory", node.directory());
        return exec(
                node,
                withPassword(cluster, on(node, "configure"))
                        .with("settings", settings)
                        .with("nowhere", routes("")));
    }

    public Action start(Node node) {
        return exec(node, on(node, "start"));
    }

    public Action reload(Node node) {
        return exec(node, on(node, "reload"));
    }

    /** @param seconds how long to wait for transactions in progress; longer transactions continue */
    Action pause(Node node, long seconds) {
        return exec(
                node,
                on(node, "pause")
                        .with("databases", String.join("\n", cluster.pooledDatabases()))
                        .with("seconds", seconds));
    }

    /** Sends clients to a server and resumes waiting clients. */
    public Action route(Node node, Node server) {
        String where = "host=" + server.host().address() + " port=" + server.port();
        return exec(
                node,
                on(node, "route")
                        .with("databases", String.join("\n", cluster.pooledDatabases()))
                        .with("endpoint", server.endpoint())
                        .with(
                                "routes",
                                routes(cluster.pooledDatabases().stream()
                                        .map(d -> d + " = " + where)
                                        .collect(Collectors.joining("\n")))));
    }

    private static Script routes(String databases) {
        return Script.of("pgbouncer/databases.ini").with("databases", databases);
    }

    public static Script withPassword(PostgresCluster cluster, Script script) {
        return script.with("pooler", PostgresCluster.POOLER).with("password", cluster.poolerPassword());
    }

    private static Script on(Node node, String file) {
        return Script.of("pgbouncer/" + file + ".sh").with("directory", node.directory());
    }

    private static Action exec(Node node, Script script) {
        return new Action.RunScript(node.host(), script, Access.CHANGE, MOMENT);
    }

    /** @param kind what to do with the function: empty creates it, {@code -look} queries it */
    public static Action lookup(
            PostgresCluster cluster, Node primary, String database, String kind, Access intent, Duration deadline) {
        Script script = Script.of("postgres/pooler-lookup" + kind + ".sql")
                .with("schema", PgBouncerConfig.SCHEMA)
                .with("role", PostgresCluster.POOLER)
                .with("owner", PostgresCluster.ADMIN)
                .with(
                        "body",
                        Script.of("postgres/pooler-lookup-body.txt")
                                .with("replicator", PostgresCluster.REPLICATION)
                                .with("rewinder", PostgresCluster.REWIND));
        return new Action.RunSql(primary, PostgresCredentials.admin(cluster), database, script, intent, deadline);
    }
}
