package dev.holdfast.model;

import java.util.List;

/** A group of nodes: a shard, the config servers, the routers, a PostgreSQL primary with its standbys, or the proxies. */
public record NodeGroup(String name, List<Node> nodes) {
    public NodeGroup {
        nodes = List.copyOf(nodes);
    }
}
