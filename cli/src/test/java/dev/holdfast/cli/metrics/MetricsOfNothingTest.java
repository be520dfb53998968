package dev.holdfast.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Patience;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The metrics of an estate of which nothing exists yet, as real host scripts report it. */
@Tag("real")
class MetricsOfNothingTest extends EstateOfNothing {

    /** Observes until the host answers: on a busy machine a script may exceed its deadline, and that is exit 10. */
    private void observed(String... args) {
        Patience.until(err::toString, Duration.ofMinutes(5), Duration.ofMillis(100), () -> {
            int exit = run(args);
            assertThat(exit).as(err.toString()).isIn(0, 10);
            return exit == 0;
        });
    }

    @Test
    void an_estate_that_does_not_exist_yet_has_nodes_that_are_down_and_no_value_of_a_server() {
        observed("metrics");
        assertThat(out.toString())
                .contains("holdfast_node_up{cluster=\"notes\"")
                .containsPattern("holdfast_node_state\\{[^}]*state=\"down\"} 1\\.0")
                .containsPattern("holdfast_group_has_primary\\{[^}]*} 0\\.0")
                .doesNotContain("holdfast_group_writable", "holdfast_replication", "holdfast_oplog", "zone=")
                .endsWith("# EOF\n");
    }

    @Test
    void a_textfile_is_written_whole_and_an_unwritable_one_is_named() throws IOException {
        Path file = folder.resolve("holdfast.prom");
        observed("metrics", "--textfile", file.toString());
        assertThat(out.toString()).isEmpty();
        assertThat(file).content().contains("# TYPE holdfast_node_up gauge\n").doesNotContain("# EOF");
        Path nowhere = folder.resolve("nowhere/holdfast.prom");
        assertThat(run("metrics", "--textfile", nowhere.toString())).isEqualTo(1);
        assertThat(err.toString())
                .contains(nowhere.toString())
                .contains("there is no directory")
                .contains("HINT: ");
    }
}
