package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.LiveFolder;
import dev.holdfast.cli.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A standby that was promoted by hand archives its timeline; no other server follows it, and no promotion takes its number. */
@Tag("real")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StrayTimelineTest {

    private RealTrio trio;

    @BeforeAll
    void a_trio_that_archives_is_created() throws IOException {
        trio = new RealTrio(RealTrio.TOPOLOGY.replace(
                "    settings:",
                "    backup: { full: weekly, incremental: daily, archive: continuous }\n" + "    settings:"));
        trio.applied();
    }

    @AfterAll
    void nothing_is_left() throws IOException {
        trio.close();
    }

    private TreeSet<String> archived(String pattern) throws IOException {
        Path folder = trio.estate.folder().resolve("backup/trio-test/payments");
        try (Stream<Path> all = LiveFolder.walk(folder)) {
            return all.map(p -> p.getFileName().toString())
                    .filter(n -> n.matches(pattern))
                    .map(n -> n.substring(0, 8))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private String inRecovery(String host) throws Exception {
        return trio.ask(host, "SELECT pg_is_in_recovery()").get(0);
    }

    @Test
    void the_stray_timeline_stays_without_followers_and_its_number_is_not_used_again() throws Exception {
        trio.ask("d1", "SELECT pg_promote(true, 60)");
        Patience.until(
                "the stray has archived its history",
                () -> archived("[0-9A-F]{8}\\.history.*").equals(new TreeSet<>(List.of("00000002"))));
        trio.does(0, "rejoin", "payments/servers/d1", "--yes");
        trio.settled();

        // a standby that starts, and one that is copied, follow the primary and not the repository
        trio.kill(trio.postmaster("b1"));
        Patience.until("b1 has ended", () -> trio.processes("b1").isBlank());
        trio.applied();
        trio.settled();
        RealTrio.signal("KILL", trio.processes("d1"));
        Patience.until("d1 has ended", () -> trio.processes("d1").isBlank());
        try (Stream<Path> all = LiveFolder.walk(trio.directory("d1").resolve("data"))) {
            for (Path each : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(each);
            }
        }
        trio.applied();
        trio.settled();
        assertThat(List.of(inRecovery("a1"), inRecovery("b1"), inRecovery("d1")))
                .containsExactly("f", "t", "t");
        assertThat(trio.timeline("a1")).isEqualTo(1);

        // a promotion takes a free number, and its WAL arrives in the repository
        trio.does(0, "switchover", "payments", "--to", "b1", "--yes");
        assertThat(trio.timeline("b1")).isEqualTo(3);
        assertThat(archived("[0-9A-F]{24}-.*")).contains("00000001", "00000003");
        trio.settled();

        // a standby of timeline 1 that was away follows to timeline 3
        trio.kill(trio.postmaster("a1"));
        Patience.until("a1 has ended", () -> trio.processes("a1").isBlank());
        trio.applied();
        trio.settled();
        assertThat(trio.does(0, "status").out()).doesNotContain("not streaming");
    }
}
