package dev.holdfast.postgres.restore;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.engine.ScratchInstances;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.execution.Script;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.configuration.PgBackRestConfig;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The runbook that stops the scratch server of a side-by-side restore and removes its directory. */
public final class DiscardRunbook {

    private static final Duration WITHIN = Duration.ofMinutes(4);

    private final Topology topology;
    private final PostgresCluster cluster;
    private final List<Node> scratches;

    /** The observed scratch server with that label. */
    record ObservedState(Instant at, Map<Node, HostFacts> hostFacts) implements ClusterState {
        @Override
        public List<NodeStatus> nodes() {
            return List.of();
        }

        @Override
        public List<HealthProblem> findings() {
            return List.of();
        }
    }

    DiscardRunbook(Topology topology, PostgresCluster cluster, String label) {
        this.topology = topology;
        this.cluster = cluster;
        this.scratches = cluster.servers().stream()
                .map(n -> RestoreDestination.scratch(cluster, n, label))
                .toList();
    }

    Runbook<ObservedState> runbook() {
        return new Runbook<>(
                cluster.name(),
                "discard a restored copy of " + cluster.name(),
                this::look,
                List.of(new Stage<>("removal", this::plan)));
    }

    private ObservedState look(ExecutionContext context) {
        return new ObservedState(context.now(), hostFacts(context, topology.name(), scratches));
    }

    private Plan plan(ObservedState state) {
        List<Step> steps = scratches.stream()
                .filter(n -> state.hostFacts().get(n).directoryOwner() == DirectoryOwner.OURS)
                .map(n -> removed(topology.name(), n))
                .toList();
        List<Refusal> missing = scratches.stream()
                .filter(n -> state.hostFacts().get(n).directoryOwner() == DirectoryOwner.UNKNOWN)
                .map(n -> new Refusal(
                        n.id(),
                        state.hostFacts().get(n).unknown(n) + ", so Holdfast does not know whether " + n.id()
                                + " was removed: " + state.hostFacts().get(n).reason(),
                        "make the host answer, then run the same command again",
                        ExitCode.UNREACHABLE))
                .toList();
        return new Plan(steps, List.of(), List.of(), missing);
    }

    /** Returns the runbooks for all existing labels. */
    public static Runbook<ScratchInstances.ObservedState> everything(Topology topology, PostgresCluster cluster) {
        return scratches(topology, cluster).removal(cluster.name(), n -> removed(topology.name(), n));
    }

    public static ScratchInstances scratches(Topology topology, PostgresCluster cluster) {
        return new ScratchInstances(
                topology.name(),
                cluster.servers().stream().map(Node::host).collect(Collectors.toCollection(LinkedHashSet::new)),
                h -> h.directory() + "/" + h.name() + "/" + cluster.name(),
                1,
                (host, id, directory) -> RestoreDestination.scratch(cluster, host, id, directory));
    }

    private static Map<Node, HostFacts> hostFacts(ExecutionContext context, String estate, List<Node> nodes) {
        return HostFacts.look(context, estate, nodes, n -> n.data() + "/postmaster.pid", List.of());
    }

    private static Step removed(String estate, Node node) {
        Script script = Script.of("postgres/remove.sh")
                .with("directory", node.directory())
                .with("mark", HostFacts.mark(estate, node))
                .with("top", node.host().directory());
        return Step.on(node.id(), "Stop " + node.id() + " and remove its directory")
                .because("the directory is marked as " + node.id())
                .risk(Risk.NONE)
                .type(PgBackRestConfig.exec(node.host(), script, Access.CHANGE, WITHIN))
                .until(
                        new Condition(node.directory() + " and its processes are gone", context -> {
                            HostFacts hostFacts =
                                    hostFacts(context, estate, List.of(node)).get(node);
                            return new ProbeResult(
                                    hostFacts.isDown() && hostFacts.directoryOwner() == DirectoryOwner.ABSENT,
                                    hostFacts.process() + ", directory " + hostFacts.directoryOwner());
                        }),
                        WITHIN);
    }
}
