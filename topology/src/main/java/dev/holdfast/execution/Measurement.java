package dev.holdfast.execution;

import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import java.util.Optional;

/**
 * One observed value of a measure. A value that is unknown has no measurement; it is never zero.
 *
 * @param group the name of the group in its cluster; empty for a measure of a host or of a whole cluster
 * @param node the node, for a measure of a node
 * @param host the host, for a measure of a host
 * @param slot the name of a replication slot; empty for any other measure
 */
public record Measurement(
        Measure measure, String group, Optional<Node> node, Optional<Host> host, String slot, double value) {

    public static Measurement ofCluster(Measure measure, double value) {
        return new Measurement(measure, "", Optional.empty(), Optional.empty(), "", value);
    }

    public static Measurement ofGroup(Measure measure, String group, double value) {
        return new Measurement(measure, group, Optional.empty(), Optional.empty(), "", value);
    }

    public static Measurement ofGroup(Measure measure, String group, boolean value) {
        return ofGroup(measure, group, value ? 1 : 0);
    }

    public static Measurement ofNode(Measure measure, Node node, double value) {
        return new Measurement(measure, node.group(), Optional.of(node), Optional.empty(), "", value);
    }

    public static Measurement ofNode(Measure measure, Node node, boolean value) {
        return ofNode(measure, node, value ? 1 : 0);
    }

    /** @param node the server that has the slot */
    public static Measurement ofSlot(Measure measure, Node node, String slot, double value) {
        return new Measurement(measure, node.group(), Optional.of(node), Optional.empty(), slot, value);
    }

    public static Measurement ofHost(Measure measure, Host host, boolean value) {
        return new Measurement(measure, "", Optional.empty(), Optional.of(host), "", value ? 1 : 0);
    }
}
