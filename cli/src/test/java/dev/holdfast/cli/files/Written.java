package dev.holdfast.cli.files;

import dev.holdfast.model.Cluster;
import dev.holdfast.model.Node;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A topology file as it was written for a test, and what came of reading it. */
record Written(TopologyFile.Loaded loaded, Path path) {

    static final Path EXAMPLES = examples();

    /** Where tests write: in the folder of the dictionaries of SwapSkill. */
    static final Path FOLDER = folder();

    static Written text(String text) {
        return text(text, Map.of(), Map.of());
    }

    static Written text(String text, Map<String, String> vars, Map<String, String> env) {
        return bytes(text.getBytes(StandardCharsets.UTF_8), vars, env);
    }

    static Written bytes(byte[] bytes, Map<String, String> vars, Map<String, String> env) {
        try {
            Path path = Files.createTempFile(FOLDER, "topology", ".yaml");
            Files.write(path, bytes);
            try {
                return new Written(TopologyFile.load(path, vars, env), path);
            } finally {
                Files.delete(path);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Three hosts in three zones, and clusters. */
    static Written clusters(String clusters) {
        return text(estate(clusters));
    }

    static String estate(String clusters) {
        return """
                apiVersion: holdfast.dev/v1
                name: test
                environment: lab
                hosts:
                  a1: { address: 127.0.1.1, zone: zone-a, region: north, reach: local }
                  b1: { address: 127.0.1.2, zone: zone-b, region: north, reach: local }
                  c1: { address: 127.0.1.3, zone: zone-c, region: south, reach: local }
                clusters:
                """ + clusters.indent(2);
    }

    Topology topology() {
        return loaded.topology().orElseThrow(() -> new AssertionError("not valid:\n" + String.join("\n", problems())));
    }

    Cluster cluster(String name) {
        return topology().cluster(name).orElseThrow();
    }

    /** As {@code line:column what}. */
    List<String> problems() {
        return loaded.problems().stream()
                .map(p -> p.place().line() + ":" + p.place().column() + " " + p.what())
                .toList();
    }

    List<String> hints() {
        return loaded.problems().stream().map(Problem::hint).toList();
    }

    /** Everything that people would see, with the file's name alone. */
    String description() {
        return loaded.problems().stream()
                .map(p -> p.toString().replace(path.getParent() + "/", "") + "\n")
                .collect(Collectors.joining());
    }

    /** As {@code cluster/group/node=address:port}. */
    List<String> endpoints() {
        return topology().nodes().stream().map(n -> n.id() + "=" + n.endpoint()).toList();
    }

    Node node(String id) {
        return topology().nodes().stream()
                .filter(n -> n.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Path folder() {
        try (Stream<Path> dictionaries = Files.list(EXAMPLES.resolve("swapskill/schema"))) {
            Path folder = Files.createTempDirectory("written");
            folder.toFile().deleteOnExit();
            Path schema = Files.createDirectory(folder.resolve("schema"));
            schema.toFile().deleteOnExit();
            for (Path dictionary : dictionaries.toList()) {
                Path copy = schema.resolve(dictionary.getFileName());
                Files.copy(dictionary, copy);
                copy.toFile().deleteOnExit();
            }
            return folder;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Path examples() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(at.resolve("examples")) || !Files.isDirectory(at.resolve("scripts"))) {
            at = at.getParent();
        }
        return at.resolve("examples");
    }
}
