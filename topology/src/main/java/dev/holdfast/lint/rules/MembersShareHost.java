package dev.holdfast.lint.rules;

import dev.holdfast.model.Cluster;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.Redundancy.Member;
import dev.holdfast.model.Redundancy.QuorumModel;
import dev.holdfast.model.SourceLocation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rule about members of one group at one address, which fail together. */
public final class MembersShareHost implements GroupLintRule {

    @Override
    public String id() {
        return "members-share-host";
    }

    @Override
    public void judge(Cluster cluster, Redundancy group, SourceLocation place, List<Problem> found) {
        if (group.form() == QuorumModel.ANY_ONE) {
            return;
        }
        Map<String, Integer> byAddress = new HashMap<>();
        for (Member member : group.members()) {
            if (byAddress.merge(member.node().host().address(), 1, Integer::sum) == 2) {
                found.add(Problem.warn(
                        place,
                        "several members of " + group.id() + " are at the address of "
                                + member.node().host().name() + ": they fail together",
                        "declare a separate host for each member"));
            }
        }
    }
}
