package dev.holdfast.drill;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.model.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the clusters of a scene said at one moment, by their names. */
public record EstateState(Map<String, ClusterState> clusters) {
    public EstateState {
        clusters = new LinkedHashMap<>(clusters);
    }

    public ClusterState of(DrillGroup site) {
        return clusters.get(site.cluster().name());
    }

    /** Who is primary of a site's group; empty when nobody is. */
    public Optional<Node> primary(DrillGroup site) {
        return primary(site.cluster().name(), site.group());
    }

    public Optional<Node> primary(String cluster, String group) {
        return clusters.containsKey(cluster)
                ? clusters.get(cluster).nodes().stream()
                        .filter(o -> o.node().group().equals(group) && o.role().equals("primary"))
                        .map(NodeStatus::node)
                        .findFirst()
                : Optional.empty();
    }

    /** What is not as it should be, with its cluster; empty means healthy. */
    public List<String> complaints() {
        return clusters.values().stream().flatMap(o -> o.complaints().stream()).toList();
    }
}
