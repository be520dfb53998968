package dev.holdfast.cli.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is read ahead is what would have been read, or is not taken. */
@Tag("unit")
class TopologyPrefetchTest {

    private static final Path EXAMPLE = Written.EXAMPLES.resolve("swapskill/topology.yaml");

    @TempDir
    Path folder;

    private static Optional<Path> named(String... args) {
        return TopologyPrefetch.named(List.of(args), Map.of());
    }

    @Test
    void theFileThatACommandLineNames() {
        assertEquals(Optional.of(Path.of("topology.yaml")), named("validate"));
        assertEquals(Optional.of(Path.of("a.yaml")), named("validate", "-f", "a.yaml", "-v"));
        assertEquals(Optional.of(Path.of("a.yaml")), named("validate", "--file", "a.yaml"));
        assertEquals(Optional.of(Path.of("a.yaml")), named("validate", "--file=a.yaml"));
    }

    @Test
    void whatOtherWordsMayChangeIsNotGuessed() {
        assertEquals(Optional.empty(), named("validate", "--var", "K=V"));
        assertEquals(Optional.empty(), named("validate", "--var=K=V", "-f", "a.yaml"));
        assertEquals(Optional.empty(), named("validate", "-f", "a\0b"));
    }

    @Test
    void aRightGuessGivesTheSame() {
        TopologyPrefetch ahead = TopologyPrefetch.begin(List.of("validate", "-f", EXAMPLE.toString()), Map.of());
        assertEquals(
                TopologyFile.load(EXAMPLE, Map.of(), Map.of()).topology(),
                ahead.load(EXAMPLE, Map.of()).topology());
        assertTrue(ahead.load(EXAMPLE, Map.of()).topology().isPresent());
    }

    @Test
    void aWrongGuessIsNotTaken() throws IOException {
        Path other = Files.writeString(folder.resolve("other.yaml"), "name: x\n");
        TopologyPrefetch ahead = TopologyPrefetch.begin(List.of("validate", "-f", EXAMPLE.toString()), Map.of());
        assertEquals(
                TopologyFile.load(other, Map.of(), Map.of()).problems(),
                ahead.load(other, Map.of()).problems());
        assertTrue(ahead.load(other, Map.of()).topology().isEmpty());
    }

    @Test
    void valuesFromTheCommandLineAreFilledIn() throws IOException {
        Path file = Files.writeString(
                folder.resolve("topology.yaml"),
                Files.readString(EXAMPLE).replace("name: swapskill", "name: ${var:N}"));
        TopologyPrefetch ahead = TopologyPrefetch.begin(List.of("validate", "-f", file.toString()), Map.of());
        Map<String, String> vars = Map.of("N", "other");
        assertTrue(ahead.load(file, vars).problems().stream()
                .noneMatch(p -> p.what().contains("var:N")));
        assertTrue(ahead.load(file, Map.of()).problems().stream()
                .anyMatch(p -> p.what().contains("N")));
    }

    @Test
    @Timeout(20)
    void aPipeIsLeftToWhoAsksForIt() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        TopologyPrefetch ahead = TopologyPrefetch.begin(List.of("validate", "-f", pipe.toString()), Map.of());
        Process writer =
                new ProcessBuilder("sh", "-c", "cat '" + EXAMPLE.toAbsolutePath() + "' >'" + pipe + "'").start();
        List<String> messages = ahead.load(pipe, Map.of()).problems().stream()
                .map(p -> p.what())
                .filter(w -> !w.startsWith("there is no file"))
                .toList();
        writer.waitFor();
        assertEquals(List.of(), messages, "the only error is that a pipe has no folder with dictionaries");
    }
}
