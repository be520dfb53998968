package dev.holdfast.lint;

import dev.holdfast.model.Problem;
import dev.holdfast.model.Topology;
import java.util.List;

/** One piece of experience: an ERROR contradicts a declared objective, a WARN is advice. */
public interface LintRule {

    /** Tells where a topology goes against it: why, and how to mend it. */
    void judge(Topology topology, List<Problem> found);
}
