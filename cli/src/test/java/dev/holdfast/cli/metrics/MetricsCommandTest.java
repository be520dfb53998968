package dev.holdfast.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The options of metrics and monitoring. */
@Tag("unit")
class MetricsCommandTest extends EstateOfNothing {

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
