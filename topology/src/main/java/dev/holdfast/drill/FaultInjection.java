package dev.holdfast.drill;

import dev.holdfast.drill.fault.AffectedNode;
import dev.holdfast.drill.fault.Fault;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One fault with its targets and its times.
 *
 * @param from the other end, when the fault is of a link; absent means all other nodes
 * @param at how long after the drill's first fault
 * @param lasts the fault's own duration; absent means until all faults are reverted
 */
public record FaultInjection(
        Fault fault, FaultTarget target, Optional<FaultTarget> from, Duration at, Optional<Duration> lasts) {

    public static FaultInjection of(Fault fault, FaultTarget target) {
        return new FaultInjection(fault, target, Optional.empty(), Duration.ZERO, Optional.empty());
    }

    /** Returns the affected nodes; empty when no node matches. */
    public List<AffectedNode> affectedNodes(DrillScope scope, EstateState state) {
        List<Node> peers = from.map(f -> f.nodes(scope, state)).orElse(List.of());
        List<Node> nodes = target.nodes(scope, state);
        if (!fault.isOfHost()) {
            return nodes.stream()
                    .map(n -> new AffectedNode(n.host(), List.of(n), peers))
                    .toList();
        }
        return nodes.stream()
                .map(Node::host)
                .distinct()
                .map(h -> new AffectedNode(h, on(scope.topology(), h), withNeighbours(scope.topology(), peers, h)))
                .toList();
    }

    private static List<Node> on(Topology topology, Host host) {
        return topology.nodes().stream().filter(n -> n.host().equals(host)).toList();
    }

    /** A fault of a host's packets affects all servers on the host. */
    private static List<Node> withNeighbours(Topology topology, List<Node> peers, Host but) {
        return peers.stream()
                .map(Node::host)
                .distinct()
                .filter(h -> !h.equals(but))
                .flatMap(h -> on(topology, h).stream())
                .toList();
    }

    /** Returns the injection in one line for people. */
    public String sentence() {
        return fault.name() + ": " + target.sentence()
                + from.map(f -> ", separated from " + f.sentence()).orElse("")
                + (at.isZero() ? "" : ", " + at.toMillis() + " ms after the first")
                + lasts.map(l -> ", for " + l.toMillis() + " ms").orElse("") + "; " + fault.description();
    }
}
