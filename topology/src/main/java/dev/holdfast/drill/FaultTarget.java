package dev.holdfast.drill;

import dev.holdfast.model.Node;
import java.util.List;

/** Whom a fault strikes, as it is written in a drill; who that is, is seen when the moment has come. */
public interface FaultTarget {

    /** The servers that are meant, for people. */
    String sentence();

    /** Empty when nobody fits. */
    List<Node> nodes(DrillScope scope, EstateState state);

    /** Whether whoever is primary of a group is among them, so that its clients feel it. */
    default boolean affectsPrimaries() {
        return false;
    }

    /** One server by its name, or all servers of a host by the host's. */
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
