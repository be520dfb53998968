package dev.holdfast.engine;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptFormat;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.CombinedState;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The running servers of an estate that are not declared: members and proxies that were removed from a cluster, and the servers
 * of clusters that were removed from the file. They are open differences: Holdfast cannot know whether a client still needs
 * them.
 */
public final class UndeclaredServers {

    /** {@code host/undeclared-look.sh}. */
    public static final ScriptFormat LOOK = new ScriptFormat("host/undeclared-look.sh", Undeclared.class);

    private record Undeclared(String id, String directory, String pid) {}

    /** A running server, and the host on which it was found. */
    record Found(String id, String directory, String pid, Host host) {

        String cluster() {
            return id.replaceFirst("/.*", "");
        }

        /** Whether it is the server of a side-by-side restore, which its own commands list and remove. */
        boolean isRestored() {
            return id.contains("/restored-");
        }
    }

    /**
     * What the hosts report.
     *
     * @param silent the hosts that did not answer this query, with the reason; such a host can have answered the observation of
     *     its cluster
     */
    public record ObservedState(Instant at, List<Found> servers, Map<String, String> silent) implements ClusterState {
        @Override
        public List<NodeStatus> nodes() {
            return List.of();
        }

        @Override
        public List<HealthProblem> findings() {
            return List.of();
        }
    }

    private static final Duration DEADLINE = Duration.ofSeconds(15);

    private UndeclaredServers() {}

    /**
     * Returns the runbook of a cluster's servers, followed by the report of undeclared ones, which has no steps. A host that the
     * runbook of the servers already names as unreachable is not named twice.
     *
     * @param isPlannedByEngine whether the engine itself plans the undeclared servers of this cluster
     */
    public static <S extends ClusterState> Runbook<CombinedState<S, ObservedState>> after(
            Runbook<S> servers, Topology topology, Cluster cluster, boolean isPlannedByEngine) {
        Runbook<CombinedState<S, ObservedState>> both =
                CombinedState.of(servers, runbook(topology, cluster, isPlannedByEngine));
        List<Stage<CombinedState<S, ObservedState>>> stages = new ArrayList<>(both.stages());
        Stage<CombinedState<S, ObservedState>> report = stages.remove(stages.size() - 1);
        stages.add(new Stage<>(
                report.name(),
                state -> state.second().silent().isEmpty()
                        ? report.planner().apply(state)
                        : without(
                                unreachable(topology, servers.plan(state.first())),
                                report.planner().apply(state)),
                report.refresh(),
                report.isIndependent()));
        return new Runbook<>(both.cluster(), both.title(), both.look(), stages);
    }

    /** Returns the hosts of the nodes that these plans name as unreachable. */
    private static Set<String> unreachable(Topology topology, List<Runbook.Planned> plans) {
        Set<String> nodes = plans.stream()
                .map(Runbook.Planned::plan)
                .flatMap(p -> Stream.concat(p.missing().stream(), p.refusals().stream()))
                .filter(r -> r.exit() == ExitCode.UNREACHABLE)
                .map(Refusal::where)
                .collect(Collectors.toSet());
        return topology.nodes().stream()
                .filter(n -> nodes.contains(n.id()))
                .map(n -> n.host().name())
                .collect(Collectors.toSet());
    }

    private static Plan without(Set<String> hosts, Plan plan) {
        return new Plan(
                plan.steps(),
                plan.refusals(),
                plan.notes(),
                plan.missing().stream().filter(m -> !hosts.contains(m.where())).toList(),
                plan.open());
    }

    private static Runbook<ObservedState> runbook(Topology topology, Cluster cluster, boolean isPlannedByEngine) {
        return new Runbook<>(
                cluster.name(),
                "report undeclared servers of " + cluster.name(),
                context -> look(context, topology),
                List.of(new Stage<>(
                        "undeclared servers",
                        state -> new Plan(
                                List.of(),
                                List.of(),
                                List.of(),
                                unknown(topology, cluster, state),
                                state.servers().stream()
                                        .filter(f -> !f.isRestored())
                                        .filter(f -> isReportedWith(topology, cluster, isPlannedByEngine, f))
                                        .map(UndeclaredServers::open)
                                        .toList()))));
    }

    private static boolean isFirst(Topology topology, Cluster cluster) {
        return cluster.equals(topology.clusters().get(0));
    }

    /** Each silent host is reported with the first cluster that has a node there; a host without a node with the first one. */
    private static List<Refusal> unknown(Topology topology, Cluster cluster, ObservedState state) {
        return state.silent().entrySet().stream()
                .filter(h -> topology.clusters().stream()
                        .filter(c ->
                                c.nodes().stream().anyMatch(n -> n.host().name().equals(h.getKey())))
                        .findFirst()
                        .map(cluster::equals)
                        .orElse(isFirst(topology, cluster)))
                .map(h -> new Refusal(
                        h.getKey(),
                        "the host does not answer, so undeclared servers there are unknown: " + h.getValue(),
                        "make the host answer, or remove the host from the topology",
                        ExitCode.UNREACHABLE))
                .toList();
    }

    /** The servers of removed clusters are reported with the first cluster. */
    private static boolean isReportedWith(Topology topology, Cluster cluster, boolean isPlannedByEngine, Found found) {
        if (found.cluster().equals(cluster.name())) {
            return !isPlannedByEngine;
        }
        boolean isRemoved = topology.clusters().stream().noneMatch(c -> c.name().equals(found.cluster()));
        return isRemoved && isFirst(topology, cluster);
    }

    private static Refusal open(Found found) {
        String host = found.host().name();
        return new Refusal(
                found.id(),
                "the server runs in " + found.directory() + " on " + host + " and is not declared",
                "declare the server again; or, if no client needs the server, end its process on " + host
                        + ": kill -INT " + found.pid(),
                ExitCode.INCOMPLETE);
    }

    private static ObservedState look(ExecutionContext context, Topology topology) {
        List<Host> hosts = List.copyOf(topology.hosts().values());
        String declared = topology.nodes().stream().map(Node::id).collect(Collectors.joining("\n"));
        List<ActionResult> answers = context.askAll(hosts.stream()
                .<Action>map(h -> new Action.RunScript(
                        h,
                        Script.of(LOOK.script())
                                .with("root", h.directory() + "/" + h.name())
                                .with("mark", topology.name())
                                .with("declared", declared),
                        Access.LOOK,
                        DEADLINE))
                .toList());
        Map<String, String> silent = new TreeMap<>();
        List<Found> servers = new ArrayList<>();
        for (int i = 0; i < hosts.size(); i++) {
            Host host = hosts.get(i);
            if (!answers.get(i).isOk()) {
                silent.put(host.name(), answers.get(i).sentence());
            }
            LOOK.read(answers.get(i))
                    .all(Undeclared.class)
                    .forEach(u -> servers.add(new Found(u.id(), u.directory(), u.pid(), host)));
        }
        return new ObservedState(context.now(), servers, silent);
    }
}
