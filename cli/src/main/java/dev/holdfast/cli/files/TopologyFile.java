package dev.holdfast.cli.files;

import dev.holdfast.BuiltIns;
import dev.holdfast.config.ConfigNode;
import dev.holdfast.config.TopologyReader;
import dev.holdfast.drill.Drill;
import dev.holdfast.lint.Linter;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Topology;
import dev.holdfast.schema.Dictionary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A topology file: YAML with places for values from outside. */
public final class TopologyFile {

    /**
     * The result of reading.
     *
     * @param topology absent when a problem is an error
     * @param dictionaries the declared schema of each cluster that names schema files
     * @param drills the estate's own drills
     */
    public record Loaded(
            Optional<Topology> topology,
            Map<String, Dictionary> dictionaries,
            List<Drill> drills,
            List<Problem> problems) {}

    private TopologyFile() {}

    /**
     * Reads a file; returns all problems together and never throws.
     *
     * @param vars the values of {@code ${var:NAME}}
     * @param env the values of {@code ${env:NAME}}; they appear in problems only when they are
     *     names or durations that were parsed
     */
    public static Loaded load(Path path, Map<String, String> vars, Map<String, String> env) {
        List<Problem> problems = new ArrayList<>();
        VariableSubstitution fill = new VariableSubstitution(vars, env);
        Optional<ConfigNode> tree =
                TextFile.read(path, problems).flatMap(text -> YamlParser.read(path.toString(), text, fill, problems));
        if (tree.isEmpty()) {
            return new Loaded(Optional.empty(), Map.of(), List.of(), problems);
        }
        TopologyReader.Result result =
                new TopologyReader(BuiltIns.engines(), StateDirectory::defaultDirectory).read(tree.get());
        problems.addAll(result.problems());
        if (problems.stream().noneMatch(Problem::isError)) {
            result.topology().ifPresent(t -> problems.addAll(Linter.judge(t, BuiltIns.rules())));
        }
        Map<String, Dictionary> dictionaries = result.topology()
                .map(t -> new DictionaryFiles(path, fill).load(t, problems))
                .orElse(Map.of());
        List<Drill> drills = result.topology()
                .map(t -> new DrillFiles(path, fill).load(t, problems))
                .orElse(List.of());
        problems.sort(Problem.BY_PLACE);
        boolean isWrong = problems.stream().anyMatch(Problem::isError);
        return new Loaded(isWrong ? Optional.empty() : result.topology(), dictionaries, drills, problems);
    }
}
