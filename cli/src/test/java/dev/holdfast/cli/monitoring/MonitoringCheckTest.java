package dev.holdfast.cli.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.cli.files.TopologyFile;
import dev.holdfast.cli.metrics.ListenAddress;
import dev.holdfast.model.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The generated monitoring as promtool and amtool read it. */
@Tag("real")
class MonitoringCheckTest {

    @BeforeAll
    static void isInstalled() {
        for (String program : List.of("promtool", "amtool")) {
            assumeTrue(
                    Stream.of(System.getenv("PATH").split(":")).anyMatch(d -> Files.isExecutable(Path.of(d, program))),
                    program + " is not installed here: scripts/setup --tests installs it");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"swapskill", "postgres-only", "replica-set"})
    void prometheus_and_alertmanager_accept_the_files(String example, @TempDir Path folder) throws Exception {
        Topology topology = TopologyFile.load(Path.of("..", "examples", example, "topology.yaml"), Map.of(), Map.of())
                .topology()
                .orElseThrow();
        Map<String, String> files =
                new MonitoringFiles(topology, ListenAddress.DEFAULT, Duration.ofSeconds(15), "ALERTS.md").all();
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
        accepted(folder, "promtool", "check", "config", "--lint-fatal", "prometheus.yml");
        accepted(folder, "promtool", "check", "rules", "--lint-fatal", "alerts.yml");
        accepted(folder, "amtool", "check-config", "alertmanager.yml");
    }

    private static void accepted(Path folder, String... command) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    }
}
