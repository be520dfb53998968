package dev.holdfast.cli.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.cli.files.TopologyFile;
import dev.holdfast.cli.metrics.ListenAddress;
import dev.holdfast.cli.metrics.MetricsText;
import dev.holdfast.cli.view.ResultData;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.Measure;
import dev.holdfast.execution.Measurement;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Topology;
import dev.holdfast.postgres.Bank;
import dev.holdfast.postgres.Trio;
import dev.holdfast.postgres.probe.ClusterMeasurements;
import dev.holdfast.postgres.state.PostgresState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The alerts that the generated rules fire for observed states, evaluated by {@code promtool test rules}. The states are
 * observations of simulated servers, printed as {@code metrics} prints them.
 */
@Tag("real")
class FiringAlertsTest {

    /** Samples of 30 minutes. */
    private static final String REPEATED = "x120";

    @TempDir
    private Path folder;

    private record Observed(Instant at, List<NodeStatus> nodes, List<HealthProblem> findings) implements ClusterState {}

    @BeforeAll
    static void isInstalled() {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":")).anyMatch(d -> Files.isExecutable(Path.of(d, "promtool"))),
                "promtool is not installed here: scripts/setup --tests installs it");
    }

    private final Trio trio = new Trio();
    private final Bank bank = Bank.applied(trio);

    private void fires(String time, String... expected) throws Exception {
        PostgresState state = bank.look();
        String text = MetricsText.of("bank", trio.cluster(), state, ClusterMeasurements.of(state));
        evaluated(trio.estate(), text, time, expected);
    }

    /**
     * @param text the metrics, which do not change during the test
     * @param time when the alerts are read
     * @param expected alerts by name, and the node where an alert has one
     */
    private void evaluated(Topology topology, String text, String time, String... expected) throws Exception {
        Map<String, String> files =
                new MonitoringFiles(topology, ListenAddress.DEFAULT, Duration.ofSeconds(15), "ALERTS.md").all();
        Files.writeString(folder.resolve("alerts.yml"), files.get("alerts.yml"));
        List<Object> series = text.lines()
                .filter(l -> !l.startsWith("#"))
                .<Object>map(FiringAlertsTest::series)
                .toList();
        List<Object> samples = new ArrayList<>();
        for (String alert : expected) {
            String[] words = alert.split(" ");
            samples.add(Map.of(
                    "labels",
                    "{alertname=\"" + words[0] + "\"" + (words.length > 1 ? ",node=\"" + words[1] + "\"" : "") + "}",
                    "value",
                    1));
        }
        Map<String, Object> test = ResultData.map(
                "rule_files",
                List.of("alerts.yml"),
                "evaluation_interval",
                "15s",
                "tests",
                List.of(ResultData.map(
                        "interval",
                        "15s",
                        "input_series",
                        series,
                        "promql_expr_test",
                        List.of(ResultData.map(
                                "expr",
                                "group by (alertname, node) (ALERTS{alertstate=\"firing\"})",
                                "eval_time",
                                time,
                                "exp_samples",
                                samples)))));
        Files.writeString(folder.resolve("test.yml"), ResultData.wideYaml(test));
        accepted("promtool", "test", "rules", "test.yml");
    }

    /** Times of the metrics are always the present one; promtool begins in the year 1970. */
    private static Map<String, Object> series(String line) {
        int end = line.lastIndexOf(' ');
        String name = line.substring(0, end);
        boolean isTime = name.substring(0, name.indexOf('{')).endsWith("_timestamp_seconds");
        return ResultData.map("series", name, "values", (isTime ? "0+15" : line.substring(end + 1) + "+0") + REPEATED);
    }

    private void accepted(String... command) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    }

    @Test
    void nothing_fires_for_a_healthy_trio() throws Exception {
        fires("25m");
    }

    @Test
    void a_lost_primary_fires_that_none_answers_and_that_its_node_is_down() throws Exception {
        bank.at("a1").up = false;
        fires("1m", "HoldfastNoPrimary", "HoldfastNodeDown a1");
    }

    @Test
    void a_lost_primary_is_also_a_problem_after_fifteen_minutes() throws Exception {
        bank.at("a1").up = false;
        fires("25m", "HoldfastNoPrimary", "HoldfastNodeDown a1", "HoldfastProblem");
    }

    @Test
    void a_lost_synchronous_standby_fires_that_writes_wait_and_not_that_it_is_missing() throws Exception {
        bank.at("b1").up = false;
        fires("1m", "HoldfastWritesWait", "HoldfastNodeDown b1");
    }

    @Test
    void a_standby_that_refuses_sessions_is_unreachable_and_not_down() throws Exception {
        bank.at("d1").refuses = "28000";
        fires("1m", "HoldfastNodeUnreachable d1");
    }

    @Test
    void a_host_without_an_answer_is_one_alert() throws Exception {
        bank.world.unanswered("d1", "host/look.sh");
        bank.at("d1").refuses = "28000";
        fires("1m", "HoldfastHostUnreachable");
    }

    @Test
    void an_archiver_that_fails_and_one_that_is_late_are_two_alerts() throws Exception {
        Topology topology = TopologyFile.load(
                        Path.of("..", "examples", "swapskill", "topology.yaml"), Map.of(), Map.of())
                .topology()
                .orElseThrow();
        Cluster payments = topology.cluster("payments").orElseThrow();
        Observed healthy = new Observed(
                Instant.EPOCH,
                payments.nodes().stream()
                        .map(n -> new NodeStatus(n, NodeAvailability.UP, "", Map.of()))
                        .toList(),
                List.of());
        evaluated(
                topology,
                MetricsText.of(
                        "swapskill",
                        payments,
                        healthy,
                        List.of(Measurement.ofGroup(Measure.ARCHIVE_FAILING, "servers", true))),
                "2m",
                "HoldfastArchiveFailing");
        evaluated(
                topology,
                MetricsText.of(
                        "swapskill",
                        payments,
                        healthy,
                        List.of(Measurement.ofGroup(Measure.ARCHIVE_LAG, "servers", 301))),
                "2m",
                "HoldfastArchiveLag");
    }
}
