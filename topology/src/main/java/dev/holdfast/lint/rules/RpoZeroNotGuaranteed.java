package dev.holdfast.lint.rules;

import dev.holdfast.lint.LintRule;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.Redundancy.QuorumModel;
import dev.holdfast.model.SourceLocation;
import dev.holdfast.model.Topology;
import java.time.Duration;
import java.util.List;

/** The rule about an RPO of 0, which needs every acknowledged write on a second member. */
public final class RpoZeroNotGuaranteed implements LintRule {

    @Override
    public String id() {
        return "rpo-zero-not-guaranteed";
    }

    @Override
    public void judge(Topology topology, List<Problem> found) {
        for (Cluster cluster : topology.clusters()) {
            if (cluster.objectives().rpo().filter(Duration::isZero).isEmpty()) {
                continue;
            }
            SourceLocation place = topology.place("/clusters/" + cluster.name() + "/objectives/rpo");
            for (Redundancy group : cluster.redundancies()) {
                judge(group, place, found);
            }
        }
    }

    private static void judge(Redundancy group, SourceLocation place, List<Problem> found) {
        if (group.form() == QuorumModel.ANY_ONE
                || group.form() == QuorumModel.VOTES
                || group.members().isEmpty()) {
            return;
        }
        if (group.copies() < 2) {
            found.add(Problem.error(
                    place,
                    "an RPO of 0s cannot be met: a write of " + group.id()
                            + " is acknowledged when one member has it; all others follow asynchronously",
                    group.form() == QuorumModel.PRIMARY
                            ? "declare a sync standby and durability: protect, or allow a loss: rpo: 1m"
                            : "write defaults: { writeConcern: majority }, or allow a loss: rpo: 1m"));
        } else if (!group.mayWait()) {
            found.add(Problem.warn(
                    place,
                    "an RPO of 0s is not met while " + group.id() + " runs without its synchronous standby",
                    "write durability: protect; then writes wait instead"));
        }
    }
}
