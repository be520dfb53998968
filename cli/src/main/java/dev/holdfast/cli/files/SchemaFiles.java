package dev.holdfast.cli.files;

import dev.holdfast.engine.Tree;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Place;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Topology;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.DictionaryReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The dictionary files that clusters name under {@code schema}, each relative to the topology file. */
final class SchemaFiles {

    private final Path folder;
    private final Fill fill;
    private final Map<Path, Optional<Tree>> read = new LinkedHashMap<>();
    private final Set<Problem> problems = new LinkedHashSet<>();

    SchemaFiles(Path topologyFile, Fill fill) {
        Path parent = topologyFile.getParent();
        this.folder = parent == null ? Path.of("") : parent;
        this.fill = fill;
    }

    /** Dictionaries by cluster, of those clusters that have one; a file that several clusters name is read once. */
    Map<String, Dictionary> load(Topology topology, List<Problem> told) {
        Map<String, Dictionary> dictionaries = new LinkedHashMap<>();
        for (Cluster cluster : topology.clusters()) {
            List<Tree> trees = new ArrayList<>();
            boolean whole = true;
            for (String file : files(cluster)) {
                Optional<Tree> tree = tree(topology.place("/clusters/" + cluster.name() + "/schema"), file);
                tree.ifPresent(trees::add);
                whole = whole && tree.isPresent();
            }
            if (whole && !trees.isEmpty()) {
                DictionaryReader.Result result = DictionaryReader.read(trees);
                problems.addAll(result.problems());
                result.dictionary().ifPresent(d -> dictionaries.put(cluster.name(), d));
            }
        }
        told.addAll(problems);
        return dictionaries;
    }

    private static List<String> files(Cluster cluster) {
        Object named = cluster.extras().get("schema");
        if (named instanceof List<?> list) {
            return list.stream().map(Object::toString).toList();
        }
        return named == null ? List.of() : List.of(named.toString());
    }

    private Optional<Tree> tree(Place named, String file) {
        Path path = folder.resolve(file).normalize();
        if (!Files.isRegularFile(path)) {
            problems.add(Problem.error(named, "there is no file " + path, "schema: is relative to the topology file"));
            return Optional.empty();
        }
        return read.computeIfAbsent(path, this::tree);
    }

    private Optional<Tree> tree(Path path) {
        List<Problem> found = new ArrayList<>();
        Optional<Tree> tree =
                SourceText.read(path, found).flatMap(text -> YamlTree.read(path.toString(), text, fill, found));
        problems.addAll(found);
        return tree;
    }
}
