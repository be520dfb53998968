package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class MainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return Main.run(Map.of(), false, new PrintWriter(out), new PrintWriter(err), args);
    }

    @Test
    void no_command_is_wrong_usage_and_shows_the_commands() {
        assertThat(run()).isEqualTo(64);
        assertThat(err.toString()).contains("Usage: holdfast").contains("apply").contains("plan");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void help_and_version_are_results_on_standard_output() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("Exit codes:").contains("another run holds the lock");
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).contains("holdfast 0.");
        assertThat(run("apply", "--help")).isZero();
        assertThat(out.toString()).contains("Usage: holdfast apply").contains("${var:K}");
    }

    @Test
    void help_with_a_command_shows_that_command() {
        for (String command : Main.all(null).getSubcommands().keySet()) {
            out.getBuffer().setLength(0);
            assertThat(run("help", command)).as(command).isZero();
            assertThat(out.toString()).startsWith("Usage: holdfast " + command);
        }
        assertThat(run("help")).isZero();
        assertThat(out.toString()).contains("Usage: holdfast [-hV] COMMAND");
        assertThat(run("help", "aply")).isEqualTo(64);
        assertThat(err.toString()).contains("aply");
    }

    @Test
    void an_unknown_option_or_command_is_named_with_a_hint() {
        assertThat(run("plan", "--detailed-exit-code")).isEqualTo(64);
        assertThat(err.toString())
                .contains("--detailed-exit-code")
                .contains("HINT: holdfast plan --help")
                .doesNotContain("\tat ");
        assertThat(run("aply")).isEqualTo(64);
        assertThat(err.toString()).contains("aply");
    }

    @Test
    void a_wrong_time_is_wrong_usage() {
        assertThat(run("plan", "--timeout", "soon")).isEqualTo(64);
        assertThat(err.toString()).contains("--timeout").contains("soon").doesNotContain("\tat ");
    }

    @Test
    void a_missing_topology_is_reported_in_one_sentence() {
        assertThat(run("plan", "-f", "/nowhere/topology.yaml")).isEqualTo(3);
        assertThat(err.toString())
                .contains("/nowhere/topology.yaml")
                .contains("HINT")
                .doesNotContain("\tat ");
    }

    /** With the other words of drill files, see {@code DrillFilesTest}. */
    @Test
    void a_drill_file_with_a_former_word_works_and_the_commands_of_drills_warn_of_it(@TempDir Path folder)
            throws IOException {
        Path topology = Files.copy(
                RealEstate.repositoryFolder().resolve("examples/replica-set/topology.yaml"),
                folder.resolve("topology.yaml"));
        Path file = Files.createDirectories(folder.resolve("drills")).resolve("mine.yaml");
        Files.writeString(file, """
                apiVersion: holdfast.dev/v1
                drill: mine
                description: The primary goes.
                target: estate
                faults:
                  - { fault: kill, strikes: primary }
                recovery: itself
                """);
        assertThat(run("drill", "show", "mine", "-f", topology.toString(), "-o", "json"))
                .as(err.toString())
                .isZero();
        OutputDocuments.mustAgree(out.toString());
        assertThat(out.toString()).contains("\"affects\"").doesNotContain("DEPRECATED");
        assertThat(err.toString())
                .isEqualToNormalizingNewlines(
                        file + ":6:20: DEPRECATED: the key strikes has a new name\n    HINT: use target\n");
        err.getBuffer().setLength(0);
        Files.writeString(file, Files.readString(file).replace("strikes:", "target:"));
        assertThat(run("drill", "show", "mine", "-f", topology.toString())).isZero();
        assertThat(err.toString()).isEmpty();
    }
}
