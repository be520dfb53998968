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

/** Probes of HAProxy and PgBouncer; changes nothing. */
record ProxyProbes(PostgresCluster cluster, HostProbes hosts) {

    /** Returns a cluster's nodes and, as nodes with only a port, the read ports of its HAProxies. */
    List<Node> nodesAndReadEndpoints() {
        return Stream.concat(
                        cluster.nodes().stream(), cluster.haproxies().stream().map(ProxyProbes::readEndpoint))
                .toList();
    }

    private static Node readEndpoint(Proxy proxy) {
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

    /** Queries the hosts about proxies of one kind. */
    static Map<Host, ActionResult> hostResults(ExecutionContext context, List<Proxy> proxies) {
        String kind = proxies.stream().anyMatch(Proxy::isPooler) ? "pgbouncer" : "haproxy";
        return HostProbes.ask(context, proxies.stream().map(Proxy::node).toList(), Script.of(kind + "/look.sh"));
    }

    /** @param hostResults answers by host, for the proxies of this kind */
    ProxyState state(Map<Node, HostFacts> hostFactsByNode, Map<Host, ActionResult> hostResults, Proxy proxy) {
        boolean readPortTaken =
                !proxy.isPooler() && hostFactsByNode.get(readEndpoint(proxy)).portTaken();
        ActionResult answer = hostResults.get(proxy.node().host());
        return ProxyState.of(
                cluster,
                proxy,
                hostFactsByNode.get(proxy.node()).confirmedBy(answer),
                readPortTaken,
                answer.isOk() ? answer.text() : "");
    }

    ProxyState proxy(ExecutionContext context, Proxy proxy) {
        AtomicReference<Map<Node, HostFacts>> hostFactsByNode = new AtomicReference<>(Map.of());
        AtomicReference<Map<Host, ActionResult>> hostResults = new AtomicReference<>(Map.of());
        List<Node> nodes = proxy.isPooler() ? List.of(proxy.node()) : List.of(proxy.node(), readEndpoint(proxy));
        HostProbes.sideBySide(
                context,
                List.of(
                        () -> hostFactsByNode.set(hosts.footings(context, nodes)),
                        () -> hostResults.set(hostResults(context, List.of(proxy)))));
        return state(hostFactsByNode.get(), hostResults.get(), proxy);
    }

    /** Queries one PgBouncer, and a server through it. */
    ProxyState pooler(ExecutionContext context, Proxy pooler) {
        ProxyState state = proxy(context, pooler);
        return state.writesGoTo().isEmpty() ? state : state.answered(through(context, pooler.node()));
    }

    /** Returns the answer to a query through a PgBouncer. */
    ActionResult through(ExecutionContext context, Node pooler) {
        return context.ask(new Action.RunSql(
                pooler,
                new Credentials(PostgresCluster.POOLER, cluster.poolerPassword(), ""),
                PostgresCluster.ADMIN,
                Script.of("postgres/login.sql"),
                Access.LOOK,
                HostProbes.SOON));
    }

    /** Returns whether PgBouncers can look up passwords in a database. */
    ActionResult lookup(ExecutionContext context, Node primary, String database) {
        return context.ask(PgBouncerActions.lookup(cluster, primary, database, "-look", Access.LOOK, HostProbes.SOON));
    }

    /** Returns the running PgBouncers with an outdated password file. */
    HostProbes.Lacking undeclared(ExecutionContext context, List<Node> nodes) {
        Script look = PgBouncerActions.withPassword(cluster, Script.of("pgbouncer/userlist-look.sh"));
        return HostProbes.without(context, nodes, look, "userlist");
    }
}
