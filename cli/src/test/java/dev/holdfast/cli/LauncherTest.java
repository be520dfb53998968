package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** scripts/holdfast with the build that scripts/test has made: how it starts, not how long that takes. */
@Tag("unit")
class LauncherTest {

    private static final Path ROOT = RealEstate.repositoryFolder();
    private static final Path APPS = ROOT.resolve("cli/target/app");

    @TempDir
    Path folder;

    @BeforeAll
    static void isBuilt() {
        Assumptions.assumeTrue(Files.exists(APPS.resolve("current")), "scripts/test builds what scripts/holdfast runs");
    }

    private static Path app() throws IOException {
        return APPS.resolve(Files.readString(APPS.resolve("current")).strip());
    }

    private static boolean has(String archive) {
        try (Stream<Path> files = Files.list(app())) {
            return files.map(f -> f.getFileName().toString()).anyMatch(n -> n.matches(archive + "-.*[.]jsa"));
        } catch (IOException unreadable) {
            return false;
        }
    }

    private String run(String options, String... words) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        ProcessBuilder launch = new ProcessBuilder(
                Stream.concat(Stream.of(ROOT.resolve("scripts/holdfast").toString()), Stream.of(words))
                        .toList());
        launch.environment().put("HOLDFAST_NO_BUILD", "1");
        launch.environment().put("HOLDFAST_JAVA_OPTS", options);
        launch.environment().put("HOLDFAST_HOME", folder.resolve("home").toString());
        Process process =
                launch.redirectErrorStream(true).redirectOutput(out.toFile()).start();
        assertThat(process.waitFor()).as(() -> read(out)).isZero();
        return read(out);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    private Path example() throws IOException {
        Path topology = folder.resolve("topology.yaml");
        String text = Files.readString(ROOT.resolve("examples/replica-set/topology.yaml"));
        return Files.writeString(topology, text.replaceAll("127[.]0[.]", "127.93."));
    }

    @Test
    void validateTakesEveryClassOutOfItsArchiveAndOpensNoJar() throws Exception {
        Patience.until("the archive of the few classes is made", () -> has("few"));
        String output = run(
                "-Xlog:class+load:stdout",
                "validate",
                "-f",
                ROOT.resolve("examples/swapskill/topology.yaml").toString());
        List<String> loaded =
                output.lines().filter(l -> l.contains(" source: ")).toList();
        assertThat(loaded).hasSizeGreaterThan(1000);
        if (Runtime.version().feature() > 21) { // it archives no class files of picocli, whose format is that of Java 5
            assertThat(loaded).noneMatch(l -> l.contains("source: file:") && !l.contains(" picocli."));
        } else {
            assertThat(loaded).noneMatch(l -> l.contains("source: file:") || l.contains("URLClassPath$JarLoader"));
        }
        assertThat(output).contains("Estate swapskill is valid");
    }

    @Test
    void whatTheFirstLookAtServersLoadsIsInTheSecondArchiveLater() throws Exception {
        String file = example().toString();
        Patience.until("the archive of the few classes is made", () -> has("few"));
        run("", "status", "-f", file);
        run("", "--version");
        Patience.until("the archive of the many classes is made", () -> has("many"));
        String output = run("-Xlog:class+load:stdout", "status", "-f", file);
        assertThat(output)
                .containsPattern("dev[.]holdfast[.]cli[.]live[.]LiveExecutionContext source: shared objects file");
        // an earlier command, such as the one of a demo, may have made the archive: it lacks the classes of this
        // command alone
        assertThat(output.lines().filter(l -> l.matches(".*dev[.]holdfast[.]\\S+ source: (file|jar):.*")))
                .hasSizeLessThan(20);
    }
}
