package dev.holdfast.lint;

import dev.holdfast.model.Cluster;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.Redundancy.Member;
import dev.holdfast.model.SourceLocation;
import java.util.List;
import java.util.Map;

/** When the loss of one zone leaves no majority, the other zones are of no use. */
public final class ZoneHoldsMajority implements GroupLintRule {

    @Override
    public void judge(Cluster cluster, Redundancy group, SourceLocation place, List<Problem> found) {
        int voters = group.voters().size();
        if (voters < 2) {
            return;
        }
        for (Map.Entry<String, List<Member>> zone :
                MembersByZone.of(group.voters()).members().entrySet()) {
            int here = zone.getValue().size();
            if (voters - here < group.majority()) {
                found.add(Problem.warn(
                        place, description(group, zone.getKey(), here, voters), "spread the voters over three zones"));
            }
        }
    }

    private static String description(Redundancy group, String zone, int here, int voters) {
        return here == voters
                ? "all voters of " + group.id() + " are in zone " + zone + ": when it is lost, the group is lost"
                : zone + " holds " + here + " of the " + voters + " voters of " + group.id()
                        + ": when it is lost, no primary can be elected";
    }
}
