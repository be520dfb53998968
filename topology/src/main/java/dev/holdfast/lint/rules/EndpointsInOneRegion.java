package dev.holdfast.lint.rules;

import dev.holdfast.model.Cluster;
import dev.holdfast.model.Environment;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.Redundancy.QuorumModel;
import dev.holdfast.model.SourceLocation;
import dev.holdfast.model.Topology;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The rule about routers and proxies in one region of a cluster in several: the members elsewhere survive without an entrance. */
public final class EndpointsInOneRegion implements GroupLintRule {

    @Override
    public String id() {
        return "endpoints-in-one-region";
    }

    @Override
    public void judge(Topology topology, List<Problem> found) {
        if (topology.environment() == Environment.PRODUCTION) {
            GroupLintRule.super.judge(topology, found);
        }
    }

    @Override
    public void judge(Cluster cluster, Redundancy group, SourceLocation place, List<Problem> found) {
        if (group.form() != QuorumModel.ANY_ONE || group.members().size() < 2) {
            return;
        }
        Set<String> endpoints = regions(group);
        boolean isElsewhere = cluster.redundancies().stream()
                .filter(g -> g.form() != QuorumModel.ANY_ONE)
                .flatMap(g -> regions(g).stream())
                .anyMatch(r -> !r.isEmpty() && !endpoints.contains(r));
        if (endpoints.size() == 1 && !endpoints.contains("") && isElsewhere) {
            found.add(Problem.warn(
                    place,
                    "all " + group.group() + " of " + cluster.name() + " are in region "
                            + endpoints.iterator().next()
                            + ": after its loss, no client reaches the members in other regions",
                    "declare one in each region with members"));
        }
    }

    private static Set<String> regions(Redundancy group) {
        return group.members().stream().map(m -> m.node().host().region()).collect(Collectors.toSet());
    }
}
