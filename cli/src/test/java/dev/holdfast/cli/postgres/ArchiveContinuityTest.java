package dev.holdfast.cli.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.LiveFolder;
import dev.holdfast.cli.RealEstate.Ended;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A change of the primary is only over when the log of the new one arrives in the repository. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("real")
class ArchiveContinuityTest {

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

    /** The timelines of which there are segments, in the usual folder: none is named. */
    private List<String> timelines() throws IOException {
        Path folder = trio.estate.folder().resolve("backup/trio-test/payments");
        try (Stream<Path> all = LiveFolder.walk(folder)) {
            return all.map(p -> p.getFileName().toString())
                    .filter(n -> n.matches("[0-9A-F]{24}-.*"))
                    .map(n -> n.substring(0, 8))
                    .distinct()
                    .sorted()
                    .toList();
        }
    }

    @Test
    void a_switchover_ends_when_the_new_timeline_is_in_the_repository_and_a_base_copy_is_asked_for()
            throws IOException {
        assertThat(timelines()).containsExactly("00000001");

        trio.does(0, "switchover", "payments", "--yes");

        assertThat(timelines()).containsExactly("00000001", "00000002");
        Ended listed = trio.does(6, "backup", "list", "payments");
        assertThat(listed.out()).contains("nothing can be restored: no base backup exists");
        assertThat(listed.err()).contains("holdfast backup run payments");
        assertThat(trio.does(0, "switchover", "payments", "--to", "b1", "--yes").out())
                .contains("nothing to do");
        assertThat(trio.does(0, "plan", "--detailed-exitcode").out())
                .contains("nothing to do")
                .contains("note: payments: no base backup is in ")
                .contains("holdfast backup run payments makes the first one");
    }
}
