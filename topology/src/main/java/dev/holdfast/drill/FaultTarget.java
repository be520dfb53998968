package dev.holdfast.drill;

import dev.holdfast.model.Node;
import java.util.List;

/** The target of a fault as a drill declares it; the nodes are resolved when the fault is due. */
public interface FaultTarget {

    /** Returns the servers that are meant, for people. */
    String sentence();

    /** Returns the target nodes; empty when no node matches. */
    List<Node> nodes(DrillScope scope, EstateState state);

    /** Whether a group's primary is among the targets, so that its clients notice. */
    default boolean affectsPrimaries() {
        return false;
    }

    /** A server by its name, or all servers of a host by the host's name. */
    record Named(String name) implements FaultTarget {
        @Override
        public String sentence() {
            return name.contains("/") ? name : "every server on host " + name;
        }

        @Override
        public List<Node> nodes(DrillScope scope, EstateState state) {
            return scope.topology().nodes().stream()
                    .filter(n -> n.id().equals(name) || n.host().name().equals(name))
                    .toList();
        }
    }
}
