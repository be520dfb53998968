package dev.holdfast.lint.rules;

import dev.holdfast.lint.LintRule;
import dev.holdfast.model.Node;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Topology;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rule about hosts that no cluster uses. */
public final class UnusedHosts implements LintRule {

    @Override
    public String id() {
        return "unused-host";
    }

    @Override
    public void judge(Topology topology, List<Problem> found) {
        Set<String> busy = new HashSet<>();
        for (Node node : topology.nodes()) {
            busy.add(node.host().name());
        }
        for (String host : topology.hosts().keySet()) {
            if (!busy.contains(host)) {
                found.add(Problem.warn(
                        topology.place("/hosts/" + host),
                        "no cluster uses the host " + host,
                        "use the host in a " + "cluster, or remove it"));
            }
        }
    }
}
