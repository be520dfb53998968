package dev.holdfast.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.run.DrillHistory;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The last drills of a machine, as metrics show them. */
@Tag("unit")
class LastDrillsTest {

    @TempDir
    private Path state;

    private Path copied(String name) throws IOException, URISyntaxException {
        Path saved = Path.of(
                LastDrillsTest.class.getResource("/runs/mongo-primary-kill").toURI());
        Path run = Files.createDirectories(state.resolve("runs").resolve(name));
        try (Stream<Path> files = Files.list(saved)) {
            for (Path file : files.toList()) {
                Files.copy(file, run.resolve(file.getFileName()));
            }
        }
        return run;
    }

    @Test
    void the_last_run_of_a_drill_that_has_ended_counts() throws IOException, URISyntaxException {
        copied("20260101T000000.000Z-drill-mongo-primary-kill");
        Path going = copied("20260102T000000.000Z-drill-mongo-primary-kill");
        List<String> lines = Files.readAllLines(going.resolve("ledger.jsonl"));
        Files.write(going.resolve("ledger.jsonl"), lines.subList(0, lines.size() - 1));
        List<DrillHistory.Run> runs = new LastDrills(state).look();
        assertThat(runs).singleElement().satisfies(r -> {
            assertThat(r.drill()).isEqualTo("mongo-primary-kill");
            assertThat(r.recovery()).isPresent();
            assertThat(r.lost()).isPresent();
            assertThat(r.exit()).isZero();
        });
    }

    @Test
    void a_run_that_cannot_be_read_is_left_out() throws IOException, URISyntaxException {
        Files.writeString(
                Files.createDirectories(state.resolve("runs/20260101T000000.000Z-drill-x"))
                        .resolve("ledger.jsonl"),
                "no JSON\n");
        copied("20260102T000000.000Z-drill-mongo-primary-kill");
        assertThat(new LastDrills(state).look()).hasSize(1);
        assertThat(new LastDrills(state.resolve("none")).look()).isEmpty();
    }
}
