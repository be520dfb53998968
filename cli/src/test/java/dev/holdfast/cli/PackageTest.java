package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packages of scripts/package, unpacked and used on a machine without Maven. It starts no servers. */
@Tag("real")
class PackageTest {

    private static final Path ROOT = RealEstate.repositoryFolder();

    @TempDir
    private Path folder;

    private String run(Path at, List<String> command) throws IOException, InterruptedException {
        Path said = folder.resolve("said");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Files.createDirectories(at).toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().put("HOLDFAST_NO_BUILD", "1");
        builder.environment().put("HOLDFAST_HOME", folder.resolve("home").toString());
        if (command.get(0).endsWith("/bin/holdfast")) {
            builder.environment().put("PATH", programs().toString());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
            builder.environment().put("HOLDFAST_JAVA_OPTS", "-Xlog:class+load:file=" + loaded());
        }
        assertThat(builder.start().waitFor())
                .as(() -> command + "\n" + read(said))
                .isZero();
        return read(said);
    }

    /** The only programs that the launcher may use. */
    private Path programs() throws IOException {
        Path programs = folder.resolve("programs");
        if (!Files.exists(programs)) {
            Files.createDirectories(programs);
            for (String name : List.of("bash", "readlink", "stty", "mkdir", "nice", "mv", "rm")) {
                Files.createSymbolicLink(programs.resolve(name), Path.of("/usr/bin", name));
            }
        }
        return programs;
    }

    /** The file in which the JVM lists the classes that it has loaded, with their sources. */
    private Path loaded() {
        return folder.resolve("loaded-classes");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    private static List<String> names(Path at, String pattern) throws IOException {
        try (Stream<Path> files = Files.walk(at)) {
            return files.filter(f -> f.toString().matches(pattern))
                    .map(f -> f.getFileName().toString())
                    .toList();
        }
    }

    @Test
    void an_installed_holdfast_runs_from_any_directory_without_maven_and_source() throws Exception {
        Assumptions.assumeTrue(
                Files.exists(ROOT.resolve("cli/target/app/current")), "scripts/test builds what is packaged");
        Path packages = folder.resolve("packages");
        run(folder, List.of(ROOT.resolve("scripts/package").toString(), packages.toString()));
        Path archive = packages.resolve(names(packages, ".*[.]tar[.]gz").get(0));
        Path deb = packages.resolve(names(packages, ".*_all[.]deb").get(0));
        run(folder.resolve("a"), List.of("tar", "-xzf", archive.toString(), "--strip-components=1"));
        run(folder.resolve("b"), List.of("dpkg-deb", "-x", deb.toString(), "."));
        assertThat(run(folder, List.of("dpkg-deb", "-f", deb.toString(), "Depends")))
                .contains("java17-runtime-headless");
        for (Path root : List.of(folder.resolve("a"), folder.resolve("b/usr"))) {
            String holdfast = root.resolve("bin/holdfast").toString();
            Path elsewhere = folder.resolve("elsewhere");
            assertThat(run(elsewhere, List.of(holdfast, "version"))).contains("holdfast    ", "Java        ");
            Path example = root.resolve("share/doc/holdfast/examples/swapskill/topology.yaml");
            assertThat(run(elsewhere, List.of(holdfast, "validate", "-f", example.toString())))
                    .contains("Estate swapskill is valid");
            Path link = Files.createSymbolicLink(folder.resolve("holdfast-" + root.getFileName()), Path.of(holdfast));
            assertThat(run(elsewhere, List.of("bash", "-n", holdfast))).isEmpty();
            assertThat(run(elsewhere, List.of(link.toString(), "--version"))).startsWith("holdfast ");
            String archives = ".*" + root.getFileName() + "%lib%holdfast[.]jsa";
            Patience.until(
                    "the class archive exists",
                    () -> !names(folder.resolve("cache"), archives).isEmpty());
            assertThat(run(elsewhere, List.of(holdfast, "version"))).contains("holdfast    ");
            assertThat(loaded()).content().contains("dev.holdfast.cli.Main source: shared objects file (top)");
            assertThat(names(root, ".*/man1/.*[.]1[.]gz"))
                    .contains("holdfast.1.gz", "holdfast-drill-run.1.gz", "holdfast-init.1.gz");
            assertThat(names(root, ".*/(completions/holdfast|_holdfast)")).hasSize(2);
        }
    }
}
