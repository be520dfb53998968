package dev.holdfast.cli.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.cli.files.TopologyFile;
import dev.holdfast.cli.metrics.ListenAddress;
import dev.holdfast.cli.metrics.MetricFamily;
import dev.holdfast.model.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The generated monitoring: that of SwapSkill is in its folder, and every name in it exists. */
@Tag("unit")
class MonitoringFilesTest {

    private static final Path EXAMPLES = Path.of("..", "examples");
    private static final Path GOLDEN = EXAMPLES.resolve("swapskill/monitoring");
    private static final Pattern METRIC = Pattern.compile("\\bholdfast_[a-z_]+");

    private static Topology topology(String example) {
        return TopologyFile.load(EXAMPLES.resolve(example).resolve("topology.yaml"), Map.of(), Map.of())
                .topology()
                .orElseThrow();
    }

    private static Map<String, String> files(String example) {
        return new MonitoringFiles(topology(example), ListenAddress.DEFAULT, Duration.ofSeconds(15), "ALERTS.md").all();
    }

    @Test
    void the_files_of_swapskill_are_those_in_its_folder() throws IOException {
        Map<String, String> made = files("swapskill");
        if ("1".equals(System.getenv("HOLDFAST_REWRITE"))) {
            Files.createDirectories(GOLDEN);
            for (Map.Entry<String, String> file : made.entrySet()) {
                Files.writeString(GOLDEN.resolve(file.getKey()), file.getValue());
            }
        }
        for (Map.Entry<String, String> file : made.entrySet()) {
            assertThat(GOLDEN.resolve(file.getKey())).hasContent(file.getValue());
        }
        try (Stream<Path> there = Files.list(GOLDEN)) {
            assertThat(there.map(p -> p.getFileName().toString())).containsExactlyInAnyOrderElementsOf(made.keySet());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"swapskill", "postgres-only", "replica-set"})
    void every_metric_in_a_rule_or_panel_is_one_that_metrics_prints(String example) {
        Set<String> known =
                MetricFamily.all().stream().map(MetricFamily::sample).collect(Collectors.toCollection(TreeSet::new));
        Map<String, String> files = files(example);
        for (String name : List.of("alerts.yml", "dashboard.json")) {
            Set<String> used = METRIC.matcher(files.get(name).replace("(_declared)?", ""))
                    .results()
                    .map(MatchResult::group)
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(used).isNotEmpty().isSubsetOf(known);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"swapskill", "postgres-only", "replica-set"})
    void every_alert_has_a_section_to_which_it_links(String example) {
        Map<String, String> files = files(example);
        List<Alert> alerts = new EstateAlerts(topology(example))
                .all().values().stream().flatMap(List::stream).toList();
        assertThat(alerts).isNotEmpty().allSatisfy(a -> {
            assertThat(files.get("ALERTS.md")).contains("\n## " + a.name() + "\n");
            assertThat(files.get("alerts.yml")).contains("runbook_url: \"ALERTS.md#" + a.anchor() + "\"");
            assertThat(a.action()).contains("holdfast");
        });
    }

    @Test
    void limits_are_those_of_the_topology() {
        String rules = files("swapskill").get("alerts.yml");
        assertThat(rules)
                .contains("holdfast_archive_lag_seconds{estate='swapskill',cluster='social'} > 300")
                .contains("holdfast_replication_lag_seconds{estate='swapskill',cluster='social'} > 150")
                .contains("holdfast_replication_lag_seconds{estate='swapskill',cluster='payments'} > 30");
    }

    @Test
    void the_dashboard_is_json_with_panels_that_do_not_overlap() throws IOException {
        JsonNode panels = new ObjectMapper()
                .readTree(files("swapskill").get("dashboard.json"))
                .path("panels");
        Set<String> places = new TreeSet<>();
        panels.forEach(p -> places.add(p.path("gridPos").toString()));
        assertThat(places).hasSize(panels.size()).hasSizeGreaterThan(10);
    }

    /** The tables of the page are those of the code; the table of alerts is that of SwapSkill. */
    @Test
    void the_page_lists_every_metric_and_every_alert() throws IOException {
        Path page = EXAMPLES.resolve("MONITORING.md");
        String made = with(with(Files.readString(page), "metrics", metrics()), "alerts", alerts());
        if ("1".equals(System.getenv("HOLDFAST_REWRITE"))) {
            Files.writeString(page, made);
        }
        assertThat(page).hasContent(made);
    }

    private static String metrics() {
        StringBuilder table = new StringBuilder("| metric | labels | meaning |\n|---|---|---|\n");
        for (MetricFamily family : MetricFamily.all()) {
            table.append("| `").append(family.sample()).append("` | ");
            table.append(String.join(", ", family.labels())).append(" | ");
            table.append(family.description()).append(" |\n");
        }
        return table.toString();
    }

    private static String alerts() {
        StringBuilder table =
                new StringBuilder("| alert | for | after | severity | meaning |\n|---|---|---|---|---|\n");
        new EstateAlerts(topology("swapskill"))
                .all()
                .forEach((cluster, alerts) -> alerts.forEach(a -> table.append("| `")
                        .append(a.name())
                        .append("` | ")
                        .append(cluster.isEmpty() ? "estate" : cluster)
                        .append(" | ")
                        .append(Alert.span(a.after()))
                        .append(" | ")
                        .append(a.severity().word())
                        .append(" | ")
                        .append(a.meaning())
                        .append(" |\n")));
        return table.toString();
    }

    /** Returns the page with another table between the marks of a name. */
    private static String with(String page, String name, String table) {
        String begin = "<!-- " + name + ": made by MonitoringFilesTest -->\n";
        String end = "<!-- end of " + name + " -->";
        int from = page.indexOf(begin) + begin.length();
        int to = page.indexOf(end);
        assertThat(to).as("the marks of " + name).isGreaterThanOrEqualTo(from);
        return page.substring(0, from) + table + page.substring(to);
    }
}
