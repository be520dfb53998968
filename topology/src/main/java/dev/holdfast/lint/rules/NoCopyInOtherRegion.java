package dev.holdfast.lint.rules;

import dev.holdfast.model.Cluster;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.Redundancy.Member;
import dev.holdfast.model.Redundancy.QuorumModel;
import dev.holdfast.model.SourceLocation;
import java.util.List;

/** The rule about clusters in one region, which are lost with the site. */
public final class NoCopyInOtherRegion implements GroupLintRule {

    @Override
    public String id() {
        return "no-copy-in-other-region";
    }

    @Override
    public void judge(Cluster cluster, Redundancy group, SourceLocation place, List<Problem> found) {
        if (group.form() != QuorumModel.PRIMARY || group.members().size() < 2) {
            return;
        }
        String home = group.members().get(0).node().host().region();
        for (Member member : group.members()) {
            String region = member.node().host().region();
            if (home.isEmpty() || !region.isEmpty() && !region.equals(home)) {
                return;
            }
        }
        found.add(Problem.warn(
                place,
                cluster.name() + " has no member outside region " + home + ": after its loss only backups remain",
                "add dr: { HOST: async } with a host in another region"));
    }
}
