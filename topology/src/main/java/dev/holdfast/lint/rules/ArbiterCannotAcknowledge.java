package dev.holdfast.lint.rules;

import dev.holdfast.model.Cluster;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.Redundancy.Member;
import dev.holdfast.model.Redundancy.QuorumModel;
import dev.holdfast.model.SourceLocation;
import java.util.List;

/** The rule about arbiters, which count for the majority but cannot acknowledge a write. */
public final class ArbiterCannotAcknowledge implements GroupLintRule {

    @Override
    public String id() {
        return "arbiter-cannot-acknowledge";
    }

    @Override
    public void judge(Cluster cluster, Redundancy group, SourceLocation place, List<Problem> found) {
        if (group.form() != QuorumModel.MAJORITY) {
            return;
        }
        long arbiters = group.voters().stream().filter(m -> !m.holdsData()).count();
        long holders = group.voters().stream().filter(Member::holdsData).count();
        if (arbiters > 0 && group.copies() > 1 && holders - 1 < group.copies()) {
            found.add(Problem.warn(
                    place,
                    group.id() + " has an arbiter and only " + holders + " members with data, and its writes wait for "
                            + group.copies() + " members: after the loss of one, these writes wait without end",
                    "replace the arbiter by a member with data"));
        }
    }
}
