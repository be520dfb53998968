package dev.holdfast.drill.fault;

import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import java.util.List;

/**
 * Whom a fault strikes.
 *
 * @param host where it is set
 * @param nodes the servers it is meant for; empty when it strikes the host as a whole
 * @param peers the servers that it is kept apart from; empty means from everybody
 */
public record AffectedNode(Host host, List<Node> nodes, List<Node> peers) {
    public AffectedNode {
        nodes = List.copyOf(nodes);
        peers = List.copyOf(peers);
    }

    public static AffectedNode of(Node node) {
        return new AffectedNode(node.host(), List.of(node), List.of());
    }

    /** For people: the servers, or the host. */
    public String name() {
        return nodes.isEmpty()
                ? "host " + host.name()
                : String.join(", ", nodes.stream().map(Node::id).toList());
    }
}
