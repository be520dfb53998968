package dev.holdfast.cli.files;

import dev.holdfast.BuiltIns;
import dev.holdfast.config.ConfigNode;
import dev.holdfast.config.Suggestion;
import dev.holdfast.config.TopologyReader;
import dev.holdfast.drill.Drill;
import dev.holdfast.lint.Linter;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Topology;
import dev.holdfast.schema.Dictionary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Reads a topology file with its variables, dictionaries and drill files. */
public final class TopologyFile {

    /**
     * The result of reading.
     *
     * @param topology absent when a problem is an error
     * @param dictionaries the declared schema of each cluster that names schema files
     * @param drills the estate's own drills
     * @param accepted the advice that owners have accepted, which is not among the problems
     * @param named the names of {@code ${var:NAME}} in all files that were read
     */
    public record Loaded(
            Optional<Topology> topology,
            Map<String, Dictionary> dictionaries,
            List<Drill> drills,
            List<Problem> problems,
            List<Linter.Accepted> accepted,
            Set<String> named) {

        /**
         * Checks that the files use every value that was given. A file with errors may hide a use, so that a value of an invalid
         * topology counts as misspelt only when a similar name has no value.
         *
         * @throws HoldfastException USAGE with the nearest name
         */
        public Loaded mustUse(Map<String, String> vars) {
            for (String name : vars.keySet()) {
                List<String> open = named.stream()
                        .filter(n -> !vars.containsKey(n))
                        .sorted()
                        .toList();
                if (!named.contains(name)
                        && (topology.isPresent() || Suggestion.to(name, open).isPresent())) {
                    throw new HoldfastException(
                            ExitCode.USAGE,
                            "--var " + name,
                            "no file uses ${var:" + name + "}",
                            named.isEmpty()
                                    ? "remove it; the files have no ${var:NAME}"
                                    : Suggestion.hint(name, open.isEmpty() ? named : open, "the files use: "));
                }
            }
            return this;
        }
    }

    private TopologyFile() {}

    /** Returns whether there is something to read at a path. */
    public static boolean isThere(Path path) {
        return TextFile.isStandardInput(path) || Files.exists(path);
    }

    /**
     * Reads a file; returns all problems together and never throws.
     *
     * @param vars the values of {@code ${var:NAME}}
     * @param env the values of {@code ${env:NAME}}; they appear in problems only when they are
     *     names or durations that were parsed
     */
    public static Loaded load(Path path, Map<String, String> vars, Map<String, String> env) {
        return load(path, vars, env, LocalDate.now(ZoneOffset.UTC));
    }

    /** @param today the day on which acceptances of advice must still hold */
    static Loaded load(Path path, Map<String, String> vars, Map<String, String> env, LocalDate today) {
        List<Problem> problems = new ArrayList<>();
        VariableSubstitution fill = new VariableSubstitution(vars, env);
        return of(path, TextFile.read(path, problems), fill, problems, today);
    }

    /** Returns the problems of a text that is to become the file of an estate without other files. */
    public static List<Problem> check(String text) {
        VariableSubstitution fill = new VariableSubstitution(Map.of(), Map.of());
        return of(Path.of("/nowhere/topology.yaml"), Optional.of(text), fill, new ArrayList<>(), LocalDate.EPOCH)
                .problems();
    }

    private static Loaded of(
            Path path, Optional<String> text, VariableSubstitution fill, List<Problem> problems, LocalDate today) {
        Optional<ConfigNode> tree = text.flatMap(t -> YamlParser.read(TextFile.name(path), t, fill, problems));
        if (tree.isEmpty()) {
            return new Loaded(Optional.empty(), Map.of(), List.of(), problems, List.of(), fill.named());
        }
        TopologyReader.Result result =
                new TopologyReader(BuiltIns.engines(), StateDirectory::defaultDirectory).read(tree.get());
        problems.addAll(result.problems());
        boolean isValid = problems.stream().noneMatch(Problem::isError);
        Map<String, Dictionary> dictionaries = result.topology()
                .map(t -> new DictionaryFiles(path, fill).load(t, problems))
                .orElse(Map.of());
        List<Linter.Accepted> accepted = new ArrayList<>();
        result.topology()
                .filter(t -> isValid)
                .map(t -> Linter.judge(t, stored(dictionaries), BuiltIns.rules(), today))
                .ifPresent(r -> {
                    problems.addAll(r.open());
                    accepted.addAll(r.accepted());
                });
        List<Drill> drills = result.topology()
                .map(t -> new DrillFiles(path, fill).load(t, problems))
                .orElse(List.of());
        problems.sort(Problem.BY_PLACE);
        boolean isWrong = problems.stream().anyMatch(Problem::isError);
        return new Loaded(
                isWrong ? Optional.empty() : result.topology(), dictionaries, drills, problems, accepted, fill.named());
    }

    /** Returns what each dictionary declares, by the name alone and with its domain. */
    private static Map<String, Set<String>> stored(Map<String, Dictionary> dictionaries) {
        Map<String, Set<String>> stored = new HashMap<>();
        dictionaries.forEach((cluster, dictionary) -> dictionary.entities().stream()
                .flatMap(e -> Stream.of(e.name(), e.id()))
                .forEach(n ->
                        stored.computeIfAbsent(cluster, c -> new TreeSet<>()).add(n)));
        return stored;
    }
}
