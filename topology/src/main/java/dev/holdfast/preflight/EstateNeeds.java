package dev.holdfast.preflight;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.NodeNeeds;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What all nodes of an estate need of their hosts.
 *
 * @param hosts all declared hosts
 */
public record EstateNeeds(String estate, List<Host> hosts, List<NodeNeeds> nodes) {

    public EstateNeeds {
        hosts = List.copyOf(hosts);
        nodes = List.copyOf(nodes);
    }

    public static EstateNeeds of(Topology topology, List<NodeNeeds> nodes) {
        return new EstateNeeds(topology.name(), List.copyOf(topology.hosts().values()), nodes);
    }

    /** A connection that servers of one host need to a port of another host. */
    public record Link(Host from, Node to, NodeNeeds.Port port) {}

    public List<NodeNeeds> on(Host host) {
        return nodes.stream().filter(n -> n.node().host().equals(host)).toList();
    }

    /** Returns the connections from one host, each port once. */
    public List<Link> links(Host from) {
        List<Link> links = new ArrayList<>();
        for (NodeNeeds target : nodes) {
            Node to = target.node();
            if (to.host().equals(from)) {
                continue;
            }
            Set<Node.Kind> kinds = kinds(from, to.cluster());
            target.ports().stream()
                    .filter(p -> !Collections.disjoint(p.from(), kinds))
                    .forEach(p -> links.add(new Link(from, to, p)));
        }
        return links;
    }

    private Set<Node.Kind> kinds(Host host, String cluster) {
        return on(host).stream()
                .map(NodeNeeds::node)
                .filter(n -> n.cluster().equals(cluster))
                .map(Node::kind)
                .collect(Collectors.toSet());
    }

    /** Returns the addresses that are names, separated by blanks. */
    String names() {
        return HostFacts.names(hosts);
    }
}
