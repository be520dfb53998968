package dev.holdfast.lint.rules;

import dev.holdfast.lint.LintRule;
import dev.holdfast.model.Host;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Topology;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rule about hosts without zone or region, which hide the impact of the loss of a zone. */
public final class HostsWithoutZone implements LintRule {

    @Override
    public String id() {
        return "host-without-zone";
    }

    @Override
    public void judge(Topology topology, List<Problem> found) {
        Map<String, Host> firstOfZone = new HashMap<>();
        for (Host host : topology.hosts().values()) {
            if (host.zone().isEmpty() || host.region().isEmpty()) {
                String lacking = host.zone().isEmpty() ? "zone" : "region";
                found.add(Problem.warn(
                        topology.place("/hosts/" + host.name()),
                        "the host " + host.name() + " has no " + lacking
                                + ": Holdfast cannot predict its loss together with other hosts",
                        "add " + lacking + " with the name of the common power, network or site"));
                continue;
            }
            Host first = firstOfZone.putIfAbsent(host.zone(), host);
            if (first != null && !first.region().equals(host.region())) {
                found.add(Problem.warn(
                        topology.place("/hosts/" + host.name()),
                        "zone " + host.zone() + " is in two regions, one declared by " + first.name()
                                + ", the other by " + host.name(),
                        "use different names for zones of different regions"));
            }
        }
    }
}
