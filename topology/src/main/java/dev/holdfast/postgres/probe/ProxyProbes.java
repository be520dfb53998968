package dev.holdfast.postgres.probe;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.action.PgBouncerActions;
import dev.holdfast.postgres.state.ProxyState;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** How HAProxies and PgBouncers are looked at; changes nothing. */
record ProxyProbes(PostgresCluster cluster, HostProbes hosts) {

    /** A cluster's nodes and, as nodes of which only the port is of interest, the read entrances of its HAProxies. */
    List<Node> nodesAndReadEntrances() {
        return Stream.concat(
                        cluster.nodes().stream(), cluster.haproxies().stream().map(ProxyProbes::readEntrance))
                .toList();
    }

    private static Node readEntrance(Proxy proxy) {
        Node node = proxy.node();
        return new Node(
                node.cluster(),
                node.group(),
                node.name() + ":read",
                node.kind(),
                node.host(),
                proxy.readPort(),
                node.directory());
    }

    /** What hosts tell of proxies of one kind. */
    static Map<Host, ActionResult> told(ExecutionContext world, List<Proxy> proxies) {
        String kind = proxies.stream().anyMatch(Proxy::isPooler) ? "pgbouncer" : "haproxy";
        return HostProbes.ask(world, proxies.stream().map(Proxy::node).toList(), Script.of(kind + "/look.sh"));
    }

    /** @param told by the hosts of the proxies of its kind */
    ProxyState seen(Map<Node, HostFacts> footings, Map<Host, ActionResult> told, Proxy proxy) {
        boolean readPortTaken =
                !proxy.isPooler() && footings.get(readEntrance(proxy)).portTaken();
        ActionResult answer = told.get(proxy.node().host());
        return ProxyState.of(
                cluster, proxy, footings.get(proxy.node()), readPortTaken, answer.isOk() ? answer.text() : "");
    }

    ProxyState proxy(ExecutionContext world, Proxy proxy) {
        AtomicReference<Map<Node, HostFacts>> footings = new AtomicReference<>(Map.of());
        AtomicReference<Map<Host, ActionResult>> told = new AtomicReference<>(Map.of());
        List<Node> nodes = proxy.isPooler() ? List.of(proxy.node()) : List.of(proxy.node(), readEntrance(proxy));
        HostProbes.sideBySide(
                world,
                List.of(() -> footings.set(hosts.footings(world, nodes)), () -> told.set(told(world, List.of(proxy)))));
        return seen(footings.get(), told.get(), proxy);
    }

    /** One PgBouncer, with what comes back through it. */
    ProxyState pooler(ExecutionContext world, Proxy pooler) {
        ProxyState seen = proxy(world, pooler);
        return seen.writesGoTo().isEmpty() ? seen : seen.answered(through(world, pooler.node()));
    }

    /** What comes back through a PgBouncer. */
    ActionResult through(ExecutionContext world, Node pooler) {
        return world.ask(new Action.RunSql(
                pooler,
                new Credentials(PostgresCluster.POOLER, cluster.poolerPassword(), ""),
                PostgresCluster.ADMIN,
                Script.of("postgres/login.sql"),
                Access.LOOK,
                ClusterProbe.SOON));
    }

    /** Whether PgBouncers may look up passwords in a database. */
    ActionResult lookup(ExecutionContext world, Node primary, String database) {
        return world.ask(PgBouncerActions.lookup(cluster, primary, database, "-look", Access.LOOK, ClusterProbe.SOON));
    }

    /** The PgBouncers that run without today's password. */
    List<Node> strangers(ExecutionContext world, List<Node> nodes) {
        Script look = PgBouncerActions.withPassword(cluster, Script.of("pgbouncer/userlist-look.sh"));
        return HostProbes.without(world, nodes, look, "userlist");
    }
}
