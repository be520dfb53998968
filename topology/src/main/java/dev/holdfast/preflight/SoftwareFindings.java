package dev.holdfast.preflight;

import dev.holdfast.engine.NodeNeeds;
import dev.holdfast.preflight.PreflightRecords.Program;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Programs that are missing, and versions that are not supported or not the same on all hosts of a cluster. */
final class SoftwareFindings {

    private SoftwareFindings() {}

    static List<Finding> of(EstateNeeds needs, List<HostObservation> hosts) {
        List<Finding> findings = new ArrayList<>();
        for (HostObservation host : hosts) {
            Set<NodeNeeds.Program> programs = new LinkedHashSet<>();
            needs.on(host.host()).forEach(n -> programs.addAll(n.programs()));
            programs.forEach(p -> findings.addAll(program(host, p)));
        }
        findings.addAll(withoutCommonVersion(needs, hosts));
        return findings;
    }

    private static List<Finding> program(HostObservation host, NodeNeeds.Program program) {
        String name = String.join(" or ", program.names());
        List<Program> reported = reported(host, program);
        if (reported.isEmpty()) {
            return List.of(Finding.unknown(host.name(), FindingCode.PROGRAM_MISSING, name, "installed"));
        }
        List<Program> found = reported.stream().filter(p -> !p.path().isEmpty()).toList();
        if (found.isEmpty()) {
            return List.of(Finding.error(
                    host.name(),
                    FindingCode.PROGRAM_MISSING,
                    name + " is not installed",
                    "none",
                    "installed",
                    program.install()));
        }
        return program.hasVersion() ? version(host, name, program, found) : List.of();
    }

    private static List<Finding> version(
            HostObservation host, String name, NodeNeeds.Program program, List<Program> found) {
        String limit = String.join(", ", program.series());
        Set<String> versions = new TreeSet<>();
        found.stream().map(Program::version).filter(v -> !v.isEmpty()).forEach(versions::add);
        if (versions.isEmpty()) {
            return List.of(Finding.unknown(host.name(), FindingCode.PROGRAM_VERSION, "the version of " + name, limit));
        }
        if (versions.stream()
                .anyMatch(v -> program.supports(v) && program.declared().accepts(v))) {
            return List.of();
        }
        if (versions.stream().anyMatch(program::supports)) {
            return List.of(undeclared(host, name, program, found));
        }
        return List.of(Finding.error(
                host.name(),
                FindingCode.PROGRAM_VERSION,
                name + " has no supported version",
                String.join(", ", versions),
                limit,
                "install a supported version, or name its directory with binaries:"));
    }

    private static Finding undeclared(
            HostObservation host, String name, NodeNeeds.Program program, List<Program> found) {
        return Finding.error(
                host.name(),
                FindingCode.PROGRAM_VERSION,
                name + " is not of the declared version",
                found.stream()
                        .filter(p -> !p.version().isEmpty())
                        .map(p -> p.version() + " (" + p.path() + ")")
                        .distinct()
                        .collect(Collectors.joining(", ")),
                program.declared().text(),
                "install version " + program.declared().text()
                        + ", name its directory with binaries:, or declare the installed version");
    }

    /** A cluster has one version, which each of its hosts needs. A host without a known version has a finding of its own. */
    private static List<Finding> withoutCommonVersion(EstateNeeds needs, List<HostObservation> hosts) {
        Map<String, Map<HostObservation, Set<String>>> byCluster = new LinkedHashMap<>();
        for (HostObservation host : hosts) {
            for (NodeNeeds need : needs.on(host.host())) {
                need.programs().stream()
                        .filter(NodeNeeds.Program::isCommon)
                        .map(p -> numbers(host, p))
                        .filter(v -> !v.isEmpty())
                        .forEach(v -> byCluster
                                .computeIfAbsent(need.node().cluster(), c -> new LinkedHashMap<>())
                                .put(host, v));
            }
        }
        List<Finding> findings = new ArrayList<>();
        byCluster.forEach((cluster, versions) -> {
            Set<String> common = new TreeSet<>(versions.values().iterator().next());
            versions.values().forEach(common::retainAll);
            if (common.isEmpty()) {
                versions.forEach((host, own) -> findings.add(Finding.error(
                        host.name(),
                        FindingCode.PROGRAM_VERSION,
                        "the hosts of " + cluster + " have no common major version",
                        String.join(", ", own),
                        "one version on all hosts",
                        "install the same major version on every host of " + cluster)));
            }
        });
        return findings;
    }

    private static Set<String> numbers(HostObservation host, NodeNeeds.Program program) {
        Set<String> numbers = new TreeSet<>();
        reported(host, program).stream()
                .map(Program::version)
                .filter(v -> !v.isEmpty()
                        && program.supports(v)
                        && program.declared().accepts(v))
                .forEach(v -> numbers.add(v.replaceFirst("\\..*", "")));
        return numbers;
    }

    private static List<Program> reported(HostObservation host, NodeNeeds.Program program) {
        return host.all(Program.class).stream()
                .filter(p -> program.names().contains(p.name()))
                .toList();
    }
}
