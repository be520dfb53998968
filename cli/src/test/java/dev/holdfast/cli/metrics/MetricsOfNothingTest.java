package dev.holdfast.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Main;
import dev.holdfast.cli.Patience;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metrics of an estate of which nothing exists yet, as real host scripts report it. */
@Tag("real")
class MetricsOfNothingTest {

    private static final String TOPOLOGY = """
            apiVersion: holdfast.dev/v1
            name: nothing-yet
            environment: lab
            directory: DIRECTORY
            hosts:
              a1: { address: 127.0.99.1, reach: local }
            clusters:
              notes:
                engine: mongodb
                replicaSet: [ a1 ]
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private Path topology;

    @BeforeEach
    void written() throws IOException {
        topology = folder.resolve("topology.yaml");
        Files.writeString(
                topology, TOPOLOGY.replace("DIRECTORY", folder.resolve("d").toString()));
    }

    private int run(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("-f", topology.toString()));
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.run(
                Map.of("HOLDFAST_HOME", folder.resolve("home").toString(), "PATH", System.getenv("PATH")),
                false,
                new PrintWriter(out),
                new PrintWriter(err),
                all.toArray(String[]::new));
    }

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
