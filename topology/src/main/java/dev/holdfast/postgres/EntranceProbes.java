package dev.holdfast.postgres;

import dev.holdfast.engine.Footing;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.postgres.PostgresCluster.Proxy;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Answer;
import dev.holdfast.world.Login;
import dev.holdfast.world.Script;
import dev.holdfast.world.World;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** How HAProxies and PgBouncers are looked at; changes nothing. */
record EntranceProbes(PostgresCluster cluster, HostProbes hosts) {

    /** A cluster's nodes and, as nodes of which only the port is of interest, the read entrances of its HAProxies. */
    List<Node> nodesAndReadEntrances() {
        return Stream.concat(
                        cluster.nodes().stream(), cluster.haproxies().stream().map(EntranceProbes::readEntrance))
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
    static Map<Host, Answer> told(World world, List<Proxy> proxies) {
        String kind = proxies.stream().anyMatch(Proxy::isPooler) ? "pgbouncer" : "haproxy";
        return HostProbes.ask(world, proxies.stream().map(Proxy::node).toList(), Script.of(kind + "/look.sh"));
    }

    /** @param told by the hosts of the proxies of its kind */
    ProxySeen seen(Map<Node, Footing> footings, Map<Host, Answer> told, Proxy proxy) {
        boolean readPortTaken =
                !proxy.isPooler() && footings.get(readEntrance(proxy)).portTaken();
        Answer answer = told.get(proxy.node().host());
        return ProxySeen.of(
                cluster, proxy, footings.get(proxy.node()), readPortTaken, answer.isOk() ? answer.text() : "");
    }

    ProxySeen proxy(World world, Proxy proxy) {
        AtomicReference<Map<Node, Footing>> footings = new AtomicReference<>(Map.of());
        AtomicReference<Map<Host, Answer>> told = new AtomicReference<>(Map.of());
        List<Node> nodes = proxy.isPooler() ? List.of(proxy.node()) : List.of(proxy.node(), readEntrance(proxy));
        HostProbes.sideBySide(
                world,
                List.of(() -> footings.set(hosts.footings(world, nodes)), () -> told.set(told(world, List.of(proxy)))));
        return seen(footings.get(), told.get(), proxy);
    }

    /** One PgBouncer, with what comes back through it. */
    ProxySeen pooler(World world, Proxy pooler) {
        ProxySeen seen = proxy(world, pooler);
        return seen.writesGoTo().isEmpty() ? seen : seen.answered(through(world, pooler.node()));
    }

    /** What comes back through a PgBouncer. */
    Answer through(World world, Node pooler) {
        return world.ask(new Action.Sql(
                pooler,
                new Login(PostgresCluster.POOLER, cluster.poolerPassword(), ""),
                PostgresCluster.ADMIN,
                Script.of("postgres/login.sql"),
                Intent.LOOK,
                PostgresProbes.SOON));
    }

    /** Whether PgBouncers may look up passwords in a database. */
    Answer lookup(World world, Node primary, String database) {
        return world.ask(PoolerLookup.lookup(cluster, primary, database, "-look", Intent.LOOK, PostgresProbes.SOON));
    }

    /** The PgBouncers that run without today's password. */
    List<Node> strangers(World world, List<Node> nodes) {
        Script look = PoolerTyping.withPassword(cluster, Script.of("pgbouncer/userlist-look.sh"));
        return HostProbes.without(world, nodes, look, "userlist");
    }
}
