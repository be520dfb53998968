package dev.holdfast.postgres;

import dev.holdfast.engine.Footing;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.PostgresCluster.Part;
import dev.holdfast.postgres.PostgresCluster.Proxy;
import dev.holdfast.world.Action;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Script;
import dev.holdfast.world.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The two acts on proxies: their processes, and where they send sessions: writes to the primary only, reads to standbys. */
final class ProxyPlan {

    static final String PRIMARY = "primary";
    static final String STANDBYS = "standbys";

    private static final Duration MOMENT = Duration.ofSeconds(15);
    /** Counted up when the template of haproxy.cfg changes, so that proxies get the new one. */
    private static final int FORMAT = 2;

    private final Topology topology;
    private final PostgresCluster cluster;
    private final Until until;
    private final Prospects prospects;
    private final PoolerPlan poolers;

    ProxyPlan(Topology topology, PostgresCluster cluster, Until until, Prospects prospects) {
        this.topology = topology;
        this.cluster = cluster;
        this.until = until;
        this.prospects = prospects;
        this.poolers = new PoolerPlan(topology, cluster, until);
    }

    Plan processes(PostgresSeen seen) {
        return Plan.of(seen.proxies().stream()
                .filter(p -> p.footing().process() != State.SILENT)
                .flatMap(p -> (p.proxy().isPooler() ? poolers.process(seen, p) : process(p)).stream())
                .toList());
    }

    private Optional<Step> process(ProxySeen seen) {
        Optional<String> why = wrong(seen);
        if (why.isEmpty()) {
            return Optional.empty();
        }
        Proxy proxy = seen.proxy();
        Node node = proxy.node();
        String mark = Footing.mark(topology.name(), node);
        return Optional.of(Step.on(
                        node.id(),
                        seen.footing().isUp()
                                ? "Replace the process of the proxy " + node.name()
                                : "Start the proxy " + node.name())
                .because(why.get())
                .risk(seen.footing().isUp() ? Risk.PAUSE : Risk.NONE)
                .type(
                        exec(node, script(node, "ground").with("mark", mark)),
                        write(proxy, "haproxy.cfg.written"),
                        write(proxy, "haproxy.cfg"),
                        exec(node, script(node, "start")))
                .until(
                        until.proxy(
                                proxy,
                                node.name() + " runs with the configuration that is declared",
                                p -> p.isUp() && wrong(p).isEmpty(),
                                p -> wrong(p).orElse("it runs")),
                        MOMENT));
    }

    private Optional<String> wrong(ProxySeen seen) {
        String wanted = inputs(seen.proxy());
        if (!seen.footing().isUp()) {
            return Optional.of("no proxy runs there");
        }
        if (!seen.inputs().equals(wanted)) {
            return Optional.of("it is configured for '" + seen.inputs() + "', wanted '" + wanted + "'");
        }
        if (seen.isEdited()) {
            return Optional.of("its configuration was changed by hand");
        }
        if (seen.isStale()) {
            return Optional.of("its configuration was written after it started");
        }
        return seen.isSilent() ? Optional.of("its runtime socket does not answer") : Optional.empty();
    }

    /** All that a proxy's configuration follows from, in one line that is kept in it. */
    String inputs(Proxy proxy) {
        Node node = proxy.node();
        return "format " + FORMAT + ", writes at " + node.endpoint() + ", reads at "
                + node.host().address() + ":" + proxy.readPort() + ", servers "
                + cluster.servers().stream()
                        .map(n -> n.name() + "=" + n.endpoint())
                        .collect(Collectors.joining(" "));
    }

    private Action write(Proxy proxy, String file) {
        Node node = proxy.node();
        Script script = Script.of("haproxy/haproxy.cfg")
                .with("inputs", inputs(proxy))
                .with("directory", node.directory())
                .with("write", node.endpoint())
                .with("read", node.host().address() + ":" + proxy.readPort())
                .with(
                        "servers",
                        cluster.servers().stream()
                                .map(n -> "    server " + n.name() + " " + n.endpoint() + " disabled")
                                .collect(Collectors.joining("\n")));
        return new Action.Write(node.host(), node.directory() + "/conf/" + file, script, "0644", "", MOMENT);
    }

    Plan routes(PostgresSeen seen) {
        return routes(seen, m -> prospects.follow(seen, m));
    }

    /** @param willFollow of members that do not follow yet: whether an earlier act of this runbook makes them */
    Plan routes(PostgresSeen seen, Predicate<MemberSeen> willFollow) {
        return routes(seen, willFollow, p -> p.footing().process() != State.SILENT);
    }

    private Plan routes(PostgresSeen seen, Predicate<MemberSeen> willFollow, Predicate<ProxySeen> which) {
        Optional<MemberSeen> leader = seen.leader().filter(l -> l.isUp() || !l.hasDatabase());
        if (leader.isEmpty()) {
            return Plan.NOTHING;
        }
        List<String> writes = List.of(leader.get().name());
        List<String> standbys = seen.others()
                .filter(m -> m.member().part() != Part.DR)
                .filter(m -> isStreaming(seen, m) || willFollow.test(m))
                .map(MemberSeen::name)
                .toList();
        List<String> reads = standbys.isEmpty() ? writes : standbys;
        return Plan.of(seen.proxies().stream()
                .filter(which)
                .flatMap(p ->
                        (p.proxy().isPooler() ? poolers.route(p, leader.get()) : routed(p, writes, reads)).stream())
                .toList());
    }

    /** The routes of proxies that run; one that is stopped gets them from apply, which starts it. */
    Plan routesOfRunning(PostgresSeen seen) {
        return routes(seen, m -> false, ProxySeen::isUp);
    }

    private static boolean isStreaming(PostgresSeen seen, MemberSeen member) {
        return seen.follower(member).getOrDefault("state", "").equals("streaming");
    }

    private static boolean goesTo(ProxySeen proxy, List<String> writes, List<String> reads) {
        return proxy.isUp()
                && proxy.writesGoTo().equals(writes)
                && proxy.readsGoTo().equals(reads);
    }

    private Optional<Step> routed(ProxySeen seen, List<String> writes, List<String> reads) {
        if (goesTo(seen, writes, reads)) {
            return Optional.empty();
        }
        Proxy proxy = seen.proxy();
        List<String> ready = new ArrayList<>();
        List<String> closed = new ArrayList<>();
        for (Node server : cluster.servers()) {
            (writes.contains(server.name()) ? ready : closed).add(PRIMARY + "/" + server.name());
            (reads.contains(server.name()) ? ready : closed).add(STANDBYS + "/" + server.name());
        }
        String because = seen.isUp()
                ? "writes go to " + told(seen.writesGoTo()) + " and reads to " + told(seen.readsGoTo())
                : "a new proxy sends sessions nowhere";
        Script script = script(proxy.node(), "route")
                .with("ready", String.join("\n", ready))
                .with("closed", String.join("\n", closed));
        return Optional.of(Step.on(proxy.node().id(), "Send writes to " + told(writes) + ", reads to " + told(reads))
                .because(because)
                .risk(seen.isUp() && !seen.writesGoTo().isEmpty() ? Risk.PAUSE : Risk.NONE)
                .type(exec(proxy.node(), script))
                .until(
                        until.proxy(
                                proxy,
                                "writes go to " + told(writes) + " and reads to " + told(reads),
                                p -> goesTo(p, writes, reads),
                                p -> "writes go to " + told(p.writesGoTo()) + ", reads to " + told(p.readsGoTo())),
                        MOMENT));
    }

    private static String told(List<String> names) {
        return names.isEmpty() ? "nobody" : String.join(", ", names);
    }

    private static Action exec(Node node, Script script) {
        return new Action.Exec(node.host(), script, Intent.CHANGE, MOMENT);
    }

    private static Script script(Node node, String file) {
        return Script.of("haproxy/" + file + ".sh").with("directory", node.directory());
    }
}
