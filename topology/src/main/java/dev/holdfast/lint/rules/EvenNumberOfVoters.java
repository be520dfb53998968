package dev.holdfast.lint.rules;

import dev.holdfast.model.Cluster;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Quantity;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.SourceLocation;
import java.util.List;

/** The rule about an even number of voters, which tolerates no more losses than one voter fewer. */
public final class EvenNumberOfVoters implements GroupLintRule {

    @Override
    public String id() {
        return "even-number-of-voters";
    }

    @Override
    public void judge(Cluster cluster, Redundancy group, SourceLocation place, List<Problem> found) {
        int voters = group.voters().size();
        if (voters > 0 && voters % 2 == 0) {
            int bears = voters - group.majority();
            found.add(Problem.warn(
                    place,
                    group.id() + " has " + voters + " voters, an even number: it tolerates the loss of " + bears
                            + ", no more than with " + Quantity.of(voters - 1, "voter", "voters")
                            + ", and a partition into halves stops writes",
                    "add a voter, or write votes: 0 on one member"));
        }
    }
}
