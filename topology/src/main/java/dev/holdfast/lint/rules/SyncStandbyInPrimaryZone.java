package dev.holdfast.lint.rules;

import dev.holdfast.model.Cluster;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.Redundancy.Member;
import dev.holdfast.model.Redundancy.MemberRole;
import dev.holdfast.model.Redundancy.QuorumModel;
import dev.holdfast.model.SourceLocation;
import java.util.List;

/** The rule about a synchronous standby in the primary's zone: commits that wait only for it are lost with the zone. */
public final class SyncStandbyInPrimaryZone implements GroupLintRule {

    @Override
    public String id() {
        return "sync-standby-in-primary-zone";
    }

    @Override
    public void judge(Cluster cluster, Redundancy group, SourceLocation place, List<Problem> found) {
        if (group.form() != QuorumModel.PRIMARY || group.members().isEmpty()) {
            return;
        }
        String zone = group.members().get(0).node().host().zone();
        for (Member standby : group.members().subList(1, group.members().size())) {
            if (standby.role() == MemberRole.AWAITED
                    && !zone.isEmpty()
                    && standby.node().host().zone().equals(zone)) {
                found.add(Problem.warn(
                        place,
                        "the synchronous standby " + standby.node().name() + " of " + cluster.name()
                                + " is in the primary's zone, " + zone
                                + ": both copies of a commit are lost with the zone",
                        "declare a standby in another zone as sync"));
            }
        }
    }
}
