package dev.holdfast.cli.advice;

import dev.holdfast.cli.view.ResultData;
import dev.holdfast.lint.Linter;
import dev.holdfast.model.Acceptance;
import dev.holdfast.model.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The problems of a topology as SARIF 2.1.0, for code scanning. */
public final class SarifLog {

    private static final String SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

    /** The rule id of a problem that no lint rule has found: of the form of the file. */
    private static final String FORM = "topology";

    private SarifLog() {}

    /**
     * Returns the log as plain maps.
     *
     * @param rules the files of all lint rules
     */
    public static Map<String, Object> of(List<RuleFile> rules, List<Problem> problems, List<Linter.Accepted> accepted) {
        List<Object> results = new ArrayList<>();
        problems.forEach(p -> results.add(result(p, Optional.empty())));
        accepted.forEach(a -> results.add(result(a.problem(), Optional.of(a.acceptance()))));
        Map<String, Object> form =
                rule(FORM, "The topology is not valid", "A key or a value of the file is wrong.", "error");
        List<Map<String, Object>> all = Stream.concat(
                        Stream.of(form),
                        rules.stream()
                                .map(r -> rule(r.id(), r.title(), r.reason() + " " + r.hint(), level(r.severity()))))
                .toList();
        Map<String, Object> driver = ResultData.map("name", "holdfast", "rules", all);
        return ResultData.map(
                "$schema",
                SCHEMA,
                "version",
                "2.1.0",
                "runs",
                List.of(ResultData.map("tool", Map.of("driver", driver), "results", results)));
    }

    private static Map<String, Object> rule(String id, String title, String text, String level) {
        return ResultData.map(
                "id",
                id,
                "shortDescription",
                Map.of("text", title),
                "fullDescription",
                Map.of("text", text),
                "defaultConfiguration",
                Map.of("level", level));
    }

    private static String level(Problem.Severity severity) {
        return severity == Problem.Severity.ERROR ? "error" : "warning";
    }

    private static Map<String, Object> result(Problem problem, Optional<Acceptance> acceptance) {
        Map<String, Object> region = ResultData.map(
                "startLine",
                Math.max(1, problem.place().line()),
                "startColumn",
                Math.max(1, problem.place().column()));
        Map<String, Object> location =
                ResultData.map("artifactLocation", Map.of("uri", problem.place().file()), "region", region);
        Map<String, Object> result = ResultData.map(
                "ruleId",
                problem.rule().isEmpty() ? FORM : problem.rule(),
                "level",
                level(problem.severity()),
                "message",
                Map.of("text", problem.what() + (problem.hint().isEmpty() ? "" : "\nHINT: " + problem.hint())),
                "locations",
                List.of(Map.of("physicalLocation", location)));
        acceptance.ifPresent(a -> result.put("suppressions", List.of(suppression(a))));
        return result;
    }

    private static Map<String, Object> suppression(Acceptance acceptance) {
        return ResultData.map(
                "kind",
                "inSource",
                "status",
                "accepted",
                "justification",
                acceptance.owner() + " accepted it until " + acceptance.until() + ": " + acceptance.because());
    }
}
