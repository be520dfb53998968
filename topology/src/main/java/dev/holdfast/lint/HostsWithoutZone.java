package dev.holdfast.lint;

import dev.holdfast.model.Host;
import dev.holdfast.model.Problem;
import dev.holdfast.model.Topology;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What zone a host is in must be known before anything can be said of the loss of a zone. */
public final class HostsWithoutZone implements LintRule {

    @Override
    public void judge(Topology topology, List<Problem> found) {
        Map<String, Host> firstOfZone = new HashMap<>();
        for (Host host : topology.hosts().values()) {
            if (host.zone().isEmpty() || host.region().isEmpty()) {
                String lacking = host.zone().isEmpty() ? "zone" : "region";
                found.add(Problem.warn(
                        topology.place("/hosts/" + host.name()),
                        "the host " + host.name() + " has no " + lacking + ": its loss with others cannot be foreseen",
                        "add " + lacking + ": what it shares power, network or site with"));
                continue;
            }
            Host first = firstOfZone.putIfAbsent(host.zone(), host);
            if (first != null && !first.region().equals(host.region())) {
                found.add(Problem.warn(
                        topology.place("/hosts/" + host.name()),
                        "zone " + host.zone() + " is in two regions, by " + first.name() + " and " + host.name(),
                        "give zones of different regions different names"));
            }
        }
    }
}
