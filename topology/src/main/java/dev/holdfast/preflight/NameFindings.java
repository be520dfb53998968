package dev.holdfast.preflight;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.preflight.PreflightRecords.Address;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Names of hosts that have no address, different addresses, or an address that only one machine reaches. */
final class NameFindings {

    private NameFindings() {}

    static List<Finding> of(EstateNeeds needs, List<HostObservation> hosts) {
        List<Finding> findings = new ArrayList<>();
        for (String name : needs.names().split(" ")) {
            if (!name.isEmpty()) {
                findings.addAll(name(name, hosts));
            }
        }
        return findings;
    }

    private static List<Finding> name(String name, List<HostObservation> hosts) {
        List<Finding> findings = new ArrayList<>();
        Map<HostObservation, Set<String>> known = new LinkedHashMap<>();
        for (HostObservation host : hosts) {
            List<String> values = host.all(Address.class).stream()
                    .filter(a -> a.name().equals(name))
                    .map(Address::value)
                    .toList();
            Set<String> addresses = new TreeSet<>(values);
            addresses.remove("");
            if (values.isEmpty()) {
                findings.add(Finding.unknown(
                        host.name(), FindingCode.NAME_UNRESOLVED, "the address of " + name, "an address"));
            } else if (addresses.isEmpty()) {
                findings.add(Finding.error(
                        host.name(),
                        FindingCode.NAME_UNRESOLVED,
                        "the name " + name + " has no address",
                        "none",
                        "an address",
                        HostFacts.NAME_HINT));
            } else if (addresses.stream().anyMatch(a -> a.startsWith("127."))) {
                loopback(name, host, addresses, hosts).ifPresent(findings::add);
            } else {
                known.put(host, addresses);
            }
        }
        findings.addAll(differing(name, known));
        return findings;
    }

    /** On one machine a loopback address is reached by all. Debian writes 127.0.1.1 for the name of the host itself. */
    private static Optional<Finding> loopback(
            String name, HostObservation host, Set<String> addresses, List<HostObservation> hosts) {
        List<HostObservation> others = hosts.stream().filter(o -> o != host).toList();
        String limit = "an address that all hosts reach";
        if (others.stream().allMatch(o -> o.machine().isPresent() && o.machine().equals(host.machine()))) {
            return Optional.empty();
        }
        boolean isKnown = host.machine().isPresent()
                && others.stream()
                        .anyMatch(o -> o.machine().isPresent() && !o.machine().equals(host.machine()));
        String value = String.join(", ", addresses);
        if (!isKnown) {
            return Optional.of(Finding.warning(
                    host.name(),
                    FindingCode.NAME_LOOPBACK,
                    "the name " + name + " has a loopback address, and Holdfast does not know whether all hosts are one"
                            + " machine",
                    value,
                    limit,
                    "on several machines, remove the line of 127.0.1.1 with this name from /etc/hosts"));
        }
        return Optional.of(Finding.error(
                host.name(),
                FindingCode.NAME_LOOPBACK,
                "the name " + name + " has a loopback address, which other hosts do not reach",
                value,
                limit,
                "remove the line of 127.0.1.1 with this name from /etc/hosts, which Debian writes, and write the real"
                        + " address there"));
    }

    private static List<Finding> differing(String name, Map<HostObservation, Set<String>> known) {
        Map<Set<String>, Integer> counts = new HashMap<>();
        known.values().forEach(a -> counts.merge(a, 1, Integer::sum));
        if (counts.size() < 2) {
            return List.of();
        }
        int most = Collections.max(counts.values());
        Set<String> usual = known.values().stream()
                .filter(a -> counts.get(a) == most)
                .findFirst()
                .orElseThrow();
        String hosts = known.entrySet().stream()
                .filter(e -> e.getValue().equals(usual))
                .map(e -> e.getKey().name())
                .collect(Collectors.joining(", "));
        List<Finding> findings = new ArrayList<>();
        known.forEach((host, addresses) -> {
            if (!addresses.equals(usual)) {
                findings.add(new Finding(
                        host.name(),
                        "",
                        FindingCode.NAME_DIFFERS,
                        Collections.disjoint(addresses, usual) ? Finding.Level.ERROR : Finding.Level.WARNING,
                        "the name " + name + " has another address than on " + hosts,
                        String.join(", ", addresses),
                        String.join(", ", usual),
                        "write the same line into /etc/hosts of every host, or use one DNS"));
            }
        });
        return findings;
    }
}
