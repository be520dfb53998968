package dev.holdfast.cli.files;

import dev.holdfast.config.ConfigNode;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Problem;
import dev.holdfast.model.SourceLocation;
import dev.holdfast.model.Topology;
import dev.holdfast.schema.Dictionary;
import dev.holdfast.schema.EngineDifferences;
import dev.holdfast.schema.Entity;
import dev.holdfast.schema.config.DictionaryReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The dictionary files that clusters name under {@code schema}, each relative to the topology file. */
final class DictionaryFiles {

    private record Parsed(Optional<ConfigNode> tree, List<Problem> problems) {}

    private static final int LARGE_BYTES = 100_000;

    private final Path folder;
    private final VariableSubstitution fill;
    private final Map<Path, Optional<ConfigNode>> read = new LinkedHashMap<>();
    private final Set<Problem> problems = new LinkedHashSet<>();

    DictionaryFiles(Path topologyFile, VariableSubstitution fill) {
        Path parent = topologyFile.getParent();
        this.folder = parent == null ? Path.of("") : parent;
        this.fill = fill;
    }

    /** Returns the dictionaries by cluster, without clusters that have none; a file that several clusters name is read once. */
    Map<String, Dictionary> load(Topology topology, List<Problem> found) {
        Map<String, Dictionary> dictionaries = new LinkedHashMap<>();
        readAll(topology);
        for (Cluster cluster : topology.clusters()) {
            List<ConfigNode> trees = new ArrayList<>();
            boolean whole = true;
            for (String file : cluster.dictionaries()) {
                Optional<ConfigNode> tree = tree(topology.place("/clusters/" + cluster.name() + "/schema"), file);
                tree.ifPresent(trees::add);
                whole = whole && tree.isPresent();
            }
            if (whole && !trees.isEmpty()) {
                DictionaryReader.Result result = DictionaryReader.read(trees);
                problems.addAll(result.problems());
                result.dictionary().ifPresent(d -> dictionaries.put(cluster.name(), d));
            }
        }
        problems.addAll(differences(topology, dictionaries));
        found.addAll(problems);
        return dictionaries;
    }

    /** Returns what two clusters of different engines declare in the same file with a different meaning. */
    private static List<Problem> differences(Topology topology, Map<String, Dictionary> dictionaries) {
        List<Problem> found = new ArrayList<>();
        for (Cluster one : clustersOf(topology, dictionaries, "mongodb")) {
            for (Cluster other : clustersOf(topology, dictionaries, "postgresql")) {
                Set<SourceLocation> places = dictionaries.get(other.name()).storedIn(other.engine()).entities().stream()
                        .map(Entity::place)
                        .collect(Collectors.toSet());
                List<Entity> kept = dictionaries.get(one.name()).storedIn(one.engine()).entities().stream()
                        .filter(e -> places.contains(e.place()))
                        .toList();
                found.addAll(EngineDifferences.of(kept, one.name(), other.name()));
            }
        }
        return found;
    }

    private static List<Cluster> clustersOf(Topology topology, Map<String, Dictionary> dictionaries, String engine) {
        return topology.clusters().stream()
                .filter(c -> c.engine().equals(engine) && dictionaries.containsKey(c.name()))
                .toList();
    }

    /**
     * Reads large dictionaries in parallel: reading them takes longer than anything else before servers are contacted. Small
     * ones are read before other threads have started.
     */
    private void readAll(Topology topology) {
        List<Path> paths = topology.clusters().stream()
                .flatMap(c -> c.dictionaries().stream())
                .map(this::path)
                .filter(Files::isRegularFile)
                .distinct()
                .toList();
        boolean isLarge = paths.stream().mapToLong(p -> p.toFile().length()).sum() > LARGE_BYTES;
        Map<Path, Parsed> parsed = (isLarge ? paths.parallelStream() : paths.stream())
                .collect(Collectors.toConcurrentMap(Function.identity(), this::parsed));
        parsed.forEach((path, file) -> {
            read.put(path, file.tree());
            problems.addAll(file.problems());
        });
    }

    private Optional<ConfigNode> tree(SourceLocation named, String file) {
        Path path = path(file);
        if (!read.containsKey(path)) {
            problems.add(Problem.error(
                    named, "there is no file " + path, "the path under schema: is relative to the topology file"));
            return Optional.empty();
        }
        return read.get(path);
    }

    private Path path(String file) {
        return folder.resolve(file).normalize();
    }

    private Parsed parsed(Path path) {
        List<Problem> found = new ArrayList<>();
        Optional<ConfigNode> tree =
                TextFile.read(path, found).flatMap(text -> YamlParser.read(path.toString(), text, fill, found));
        return new Parsed(tree, found);
    }
}
