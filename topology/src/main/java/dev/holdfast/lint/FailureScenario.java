package dev.holdfast.lint;

import dev.holdfast.model.Cluster;
import dev.holdfast.model.Host;
import dev.holdfast.model.Redundancy;
import dev.holdfast.model.Topology;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A failure that affects several hosts together.
 *
 * @param name the lost unit, such as {@code zone eu-west-a}
 * @param hosts the names of the lost hosts
 */
public record FailureScenario(Scope scope, String name, List<String> hosts) {

    /** The kind of the lost unit. */
    public enum Scope {
        HOST,
        PAIR,
        ZONE,
        REGION
    }

    /** Returns every host, zone and region, and every pair of hosts with members of the same group. */
    public static List<FailureScenario> all(Topology topology) {
        List<FailureScenario> failures = new ArrayList<>();
        List<String> hosts = List.copyOf(topology.hosts().keySet());
        hosts.forEach(h -> failures.add(new FailureScenario(Scope.HOST, "host " + h, List.of(h))));
        Map<String, List<String>> zones = new LinkedHashMap<>();
        Map<String, List<String>> regions = new LinkedHashMap<>();
        for (Host host : topology.hosts().values()) {
            zones.computeIfAbsent(host.zone(), z -> new ArrayList<>()).add(host.name());
            regions.computeIfAbsent(host.region(), r -> new ArrayList<>()).add(host.name());
        }
        failures.addAll(together(Scope.ZONE, zones));
        failures.addAll(together(Scope.REGION, regions));
        failures.addAll(pairs(topology, hosts));
        return failures;
    }

    /** Returns pairs of hosts with members of the same group; other pairs add nothing to the single hosts. */
    private static List<FailureScenario> pairs(Topology topology, List<String> hosts) {
        Set<List<Integer>> pairs = new LinkedHashSet<>();
        for (Cluster cluster : topology.clusters()) {
            for (Redundancy group : cluster.redundancies()) {
                List<Integer> carriers = group.members().stream()
                        .map(m -> hosts.indexOf(m.node().host().name()))
                        .distinct()
                        .sorted()
                        .toList();
                carriers.forEach(i -> carriers.stream().filter(j -> i < j).forEach(j -> pairs.add(List.of(i, j))));
            }
        }
        return pairs.stream()
                .sorted(Comparator.<List<Integer>>comparingInt(p -> p.get(0)).thenComparingInt(p -> p.get(1)))
                .map(p -> List.of(hosts.get(p.get(0)), hosts.get(p.get(1))))
                .map(p -> new FailureScenario(Scope.PAIR, "hosts " + p.get(0) + " and " + p.get(1), p))
                .toList();
    }

    private static List<FailureScenario> together(Scope scope, Map<String, List<String>> named) {
        return named.entrySet().stream()
                .filter(e -> !e.getKey().isEmpty())
                .map(e -> new FailureScenario(
                        scope, scope.name().toLowerCase(java.util.Locale.ROOT) + " " + e.getKey(), e.getValue()))
                .toList();
    }

    public boolean takes(Host host) {
        return hosts.contains(host.name());
    }
}
