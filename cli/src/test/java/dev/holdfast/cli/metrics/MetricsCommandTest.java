package dev.holdfast.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The options of metrics and monitoring. */
@Tag("unit")
class MetricsCommandTest {

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

    @Test
    void an_address_that_is_none_and_options_that_exclude_each_other_are_wrong_usage() {
        assertThat(run("metrics", "--listen", "host:70000")).isEqualTo(64);
        assertThat(err.toString())
                .contains("write HOST:PORT with a port from 1 to 65535")
                .contains("HINT: holdfast metrics --help");
        assertThat(run("metrics", "--listen", "9847", "--textfile", "x")).isEqualTo(64);
        assertThat(err.toString()).contains("--listen and --textfile exclude each other");
        assertThat(run("metrics", "-o", "json")).isEqualTo(64);
        assertThat(err.toString()).contains("HINT: leave out -o, or use holdfast status -o json");
        assertThat(run("metrics", "--listen", "9847", "--interval", "100ms")).isEqualTo(64);
        assertThat(err.toString()).contains("is not a whole number of seconds");
    }

    @Test
    void an_address_in_use_is_refused_before_anything_is_observed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(run("metrics", "--listen", Integer.toString(taken.getLocalPort())))
                    .isEqualTo(4);
            assertThat(err.toString()).contains("cannot listen on 127.0.0.1:").contains("HINT: ss -ltnp");
        }
    }

    @Test
    void monitoring_names_its_files_and_needs_a_directory() {
        assertThat(run("monitoring")).isEqualTo(64);
        assertThat(err.toString()).contains("--out").contains("HINT: holdfast monitoring --help");
        Path files = folder.resolve("monitoring");
        assertThat(run("monitoring", "--out", files.toString()))
                .as(err.toString())
                .isZero();
        assertThat(out.toString().lines()).contains(files.resolve("alerts.yml").toString());
        assertThat(files.resolve("alerts.yml")).content().contains("estate='nothing-yet'");
        assertThat(run("monitoring", "--out", topology.resolve("x").toString())).isEqualTo(1);
        assertThat(err.toString()).contains("cannot be written").contains("HINT: ");
    }
}
