package dev.holdfast.lint;

import dev.holdfast.model.Problem;
import dev.holdfast.model.Topology;
import java.util.ArrayList;
import java.util.List;

/** Applies all lint rules to a valid topology. */
public final class Linter {

    private Linter() {}

    public static List<Problem> judge(Topology topology, List<LintRule> rules) {
        List<Problem> found = new ArrayList<>();
        for (LintRule rule : rules) {
            rule.judge(topology, found);
        }
        found.sort(Problem.BY_PLACE);
        return found;
    }
}
