package dev.holdfast.report;

import dev.holdfast.ledger.Evidence;
import dev.holdfast.ledger.Ledger.Entry;
import dev.holdfast.ledger.Ledger.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The clusters of a drill with the versions of what ran, as they were observed before and after it.
 *
 * @param holdfast the version of Holdfast, with its commit; empty in ledgers of earlier versions
 * @param members the nodes in the order of the topology
 * @param hosts their hosts
 */
public record DrillTopology(Build holdfast, List<Member> members, List<Machine> hosts) {

    private static final String UNKNOWN = "unknown";

    /** The build of Holdfast that ran the drill. */
    public record Build(String version, String commit) {}

    /**
     * One node.
     *
     * @param before its role before the fault; its state where it had none
     * @param after the same after the drill; unknown when Holdfast did not observe it then
     * @param version the version of its server before the fault; empty when unknown
     * @param versionAfter the same after the drill
     */
    public record Member(
            String node,
            String group,
            String name,
            String program,
            String host,
            String zone,
            String region,
            String before,
            String after,
            String version,
            String versionAfter) {

        /** Returns whether the drill ended with another role. */
        public boolean isMoved() {
            return !after.equals(UNKNOWN) && !after.equals(before);
        }

        /** Returns the role, or both roles when they differ. */
        public String roles(String arrow) {
            return isMoved() ? before + arrow + after : before;
        }

        /** Returns the version, or both versions when they differ. */
        public String versions(String arrow) {
            boolean isOther = !version.isEmpty() && !versionAfter.isEmpty() && !version.equals(versionAfter);
            return isOther ? version + arrow + versionAfter : version.isEmpty() ? versionAfter : version;
        }

        /** Returns its host with the zone and the region, as far as they are declared. */
        public String place() {
            return joined(host, zone, region);
        }
    }

    /** One host with its operating system; a value is empty when it is unknown. */
    public record Machine(String host, String zone, String region, String system, String kernel, String architecture) {

        /** Returns the operating system as a phrase. */
        public String description() {
            String text = joined(system, kernel.isEmpty() ? "" : "Linux " + kernel, architecture);
            return text.isEmpty() ? UNKNOWN : text;
        }

        /** Returns the host with the zone and the region, as far as they are declared. */
        public String place() {
            return joined(host, zone, region);
        }
    }

    static DrillTopology of(Evidence evidence) {
        Map<String, Map<?, ?>> after = new LinkedHashMap<>();
        evidence.entries().stream()
                .filter(e -> e.kind() == Kind.NOTED)
                .flatMap(e -> maps(e.facts().get("nodes_after")).stream())
                .forEach(n -> after.put(text(n, "node"), n));
        Map<?, ?> build = evidence.entries().stream()
                .filter(e -> e.kind() == Kind.RUN_STARTED)
                .map(Entry::facts)
                .findFirst()
                .orElse(Map.of());
        return new DrillTopology(
                new Build(text(build, "holdfast"), text(build, "commit")),
                maps(evidence.drill().get("nodes")).stream()
                        .map(n -> member(n, Optional.ofNullable(after.get(text(n, "node")))))
                        .toList(),
                maps(evidence.drill().get("hosts")).stream()
                        .map(DrillTopology::machine)
                        .toList());
    }

    /** Returns the members by their group, as cluster/group. */
    public Map<String, List<Member>> byGroup() {
        Map<String, List<Member>> groups = new LinkedHashMap<>();
        members.forEach(
                m -> groups.computeIfAbsent(m.group(), g -> new ArrayList<>()).add(m));
        return groups;
    }

    private static Member member(Map<?, ?> before, Optional<Map<?, ?>> after) {
        String node = text(before, "node");
        return new Member(
                node,
                text(before, "cluster") + "/" + text(before, "group"),
                node.substring(node.lastIndexOf('/') + 1),
                text(before, "program"),
                text(before, "host"),
                text(before, "zone"),
                text(before, "region"),
                role(before),
                after.map(DrillTopology::role).orElse(UNKNOWN),
                text(before, "version"),
                after.map(n -> text(n, "version")).orElse(""));
    }

    private static String role(Map<?, ?> node) {
        String state = text(node, "state");
        String role = text(node, "role");
        return state.equals("down") ? "down" : state.equals("silent") ? "unreachable" : role.isEmpty() ? "up" : role;
    }

    private static Machine machine(Map<?, ?> host) {
        return new Machine(
                text(host, "host"),
                text(host, "zone"),
                text(host, "region"),
                text(host, "system"),
                text(host, "kernel"),
                text(host, "architecture"));
    }

    private static String joined(String... parts) {
        return String.join(
                " · ", List.of(parts).stream().filter(p -> !p.isEmpty()).toList());
    }

    /** Returns the maps of a list; none where a ledger was cut off or changed. */
    private static List<Map<?, ?>> maps(Object facts) {
        List<Map<?, ?>> maps = new ArrayList<>();
        if (facts instanceof List<?> list) {
            list.forEach(one -> {
                if (one instanceof Map<?, ?> map) {
                    maps.add(map);
                }
            });
        }
        return maps;
    }

    private static String text(Map<?, ?> facts, String name) {
        Object value = facts.get(name);
        return value == null ? "" : value.toString();
    }
}
