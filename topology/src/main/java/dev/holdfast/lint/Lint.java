package dev.holdfast.lint;

import dev.holdfast.model.Problem;
import dev.holdfast.model.Topology;
import java.util.ArrayList;
import java.util.List;

/** Holds a valid topology against all rules. */
public final class Lint {

    private Lint() {}

    public static List<Problem> judge(Topology topology, List<Rule> rules) {
        List<Problem> found = new ArrayList<>();
        for (Rule rule : rules) {
            rule.judge(topology, found);
        }
        found.sort(Problem.BY_PLACE);
        return found;
    }
}
