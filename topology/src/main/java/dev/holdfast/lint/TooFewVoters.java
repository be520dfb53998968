package dev.holdfast.lint;

import dev.holdfast.model.Cluster;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.SourceLocation;
import java.util.List;

/** A lone voter bears no loss at all. */
public final class TooFewVoters implements GroupLintRule {

    @Override
    public void judge(Cluster cluster, Redundancy group, SourceLocation place, List<Problem> found) {
        if (group.voters().size() == 1) {
            found.add(Problem.warn(
                    place,
                    group.id() + " has one voter: when it is lost, everything stops",
                    "list three members in three zones"));
        }
    }
}
