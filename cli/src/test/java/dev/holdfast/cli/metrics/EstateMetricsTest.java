package dev.holdfast.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The text that metrics prints of an observation. */
@Tag("unit")
class EstateMetricsTest {

    private static String text(Exposition format) {
        return format.text(EstateMetrics.of("swapskill", ObservedScene.whole(), ObservedScene.AT.plusSeconds(7), 2));
    }

    @Test
    void every_family_is_printed_with_type_help_and_its_unit() {
        String text = text(Exposition.OPEN_METRICS);
        for (MetricFamily family : MetricFamily.all()) {
            assertThat(text)
                    .contains("# TYPE " + family.name() + (family.isCounter() ? " counter\n" : " gauge\n"))
                    .contains("# HELP " + family.name() + " " + family.description() + "\n")
                    .containsPattern("(?m)^" + family.sample() + "\\{.*estate=\"swapskill\"");
            switch (family.unit()) {
                case BYTES -> assertThat(text).contains("# UNIT " + family.name() + " bytes\n");
                case SECONDS -> assertThat(text).contains("# UNIT " + family.name() + " seconds\n");
                case NONE -> assertThat(text).doesNotContain("# UNIT " + family.name() + " ");
            }
        }
        assertThat(text).endsWith("\n# EOF\n");
    }

    @Test
    void no_family_is_printed_that_is_not_listed() {
        List<String> printed = text(Exposition.OPEN_METRICS)
                .lines()
                .filter(l -> l.startsWith("# TYPE "))
                .map(l -> l.split(" ")[2])
                .toList();
        assertThat(new TreeSet<>(printed))
                .isEqualTo(MetricFamily.all().stream()
                        .map(MetricFamily::name)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void a_node_without_an_answer_is_unreachable_and_not_down() {
        String b2 =
                "cluster=\"payments\",estate=\"swapskill\",group=\"servers\",host=\"b2\",node=\"b2\",region=\"eu-west\"";
        assertThat(text(Exposition.OPEN_METRICS))
                .contains("holdfast_node_up{" + b2 + ",zone=\"eu-west-b\"} 0.0\n")
                .contains("holdfast_node_state{" + b2 + ",state=\"unreachable\",zone=\"eu-west-b\"} 1.0\n")
                .contains("holdfast_node_state{" + b2 + ",state=\"down\",zone=\"eu-west-b\"} 0.0\n")
                .doesNotContain("holdfast_node_role{" + b2);
    }

    @Test
    void the_age_is_that_at_the_scrape_and_a_maintained_cluster_is_named() {
        assertThat(text(Exposition.OPEN_METRICS))
                .contains("holdfast_observation_age_seconds{estate=\"swapskill\"} 7.0\n")
                .contains("holdfast_observation_duration_seconds{estate=\"swapskill\"} 1.5\n")
                .contains("holdfast_observation_failures_total{estate=\"swapskill\"} 2.0\n")
                .contains("holdfast_cluster_maintenance{cluster=\"social\",estate=\"swapskill\"} 1.0\n")
                .doesNotContain("holdfast_cluster_maintenance{cluster=\"payments\"")
                .contains("holdfast_last_drill_recovery_seconds{drill=\"pg-primary-kill\",estate=\"swapskill\","
                        + "target=\"payments/servers\"} 4.25\n");
    }

    @Test
    void node_exporters_get_the_format_that_they_read() {
        assertThat(text(Exposition.PROMETHEUS))
                .contains("# TYPE holdfast_archive_failures_total counter\n")
                .doesNotContain("# UNIT", "# EOF");
        assertThat(Exposition.accepted("application/openmetrics-text;version=1.0.0,text/plain;q=0.5"))
                .isEqualTo(Exposition.OPEN_METRICS);
        assertThat(Exposition.accepted("")).isEqualTo(Exposition.PROMETHEUS);
    }
}
