package dev.holdfast.lint;

import dev.holdfast.model.Problem;
import dev.holdfast.model.Topology;
import java.util.List;

/** One rule about valid topologies: an ERROR contradicts a declared objective, a WARN is advice. */
public interface LintRule {

    /** Returns the violations of this rule, each with the reason and a hint. */
    void judge(Topology topology, List<Problem> found);
}
