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
 * One fault, whom it strikes, and when.
 *
 * @param from whom they are kept apart from, where the fault is of a link; absent means from everybody
 * @param at how long after the drill's first break
 * @param lasts when it is mended by itself; absent means when all are
 */
public record FaultInjection(
        Fault fault, FaultTarget target, Optional<FaultTarget> from, Duration at, Optional<Duration> lasts) {

    public static FaultInjection of(Fault fault, FaultTarget target) {
        return new FaultInjection(fault, target, Optional.empty(), Duration.ZERO, Optional.empty());
    }

    /** Empty when nobody fits. */
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

    /** What is done to a host's packets is done to all servers there. */
    private static List<Node> withNeighbours(Topology topology, List<Node> peers, Host but) {
        return peers.stream()
                .map(Node::host)
                .distinct()
                .filter(h -> !h.equals(but))
                .flatMap(h -> on(topology, h).stream())
                .toList();
    }

    /** For people, in one line. */
    public String sentence() {
        return fault.name() + ": " + target.sentence()
                + from.map(f -> ", kept apart from " + f.sentence()).orElse("")
                + (at.isZero() ? "" : ", " + at.toMillis() + " ms after the first")
                + lasts.map(l -> ", for " + l.toMillis() + " ms").orElse("") + "; " + fault.story();
    }
}
