package dev.holdfast.cli.metrics;

import dev.holdfast.cli.files.TopologyFile;
import dev.holdfast.cli.run.DrillHistory;
import dev.holdfast.cli.run.LoadedEstate;
import dev.holdfast.cli.run.PlanComparison;
import dev.holdfast.engine.MaintenanceMode;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.Measure;
import dev.holdfast.execution.Measurement;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** An observation of the SwapSkill estate, in which b2 is unreachable and d1 is down, with a value of every measure. */
final class ObservedScene {

    static final Instant AT = Instant.parse("2026-11-30T03:00:00Z");

    private ObservedScene() {}

    private record Observed(
            Instant at, List<NodeStatus> nodes, List<HealthProblem> findings, List<Measurement> measurements)
            implements ClusterState {}

    static ObservedEstate whole() {
        Topology topology = TopologyFile.load(
                        Path.of("..", "examples", "swapskill", "topology.yaml"), Map.of(), Map.of())
                .topology()
                .orElseThrow();
        List<LoadedEstate.ObservedCluster> clusters =
                topology.clusters().stream().map(ObservedScene::cluster).toList();
        DrillHistory.Run drill = new DrillHistory.Run(
                AT.minusSeconds(86_400),
                "pg-primary-kill",
                "payments/servers",
                OptionalLong.of(4_250_000_000L),
                OptionalLong.of(0),
                0,
                true);
        return new ObservedEstate(
                new LoadedEstate.Observation(AT, clusters, List.of(MaintenanceMode.of("social", AT, "disks"))),
                Duration.ofMillis(1500),
                List.of(drill));
    }

    private static LoadedEstate.ObservedCluster cluster(Cluster cluster) {
        List<NodeStatus> nodes =
                cluster.nodes().stream().map(ObservedScene::node).toList();
        List<Measurement> all = new ArrayList<>();
        Node node = cluster.groups().get(0).nodes().get(0);
        for (Measure measure : Measure.values()) {
            all.add(
                    switch (measure.subject()) {
                        case CLUSTER -> Measurement.ofCluster(measure, AT.getEpochSecond());
                        case GROUP -> Measurement.ofGroup(measure, node.group(), 1);
                        case NODE ->
                            measure.metric().startsWith("holdfast_slot")
                                    ? Measurement.ofSlot(measure, node, "b2", 1)
                                    : Measurement.ofNode(measure, node, 1.5);
                        case HOST -> Measurement.ofHost(measure, node.host(), true);
                    });
        }
        Observed state = new Observed(
                AT, nodes, List.of(HealthProblem.grave("no primary answers"), HealthProblem.minor("d1 is down")), all);
        return new LoadedEstate.ObservedCluster(cluster, new PlanComparison(state, List.of()), all);
    }

    private static NodeStatus node(Node node) {
        return switch (node.name()) {
            case "b2" -> new NodeStatus(node, NodeAvailability.SILENT, "", Map.of());
            case "d1" -> new NodeStatus(node, NodeAvailability.DOWN, "", Map.of());
            default -> new NodeStatus(node, NodeAvailability.UP, "standby", Map.of());
        };
    }
}
