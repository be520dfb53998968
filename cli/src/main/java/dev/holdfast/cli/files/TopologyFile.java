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

/** A topology file: YAML with places for what comes from outside. */
public final class TopologyFile {

    /**
     * What was read.
     *
     * @param topology absent when a problem is an error
     * @param dictionaries what is to be stored, by cluster, of those clusters that name schema files
     * @param drills the estate's own, beside the built-in ones
     */
    public record Loaded(
            Optional<Topology> topology,
            Map<String, Dictionary> dictionaries,
            List<Drill> drills,
            List<Problem> problems) {}

    private TopologyFile() {}

    /**
     * Reads a file; whatever is wrong with it is told, all together, and never thrown.
     *
     * @param vars what {@code ${var:NAME}} stands for
     * @param env what {@code ${env:NAME}} stands for; these values appear in problems only when they are
     *     names or durations that were understood
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
