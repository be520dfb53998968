package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code report --open} on a machine with a browser, without one, and with one that fails. */
@Tag("unit")
class OpenReportTest {

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path run;
    private Path programs;

    @BeforeEach
    void copyRun() throws Exception {
        run = Files.createDirectory(folder.resolve("run"));
        programs = Files.createDirectory(folder.resolve("programs"));
        Path saved = Path.of(
                OpenReportTest.class.getResource("/runs/mongo-primary-kill").toURI());
        try (Stream<Path> files = Files.list(saved)) {
            for (Path file : files.toList()) {
                Files.copy(file, run.resolve(file.getFileName()));
            }
        }
    }

    private int report() {
        return Main.run(
                Map.of(
                        "PATH",
                        programs + ":" + folder.resolve("absent"),
                        "SEEN",
                        folder.resolve("seen").toString()),
                false,
                new PrintWriter(out),
                new PrintWriter(err),
                "report",
                run.toString(),
                "--open");
    }

    private void program(String script) throws Exception {
        Path program = Files.writeString(programs.resolve("xdg-open"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void the_page_that_was_written_is_opened() throws Exception {
        program("printf '%s' \"$1\" >\"$SEEN\"");
        assertThat(report()).as(err.toString()).isZero();
        assertThat(Files.readString(folder.resolve("seen")))
                .isEqualTo(run.resolve("report.html").toString());
        assertThat(run.resolve("report.html")).isNotEmptyFile();
    }

    @Test
    void a_machine_without_a_browser_still_has_the_report_and_its_place() {
        assertThat(report()).isEqualTo(5);
        assertThat(err.toString())
                .contains(run.resolve("report.html") + ": the report is written, and no browser was opened:"
                        + " xdg-open is not installed on this machine")
                .contains("HINT: open this file in a browser");
        assertThat(out.toString()).contains("HELD: ");
        assertThat(run.resolve("report.html")).isNotEmptyFile();
    }

    @Test
    void a_browser_that_fails_is_named_with_its_exit() throws Exception {
        program("exit 3");
        assertThat(report()).isEqualTo(5);
        assertThat(err.toString()).contains("no browser was opened: xdg-open ended with exit 3");
    }

    @Test
    void without_the_option_no_browser_is_searched() {
        assertThat(List.of(Main.run(
                        Map.of(), false, new PrintWriter(out), new PrintWriter(err), "report", run.toString())))
                .containsExactly(0);
        assertThat(err.toString()).isEmpty();
    }
}
