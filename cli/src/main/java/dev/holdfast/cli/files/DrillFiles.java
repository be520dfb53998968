package dev.holdfast.cli.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.BuiltIns;
import dev.holdfast.config.ConfigNode;
import dev.holdfast.drill.Drill;
import dev.holdfast.drill.config.DrillReader;
import dev.holdfast.model.Problem;
import dev.holdfast.model.SourceLocation;
import dev.holdfast.model.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** An estate's own drills: every {@code drills/*.yaml} next to its topology file. */
final class DrillFiles {

    /** Created for the first document. Few drills have one, and creating it takes a tenth of a command's start. */
    private static final class Json {
        static final ObjectMapper MAPPER = new ObjectMapper();
    }

    private final Path folder;
    private final VariableSubstitution fill;

    DrillFiles(Path topologyFile, VariableSubstitution fill) {
        Path parent = topologyFile.getParent();
        this.folder = (parent == null ? Path.of("") : parent).resolve("drills");
        this.fill = fill;
    }

    /** Returns the drills in the order of the file names; reports every problem. */
    List<Drill> load(Topology topology, List<Problem> problems) {
        Map<String, Drill> drills = new LinkedHashMap<>();
        BuiltIns.drills().forEach(d -> drills.put(d.name(), d));
        List<Drill> own = new ArrayList<>();
        for (Path file : files(problems)) {
            Optional<ConfigNode> tree = TextFile.read(file, problems)
                    .flatMap(text -> YamlParser.read(file.toString(), text, fill, problems));
            if (tree.isEmpty()) {
                continue;
            }
            DrillReader.Parts parts = new DrillReader.Parts(BuiltIns.engines(), BuiltIns.faults(), BuiltIns.checks());
            DrillReader.Result result = new DrillReader(topology, parts, DrillFiles::document).read(tree.get());
            problems.addAll(result.problems());
            result.drill().ifPresent(d -> {
                if (drills.putIfAbsent(d.name(), d) == null) {
                    own.add(d);
                } else {
                    problems.add(Problem.error(
                            tree.get().place(),
                            "there are two drills called \"" + d.name() + "\"",
                            "choose another name; the names of built-in drills are reserved"));
                }
            });
        }
        return own;
    }

    private List<Path> files(List<Problem> problems) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
        } catch (IOException unreadable) {
            problems.add(Problem.error(
                    new SourceLocation(folder.toString(), 1, 1),
                    "this directory cannot be read: " + unreadable.getMessage(),
                    "make the directory readable"));
            return List.of();
        }
    }

    private static Optional<Map<String, Object>> document(String text) {
        try {
            return Optional.ofNullable(
                    Json.MAPPER.readValue(text, new TypeReference<LinkedHashMap<String, Object>>() {}));
        } catch (JsonProcessingException notOne) {
            return Optional.empty();
        }
    }
}
