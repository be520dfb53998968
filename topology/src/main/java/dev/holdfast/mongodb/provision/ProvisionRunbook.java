package dev.holdfast.mongodb.provision;

import dev.holdfast.engine.ServicePlanner;
import dev.holdfast.engine.ServiceUnit;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.probe.ClusterProbe;
import dev.holdfast.mongodb.replicaset.OpenDifferences;
import dev.holdfast.mongodb.replicaset.ReplicaSetPlanner;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.NodeState;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The runbook that brings a MongoDB cluster from its observed state to its declared state. */
public final class ProvisionRunbook {

    private ProvisionRunbook() {}

    public static Runbook<MongoState> of(Topology topology, MongoCluster cluster) {
        return new Runbook<>(
                cluster.name(),
                "Provision MongoDB cluster " + cluster.name(),
                context -> ClusterProbe.at(context, topology, cluster),
                stages(cluster));
    }

    private static List<Stage<MongoState>> stages(MongoCluster cluster) {
        List<Stage<MongoState>> stages = new ArrayList<>(List.of(
                new Stage<>("preconditions", Preconditions::plan),
                new Stage<>("servers", ServerPlanner::plan),
                stage("replica sets", ReplicaSetPlanner::plan, ReplicaSetPlanner::reached)
                        .independent(),
                stage("sharding", ShardingPlanner::plan, ShardingPlanner::reached)
                        .independent(),
                stage("options", ConfigurationPlanner::plan, ConfigurationPlanner::reached)
                        .independent()));
        stages.addAll(UpgradePlanner.stages(cluster));
        stages.addAll(List.of(
                stage("routers", RollingRestartPlanner::routers, state -> Plan.NOTHING),
                new Stage<>("balancer", UpgradePlanner::end),
                new Stage<>("services", ProvisionRunbook::services).independent(),
                stage("health", CompletionPlanner::plan, state -> Plan.NOTHING),
                new Stage<>("open differences", OpenDifferences::plan)));
        return stages;
    }

    private static Plan services(MongoState state) {
        Map<Node, NodeState> servers = state.servers().collect(Collectors.toMap(NodeState::node, s -> s));
        List<ServiceUnit> units =
                state.servers().map(s -> state.server(s.node()).service()).toList();
        return ServicePlanner.plan(units, n -> servers.get(n).hostFacts());
    }

    /**
     * A stage with a separate plan for the time while a host does not answer.
     *
     * @param reached plans the changes that do not depend on the servers of that host
     */
    private static Stage<MongoState> stage(
            String name, Function<MongoState, Plan> planner, Function<MongoState, Plan> reached) {
        return new Stage<>(name, state -> (state.isReached() ? planner : reached).apply(state));
    }
}
