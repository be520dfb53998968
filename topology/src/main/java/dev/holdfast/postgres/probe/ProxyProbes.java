package dev.holdfast.postgres.probe;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.Credentials;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.action.PgBouncerActions;
import dev.holdfast.postgres.state.ProxyRecords;
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
    static Map<Host, ScriptAnswer> hostResults(ExecutionContext context, List<Proxy> proxies) {
        ScriptFormat format =
                proxies.stream().anyMatch(Proxy::isPooler) ? ProxyRecords.PGBOUNCER : ProxyRecords.HAPROXY;
        List<Node> nodes = proxies.stream().map(Proxy::node).toList();
        return HostProbes.ask(context, nodes, Script.of(format.script()), format);
    }

    /** @param hostResults answers by host, for the proxies of this kind */
    ProxyState state(Map<Node, HostFacts> hostFactsByNode, Map<Host, ScriptAnswer> hostResults, Proxy proxy) {
        boolean readPortTaken =
                !proxy.isPooler() && hostFactsByNode.get(readEndpoint(proxy)).portTaken();
        ScriptAnswer answer = hostResults.get(proxy.node().host());
        return ProxyState.of(
                cluster, proxy, hostFactsByNode.get(proxy.node()).confirmedBy(answer.result()), readPortTaken, answer);
    }

    ProxyState proxy(ExecutionContext context, Proxy proxy) {
        AtomicReference<Map<Node, HostFacts>> hostFactsByNode = new AtomicReference<>(Map.of());
        AtomicReference<Map<Host, ScriptAnswer>> hostResults = new AtomicReference<>(Map.of());
        List<Node> nodes = proxy.isPooler() ? List.of(proxy.node()) : List.of(proxy.node(), readEndpoint(proxy));
        HostProbes.sideBySide(
                context,
                List.of(
                        () -> hostFactsByNode.set(hosts.probeHosts(context, nodes)),
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
        return HostProbes.outdated(context, nodes, look);
    }
}
