package dev.holdfast.lint.rules;

import dev.holdfast.model.Cluster;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.Redundancy.QuorumModel;
import dev.holdfast.model.SourceLocation;
import java.util.List;

/** The rule about routers and proxies: at least two, in two zones. */
public final class TooFewEndpoints implements GroupLintRule {

    @Override
    public String id() {
        return "too-few-endpoints";
    }

    @Override
    public void judge(Cluster cluster, Redundancy group, SourceLocation place, List<Problem> found) {
        if (group.form() != QuorumModel.ANY_ONE) {
            return;
        }
        if (group.members().isEmpty()) {
            found.add(Problem.warn(
                    place,
                    cluster.name() + " has no " + group.group() + ": clients must find the primary without help",
                    "declare at least two, in two zones"));
        } else if (group.members().size() == 1) {
            found.add(Problem.warn(
                    place,
                    cluster.name() + " has one endpoint, "
                            + group.members().get(0).node().id() + ": after its loss, no client reaches the data",
                    "declare at least two, in two zones"));
        } else if (!MembersByZone.only(group.members()).isEmpty()) {
            found.add(Problem.warn(
                    place,
                    "all " + group.group() + " of " + cluster.name() + " are in zone "
                            + MembersByZone.only(group.members()) + ": after its loss, no client reaches the data",
                    "declare one in another zone"));
        }
    }
}
