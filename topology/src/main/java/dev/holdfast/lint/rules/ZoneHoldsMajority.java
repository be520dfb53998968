package dev.holdfast.lint.rules;

import dev.holdfast.model.Cluster;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.Redundancy.Member;
import dev.holdfast.model.SourceLocation;
import java.util.List;
import java.util.Map;

/** The rule about a zone with a majority of the voters, whose loss stops the group. */
public final class ZoneHoldsMajority implements GroupLintRule {

    @Override
    public String id() {
        return "zone-holds-majority";
    }

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
                        place,
                        description(group, zone.getKey(), here, voters),
                        "distribute the voters over three zones"));
            }
        }
    }

    private static String description(Redundancy group, String zone, int here, int voters) {
        return here == voters
                ? "all voters of " + group.id() + " are in zone " + zone + ": after its loss, the group is lost"
                : zone + " has " + here + " of the " + voters + " voters of " + group.id()
                        + ": after its loss, no primary can be elected";
    }
}
