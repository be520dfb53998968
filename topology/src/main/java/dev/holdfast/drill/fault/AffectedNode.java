package dev.holdfast.drill.fault;

import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import java.util.List;

/**
 * The target of one fault on one host: the host, its affected servers, and the other end of a link.
 *
 * @param host the host where the fault is injected
 * @param nodes the affected servers; empty when the fault affects the whole host
 * @param peers the servers at the other end of a link; empty means all others
 */
public record AffectedNode(Host host, List<Node> nodes, List<Node> peers) {
    public AffectedNode {
        nodes = List.copyOf(nodes);
        peers = List.copyOf(peers);
    }

    public static AffectedNode of(Node node) {
        return new AffectedNode(node.host(), List.of(node), List.of());
    }

    /** Returns the servers, or the host, for people. */
    public String name() {
        return nodes.isEmpty()
                ? "host " + host.name()
                : String.join(", ", nodes.stream().map(Node::id).toList());
    }
}
