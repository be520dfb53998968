package dev.holdfast.drill;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.model.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The observed states of the clusters in scope at one time, by name. */
public record EstateState(Map<String, ClusterState> clusters) {
    public EstateState {
        clusters = new LinkedHashMap<>(clusters);
    }

    public ClusterState of(DrillGroup drillGroup) {
        return clusters.get(drillGroup.cluster().name());
    }

    /** Returns the primary of a group; empty when there is none. */
    public Optional<Node> primary(DrillGroup drillGroup) {
        return primary(drillGroup.cluster().name(), drillGroup.group());
    }

    public Optional<Node> primary(String cluster, String group) {
        return clusters.containsKey(cluster)
                ? clusters.get(cluster).nodes().stream()
                        .filter(o -> o.node().group().equals(group) && o.role().equals("primary"))
                        .map(NodeStatus::node)
                        .findFirst()
                : Optional.empty();
    }

    /** Returns the problems, each with its cluster; empty means healthy. */
    public List<String> problems() {
        return clusters.values().stream().flatMap(o -> o.problems().stream()).toList();
    }
}
