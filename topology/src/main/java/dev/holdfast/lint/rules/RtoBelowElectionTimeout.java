package dev.holdfast.lint.rules;

import dev.holdfast.lint.LintRule;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Quantities;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.Redundancy.QuorumModel;
import dev.holdfast.model.SourceLocation;
import dev.holdfast.model.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The rule about an RTO below the election timeout, before which no election starts. */
public final class RtoBelowElectionTimeout implements LintRule {

    @Override
    public String id() {
        return "rto-below-election-timeout";
    }

    /** The time for the vote and the first write on the new primary. */
    private static final Duration VOTING = Duration.ofSeconds(1);

    @Override
    public void judge(Topology topology, List<Problem> found) {
        for (Cluster cluster : topology.clusters()) {
            Optional<Duration> rto = cluster.objectives().rto();
            SourceLocation place = topology.place("/clusters/" + cluster.name() + "/objectives/rto");
            for (Redundancy group : cluster.redundancies()) {
                if (rto.isPresent() && group.election().isPresent()) {
                    judge(group, rto.get(), group.election().get(), place, found);
                }
            }
        }
    }

    private static void judge(
            Redundancy group, Duration rto, Duration election, SourceLocation place, List<Problem> found) {
        if (election.plus(VOTING).compareTo(rto) > 0) {
            found.add(Problem.error(
                    place,
                    "an RTO of " + Quantities.shown(rto) + " cannot be met: " + group.id()
                            + " detects a lost primary only after its " + setting(group) + " of "
                            + Quantities.shown(election),
                    "lower " + setting(group) + ", or allow a longer RTO"));
        }
    }

    private static String setting(Redundancy group) {
        return group.form() == QuorumModel.PRIMARY ? "ttl" : "electionTimeout";
    }
}
