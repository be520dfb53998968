package dev.holdfast.lint.rules;

import dev.holdfast.model.Cluster;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.SourceLocation;
import java.util.List;

/** The rule about a single voter, which tolerates no loss. */
public final class TooFewVoters implements GroupLintRule {

    @Override
    public String id() {
        return "too-few-voters";
    }

    @Override
    public void judge(Cluster cluster, Redundancy group, SourceLocation place, List<Problem> found) {
        if (group.voters().size() == 1) {
            found.add(Problem.warn(
                    place,
                    group.id() + " has one voter: after its loss, the group stops",
                    "declare three members in three zones"));
        }
    }
}
