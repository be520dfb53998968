package dev.holdfast.cli.view;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.NodeGroup;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/** An estate's state as text: a tree of clusters, groups and nodes. */
public final class StatusView {

    /** Facts that are equal on every node, or too long for one line; JSON contains them. */
    private static final List<String> ONLY_IN_DATA = List.of(
            "version", "config_version", "config_term", "uptime_seconds", "health", "system_identifier", "read_port");

    private final PrintWriter out;
    private final Ansi ansi;

    public StatusView(PrintWriter out, Ansi ansi) {
        this.out = out;
        this.ansi = ansi;
    }

    public void print(Cluster cluster, ClusterState state) {
        Map<String, NodeStatus> byNode =
                state.nodes().stream().collect(Collectors.toMap(o -> o.node().id(), o -> o, (a, b) -> a));
        boolean healthy = state.complaints().isEmpty();
        out.println(ansi.string("@|bold " + cluster.name() + "|@ (" + cluster.engine() + ")  "
                + (healthy ? "@|green healthy|@" : "@|red needs attention|@")));
        for (NodeGroup group : cluster.groups()) {
            out.println("  " + group.name());
            group.nodes().forEach(n -> print(byNode.get(n.id())));
        }
        state.complaints().forEach(c -> out.println(ansi.string("  @|red ! |@") + c));
    }

    private void print(NodeStatus state) {
        if (state == null) {
            return;
        }
        String facts = state.facts().entrySet().stream()
                .filter(f -> !ONLY_IN_DATA.contains(f.getKey()) && isPresent(f.getValue()))
                .map(f -> f.getKey() + "=" + f.getValue())
                .collect(Collectors.joining("  "));
        String colour = state.state() == NodeAvailability.UP ? "green" : "red";
        out.println("    " + padded(state.node().name(), 10)
                + ansi.string("@|" + colour + " " + padded(state.state().name(), 7) + "|@")
                + padded(state.role(), 11) + padded(state.node().endpoint(), 18) + facts);
    }

    private static boolean isPresent(Object value) {
        return value != null && !value.toString().isEmpty();
    }

    private static String padded(String text, int width) {
        return text.length() >= width ? text + " " : text + " ".repeat(width - text.length());
    }
}
