package dev.holdfast.model;

import java.util.List;

/** Nodes that belong together: a shard, the config servers, the routers, a PostgreSQL primary with its standbys, the proxies. */
public record NodeGroup(String name, List<Node> nodes) {
    public NodeGroup {
        nodes = List.copyOf(nodes);
    }
}
