package dev.holdfast.cli.view;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.NodeGroup;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Help.Ansi;

/** An estate's state as text: a header, a tree of clusters, groups and nodes, and a summary. */
public final class StatusView {

    /** Facts that are equal on every node, or too long for one line; JSON contains them. */
    private static final List<String> ONLY_IN_DATA = List.of(
            "version",
            "config_version",
            "config_term",
            "uptime_seconds",
            "health",
            "system_identifier",
            "read_port",
            "reason");

    private static final int INDENT = 4;
    private static final int LEAST_DETAILS = 24;

    private final PrintWriter out;
    private final Ansi ansi;
    private final int columns;
    private final List<NodeStatus> all;
    private final List<Integer> widths;

    /**
     * @param columns the width of the terminal; no line of a node is longer, except for a single long word
     * @param all the nodes of all clusters, which determine the widths of the columns
     */
    public StatusView(PrintWriter out, Ansi ansi, int columns, List<NodeStatus> all) {
        this.out = out;
        this.ansi = ansi;
        this.columns = columns;
        this.all = all;
        this.widths = List.of(
                width("NODE", n -> n.node().name()),
                width("STATE", n -> n.state().name()),
                width("ROLE", NodeStatus::role),
                width("ENDPOINT", n -> n.node().endpoint()));
    }

    private int width(String title, Function<NodeStatus, String> value) {
        return Stream.concat(Stream.of(title), all.stream().map(value))
                        .mapToInt(String::length)
                        .max()
                        .getAsInt()
                + 2;
    }

    public void printHeader(String estate) {
        out.println("estate " + estate);
        out.println(
                ansi.string("@|bold " + " ".repeat(INDENT) + row("NODE", "STATE", "ROLE", "ENDPOINT") + "DETAILS|@"));
    }

    public void print(Cluster cluster, ClusterState state) {
        Map<String, NodeStatus> byNode =
                state.nodes().stream().collect(Collectors.toMap(o -> o.node().id(), o -> o, (a, b) -> a));
        boolean healthy = state.problems().isEmpty();
        out.println(ansi.string("@|bold " + cluster.name() + "|@ (" + cluster.engine() + ")  "
                + (healthy ? "@|green healthy|@" : "@|red needs attention|@")));
        for (NodeGroup group : cluster.groups()) {
            out.println("  " + group.name());
            group.nodes().forEach(n -> print(byNode.get(n.id()), state.problems()));
        }
        state.problems().forEach(c -> out.println(ansi.string("  @|red ! |@") + c));
    }

    /** @param problems the number of problems of all clusters */
    public void printSummary(String estate, int clusters, long problems) {
        long up = all.stream().filter(n -> n.state() == NodeAvailability.UP).count();
        out.println("Estate " + estate + ": " + clusters + (clusters == 1 ? " cluster, " : " clusters, ") + up + " of "
                + all.size() + (all.size() == 1 ? " node" : " nodes") + " up, "
                + (problems == 0 ? "no problems." : problems + (problems == 1 ? " problem." : " problems.")));
    }

    private void print(NodeStatus state, List<String> problems) {
        if (state == null) {
            return;
        }
        boolean isUp = state.state() == NodeAvailability.UP;
        String row = row(
                state.node().name(),
                state.state().name(),
                state.role(),
                state.node().endpoint());
        int place = row.indexOf(state.state().name(), widths.get(0));
        String word = state.state().name();
        String coloured = row.substring(0, place)
                + ansi.string("@|" + (isUp ? "green" : "red") + " " + word + "|@")
                + row.substring(place + word.length());
        print(coloured, row.length(), details(state, problems));
    }

    /** Prints the details after the row, on as many lines as the terminal's width requires. */
    private void print(String row, int length, List<String> details) {
        int start = INDENT + length;
        int indent = columns - start < LEAST_DETAILS ? INDENT + 2 : start;
        StringBuilder line = new StringBuilder(" ".repeat(INDENT)).append(row);
        int used = start;
        boolean isBeginning = true;
        for (String detail : details) {
            if (!isBeginning && used + detail.length() > columns || isBeginning && isTooLong(detail, used, indent)) {
                out.println(line.toString().stripTrailing());
                line = new StringBuilder(" ".repeat(indent));
                used = indent;
                isBeginning = true;
            }
            String text = isBeginning ? detail.stripLeading() : detail;
            isBeginning = false;
            line.append(text);
            used += text.length();
        }
        out.println(line.toString().stripTrailing());
    }

    /** Returns whether the first detail of a row must be on the next line, because it does not fit next to the row. */
    private boolean isTooLong(String detail, int used, int indent) {
        return used > indent && used + detail.stripLeading().length() > columns;
    }

    /** Returns facts and the words of the reason, each with the space before it. */
    private static List<String> details(NodeStatus state, List<String> problems) {
        Stream<String> facts = state.facts().entrySet().stream()
                .filter(f -> !ONLY_IN_DATA.contains(f.getKey()) && isPresent(f.getValue()))
                .map(f -> "  " + f.getKey() + "=" + f.getValue());
        return Stream.concat(state.state() == NodeAvailability.UP ? Stream.of() : reason(state, problems), facts)
                .toList();
    }

    /** Returns why a node does not answer, as its engine reports it. */
    private static Stream<String> reason(NodeStatus state, List<String> problems) {
        String name = state.node().name() + " ";
        String reason = state.fact("reason")
                .map(Object::toString)
                .or(() -> problems.stream()
                        .filter(c -> c.startsWith(name) || c.startsWith("the proxy on " + name))
                        .map(c -> c.substring(c.indexOf(name) + name.length()))
                        .findFirst())
                .orElse("");
        return Stream.of(reason.split(" ")).filter(w -> !w.isEmpty()).map(w -> " " + w);
    }

    private static boolean isPresent(Object value) {
        return value != null && !value.toString().isEmpty();
    }

    private String row(String... cells) {
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            row.append(cells[i]).append(" ".repeat(Math.max(1, widths.get(i) - cells[i].length())));
        }
        return row.toString();
    }
}
