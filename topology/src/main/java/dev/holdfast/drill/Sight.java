package dev.holdfast.drill;

import dev.holdfast.model.Node;
import dev.holdfast.world.Observation;
import dev.holdfast.world.Observed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the clusters of a scene said at one moment, by their names. */
public record Sight(Map<String, Observed> clusters) {
    public Sight {
        clusters = new LinkedHashMap<>(clusters);
    }

    public Observed of(Site site) {
        return clusters.get(site.cluster().name());
    }

    /** Who is primary of a site's group; empty when nobody is. */
    public Optional<Node> primary(Site site) {
        return primary(site.cluster().name(), site.group());
    }

    public Optional<Node> primary(String cluster, String group) {
        return clusters.containsKey(cluster)
                ? clusters.get(cluster).nodes().stream()
                        .filter(o -> o.node().group().equals(group) && o.role().equals("primary"))
                        .map(Observation::node)
                        .findFirst()
                : Optional.empty();
    }

    /** What is not as it should be, with its cluster; empty means healthy. */
    public List<String> complaints() {
        return clusters.values().stream().flatMap(o -> o.complaints().stream()).toList();
    }
}
