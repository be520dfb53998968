package dev.holdfast.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.files.TopologyFile;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Node;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

@Tag("unit")
class StatusViewTest {

    private static final String REASON =
            "the host reports that the server runs and listens; from here: connection refused; a firewall blocks this machine";

    private record State(Instant at, List<NodeStatus> nodes, List<HealthProblem> findings) implements ClusterState {}

    private static String printed(int columns, Ansi ansi) {
        Path file = Path.of("..", "examples", "replica-set", "topology.yaml");
        Cluster cluster = TopologyFile.load(file, Map.of(), Map.of())
                .topology()
                .orElseThrow()
                .clusters()
                .get(0);
        List<NodeStatus> nodes = new ArrayList<>();
        for (Node node : cluster.groups().get(0).nodes()) {
            nodes.add(
                    nodes.size() == 1
                            ? new NodeStatus(node, NodeAvailability.SILENT, "", Map.of())
                            : new NodeStatus(node, NodeAvailability.UP, "secondary", facts()));
        }
        State state = new State(Instant.EPOCH, nodes, List.of(HealthProblem.minor("m2 does not answer: " + REASON)));
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        StatusView view = new StatusView(out, ansi, columns, nodes);
        view.printHeader("notes");
        view.print(cluster, state);
        view.printSummary("notes", 1, 1);
        out.flush();
        return text.toString();
    }

    private static Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("version", "8.2.1");
        facts.put("lag_seconds", 0);
        facts.put("sync_source", "127.0.1.11:27017");
        return facts;
    }

    @Test
    void it_has_a_header_the_reason_of_silence_and_a_summary() {
        assertThat(printed(Integer.MAX_VALUE, Ansi.OFF).lines())
                .contains(
                        "    NODE  STATE   ROLE       ENDPOINT          DETAILS",
                        "    m1    UP      secondary  127.0.1.11:27017  lag_seconds=0  sync_source=127.0.1.11:27017",
                        "    m2    SILENT             127.0.1.12:27017  does not answer: " + REASON,
                        "Estate notes: 1 cluster, 2 of 3 nodes up, 1 problem.");
        assertThat(printed(80, Ansi.ON)).contains("\u001b[32mUP\u001b");
    }

    @Test
    void a_line_of_a_node_fits_the_terminal() {
        for (int columns : List.of(60, 80, 120)) {
            String text = printed(columns, Ansi.OFF);
            assertThat(text.lines().filter(l -> !l.startsWith("  !")))
                    .allSatisfy(l -> assertThat(l).hasSizeLessThanOrEqualTo(columns));
            assertThat(text.replaceAll("\\s+", " ")).contains("does not answer: " + REASON + " m3");
        }
    }
}
