package dev.holdfast.postgres.proxy;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.probe.MemberConditions;
import dev.holdfast.postgres.state.MemberState;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.state.ProxyState;
import dev.holdfast.postgres.topology.PostgresCluster;
import dev.holdfast.postgres.topology.PostgresCluster.Member;
import dev.holdfast.postgres.topology.PostgresCluster.MemberRole;
import dev.holdfast.postgres.topology.PostgresCluster.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The two stages for proxies: their processes, and their routes: writes to the primary only, reads to standbys. */
public final class ProxyPlanner {

    private static final Duration MOMENT = Duration.ofSeconds(15);
    /** Increased when the template of haproxy.cfg changes, so that existing proxies get the new one. */
    private static final int FORMAT = 2;

    private final Topology topology;
    private final PostgresCluster cluster;
    private final MemberConditions until;
    private final BiPredicate<PostgresState, MemberState> willFollow;
    private final PgBouncerPlanner poolers;

    public ProxyPlanner(
            Topology topology,
            PostgresCluster cluster,
            MemberConditions until,
            BiPredicate<PostgresState, MemberState> willFollow) {
        this.topology = topology;
        this.cluster = cluster;
        this.until = until;
        this.willFollow = willFollow;
        this.poolers = new PgBouncerPlanner(topology, cluster, until);
    }

    public Plan processes(PostgresState state) {
        return Plan.of(state.proxies().stream()
                .filter(p -> p.hostFacts().process() != NodeAvailability.SILENT)
                .flatMap(p -> (p.proxy().isPooler() ? poolers.process(state, p) : process(p)).stream())
                .toList());
    }

    private Optional<Step> process(ProxyState state) {
        Optional<String> why = wrong(state);
        if (why.isEmpty()) {
            return Optional.empty();
        }
        Proxy proxy = state.proxy();
        Node node = proxy.node();
        String mark = HostFacts.mark(topology.name(), node);
        return Optional.of(Step.on(
                        node.id(),
                        state.hostFacts().isUp()
                                ? "Replace the process of the proxy " + node.name()
                                : "Start the proxy " + node.name())
                .because(why.get())
                .risk(state.hostFacts().isUp() ? Risk.PAUSE : Risk.NONE)
                .type(
                        exec(node, script(node, "node-directory").with("mark", mark)),
                        write(proxy, "haproxy.cfg.written"),
                        write(proxy, "haproxy.cfg"),
                        exec(node, script(node, "start")))
                .until(
                        until.proxy(
                                proxy,
                                node.name() + " runs with the declared configuration",
                                p -> p.isUp() && wrong(p).isEmpty(),
                                p -> wrong(p).orElse("the proxy runs")),
                        MOMENT));
    }

    private Optional<String> wrong(ProxyState state) {
        String desired = inputs(state.proxy());
        if (!state.hostFacts().isUp()) {
            return Optional.of("no proxy runs on its host");
        }
        if (!state.inputs().equals(desired)) {
            return Optional.of("the proxy is configured for '" + state.inputs() + "', desired '" + desired + "'");
        }
        if (state.isEdited()) {
            return Optional.of("the configuration was changed manually");
        }
        if (state.isStale()) {
            return Optional.of("the configuration is newer than the process");
        }
        return state.isSilent() ? Optional.of("the runtime socket does not answer") : Optional.empty();
    }

    /** Returns all inputs of a proxy's configuration as one line, which the configuration contains. */
    String inputs(Proxy proxy) {
        Node node = proxy.node();
        return "format " + FORMAT + ", writes at " + node.endpoint() + ", reads at "
                + node.host().address() + ":" + proxy.readPort() + ", servers "
                + cluster.servers().stream()
                        .map(n -> n.name() + "=" + n.endpoint())
                        .collect(Collectors.joining(" "))
                + cluster.automatic()
                        .map(a -> ", roles by Patroni at "
                                + cluster.servers().stream().map(a::rest).collect(Collectors.joining(" ")))
                        .orElse("");
    }

    private Action write(Proxy proxy, String file) {
        Node node = proxy.node();
        boolean isAutomatic = cluster.automatic().isPresent();
        Script script = Script.of(isAutomatic ? "haproxy/patroni.cfg" : "haproxy/haproxy.cfg")
                .with("inputs", inputs(proxy))
                .with("directory", node.directory())
                .with("write", node.endpoint())
                .with("read", node.host().address() + ":" + proxy.readPort())
                .with("servers", serverLines(m -> true));
        if (isAutomatic) {
            script = script.with("standbys", serverLines(m -> m.role() != MemberRole.DR));
        }
        return new Action.WriteFile(node.host(), node.directory() + "/conf/" + file, script, "0644", "", MOMENT);
    }

    private String serverLines(Predicate<Member> which) {
        return cluster.members().stream()
                .filter(which)
                .map(Member::node)
                .map(n -> "    server " + n.name() + " " + n.endpoint()
                        + cluster.automatic()
                                .map(a -> " check port " + a.restPorts().get(n.id()))
                                .orElse(" disabled"))
                .collect(Collectors.joining("\n"));
    }

    public Plan routes(PostgresState state) {
        return routes(state, m -> willFollow.test(state, m));
    }

    /** @param willFollow whether an earlier stage of this runbook makes a member follow */
    Plan routes(PostgresState state, Predicate<MemberState> willFollow) {
        return routes(state, willFollow, p -> p.hostFacts().process() != NodeAvailability.SILENT);
    }

    private Plan routes(PostgresState state, Predicate<MemberState> willFollow, Predicate<ProxyState> which) {
        Optional<MemberState> leader = state.leader().filter(l -> l.isUp() || !l.hasDatabase());
        if (leader.isEmpty()) {
            return Plan.NOTHING;
        }
        List<String> writes = List.of(leader.get().name());
        List<String> standbys = state.others()
                .filter(m -> m.member().role() != MemberRole.DR)
                .filter(m -> isStreaming(state, m) || willFollow.test(m))
                .map(MemberState::name)
                .toList();
        List<String> reads = standbys.isEmpty() ? writes : standbys;
        if (cluster.automatic().isPresent()) {
            return Plan.of(state.proxies().stream()
                    .filter(which)
                    .filter(p -> !p.isUp() || !p.writesGoTo().equals(writes))
                    .map(p -> waiting(p, leader.get().name()))
                    .toList());
        }
        return Plan.of(state.proxies().stream()
                .filter(which)
                .flatMap(p ->
                        (p.proxy().isPooler() ? poolers.route(p, leader.get()) : routed(p, writes, reads)).stream())
                .toList());
    }

    /** Plans the routes of running proxies; a stopped proxy gets its routes from apply, which starts it. */
    public Plan routesOfRunning(PostgresState state) {
        return routes(state, m -> false, ProxyState::isUp);
    }

    private static boolean isStreaming(PostgresState state, MemberState member) {
        return state.follower(member).getOrDefault("state", "").equals("streaming");
    }

    private static boolean goesTo(ProxyState proxy, List<String> writes, List<String> reads) {
        return proxy.isUp()
                && proxy.writesGoTo().equals(writes)
                && proxy.readsGoTo().equals(reads);
    }

    private Optional<Step> routed(ProxyState state, List<String> writes, List<String> reads) {
        if (goesTo(state, writes, reads)) {
            return Optional.empty();
        }
        Proxy proxy = state.proxy();
        List<String> ready = new ArrayList<>();
        List<String> closed = new ArrayList<>();
        for (Node server : cluster.servers()) {
            (writes.contains(server.name()) ? ready : closed).add(ProxyState.PRIMARY + "/" + server.name());
            (reads.contains(server.name()) ? ready : closed).add(ProxyState.STANDBYS + "/" + server.name());
        }
        String because = state.isUp()
                ? "writes go to " + description(state.writesGoTo()) + " and reads to " + description(state.readsGoTo())
                : "a new proxy has no server for sessions";
        Script script = script(proxy.node(), "route")
                .with("ready", String.join("\n", ready))
                .with("closed", String.join("\n", closed));
        return Optional.of(Step.on(
                        proxy.node().id(), "Send writes to " + description(writes) + ", reads to " + description(reads))
                .because(because)
                .risk(state.isUp() && !state.writesGoTo().isEmpty() ? Risk.PAUSE : Risk.NONE)
                .type(exec(proxy.node(), script))
                .until(
                        until.proxy(
                                proxy,
                                "writes go to " + description(writes) + " and reads to " + description(reads),
                                p -> goesTo(p, writes, reads),
                                p -> "writes go to " + description(p.writesGoTo()) + ", reads to "
                                        + description(p.readsGoTo())),
                        MOMENT));
    }

    /** Plans a wait: a proxy with health checks finds the primary by itself. */
    private Step waiting(ProxyState state, String primary) {
        Proxy proxy = state.proxy();
        return Step.on(proxy.node().id(), "Wait until the proxy " + proxy.node().name() + " sends writes to " + primary)
                .because("writes go to " + description(state.writesGoTo()))
                .until(
                        until.proxy(
                                proxy,
                                "writes go to " + primary,
                                p -> p.isUp() && p.writesGoTo().equals(List.of(primary)),
                                p -> "writes go to " + description(p.writesGoTo())),
                        MOMENT);
    }

    private static String description(List<String> names) {
        return names.isEmpty() ? "no server" : String.join(", ", names);
    }

    private static Action exec(Node node, Script script) {
        return new Action.RunScript(node.host(), script, Access.CHANGE, MOMENT);
    }

    private static Script script(Node node, String file) {
        return Script.of("haproxy/" + file + ".sh").with("directory", node.directory());
    }
}
