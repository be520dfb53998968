package dev.holdfast.lint;

import dev.holdfast.model.Cluster;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.Redundancy.QuorumModel;
import dev.holdfast.model.SourceLocation;
import dev.holdfast.model.Topology;
import java.time.Duration;
import java.util.List;

/** An RPO of 0 needs every acknowledged write on a second copy, always. */
public final class RpoZeroNotGuaranteed implements LintRule {

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
        if (group.form() == QuorumModel.ANY_ONE || group.members().isEmpty()) {
            return;
        }
        if (group.copies() < 2) {
            found.add(Problem.error(
                    place,
                    "an RPO of 0s cannot be kept: a write of " + group.id()
                            + " is acknowledged when it is on one member; all others follow asynchronously",
                    group.form() == QuorumModel.PRIMARY
                            ? "make a standby sync and durability protect, or allow a loss: rpo: 1m"
                            : "write defaults: { writeConcern: majority }, or allow a loss: rpo: 1m"));
        } else if (!group.mayWait()) {
            found.add(Problem.warn(
                    place,
                    "an RPO of 0s does not hold while " + group.id() + " works without its synchronous standby",
                    "write durability: protect, and writes wait instead"));
        }
    }
}
