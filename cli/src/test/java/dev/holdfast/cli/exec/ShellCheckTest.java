package dev.holdfast.cli.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.cli.RealEstate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** All shell scripts as shellcheck sees them, with the exceptions that .shellcheckrc names. */
@Tag("real")
class ShellCheckTest {

    private static final Path ROOT = RealEstate.repositoryFolder();

    @BeforeAll
    static void isInstalled() {
        assumeTrue(
                Arrays.stream(System.getenv("PATH").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "shellcheck"))),
                "shellcheck is not installed here: scripts/setup --tests installs it");
    }

    @Test
    void scripts_that_are_sent_to_hosts_are_clean() throws Exception {
        List<String> sent = scripts().stream()
                .filter(s -> s.matches("scripts/(host|postgres|mongodb|haproxy|pgbouncer)/.*\\.sh"))
                .toList();
        assertThat(sent).hasSizeGreaterThan(100);
        assertThat(said("sh", sent)).isEmpty();
    }

    @Test
    void scripts_for_developers_are_clean() throws Exception {
        List<String> own = scripts().stream()
                .filter(s -> s.matches("scripts/((bench|package)\\.d/)?[^/]+|\\.ci/.*"))
                .toList();
        assertThat(own).contains("scripts/setup", "scripts/test", "scripts/bench.d/lib.sh", ".ci/run");
        assertThat(said("bash", own)).isEmpty();
    }

    private static List<String> scripts() throws IOException {
        List<String> found = new ArrayList<>();
        for (String folder : List.of("scripts", ".ci")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    if (file.toString().endsWith(".sh")
                            || Files.readString(file).startsWith("#!")) {
                        found.add(ROOT.relativize(file).toString());
                    }
                }
            }
        }
        return found;
    }

    private static String said(String shell, List<String> files) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("shellcheck", "-x", "-s", shell, "-f", "gcc"));
        words.addAll(files);
        Process check = new ProcessBuilder(words)
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(check.waitFor()).as(said).isZero();
        return said;
    }
}
