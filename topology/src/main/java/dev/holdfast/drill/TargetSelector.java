package dev.holdfast.drill;

import dev.holdfast.engine.DrillProfile.GroupRole;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Selects fault targets by their role, for example the primary of a group. */
public enum TargetSelector implements FaultTarget {
    PRIMARY("primary", "the primary of the group"),
    HOST_OF_PRIMARY("host-of-primary", "the host of the group's primary, with all servers on it"),
    STANDBY("standby", "the first member of the group that is not the primary"),
    MAJORITY("majority", "the primary and as many other members of the group as leave no majority"),
    EVERY_MEMBER("every-member", "every member of the group"),
    REGION("region", "every member of the group in the region of its primary"),
    ROUTER("router", "the first router or proxy"),
    CONFIG_MAJORITY("config-majority", "as many config servers as leave no majority"),
    ZONE("zone", "every server in one zone: the requested zone, else the zone with the most primaries");

    private final String word;
    private final String sentence;

    TargetSelector(String word, String sentence) {
        this.word = word;
        this.sentence = sentence;
    }

    /** Returns the name in a drill file. */
    public String word() {
        return word;
    }

    @Override
    public String sentence() {
        return sentence;
    }

    @Override
    public boolean affectsPrimaries() {
        return switch (this) {
            case PRIMARY, HOST_OF_PRIMARY, MAJORITY, EVERY_MEMBER, REGION, ZONE -> true;
            case STANDBY, ROUTER, CONFIG_MAJORITY -> false;
        };
    }

    @Override
    public List<Node> nodes(DrillScope scope, EstateState state) {
        return this == ZONE
                ? zone(scope, state)
                : scope.drillGroups().stream()
                        .flatMap(s -> nodes(scope.topology(), s, state))
                        .distinct()
                        .toList();
    }

    private Stream<Node> nodes(Topology topology, DrillGroup drillGroup, EstateState state) {
        Node primary = state.primary(drillGroup).orElse(null);
        return switch (this) {
            case PRIMARY -> Stream.ofNullable(primary);
            case HOST_OF_PRIMARY ->
                topology.nodes().stream()
                        .filter(n -> primary != null && n.host().equals(primary.host()));
            case STANDBY ->
                drillGroup.members().stream().filter(n -> !n.equals(primary)).limit(1);
            case MAJORITY -> majority(primaryFirst(drillGroup.members(), primary));
            case EVERY_MEMBER -> drillGroup.members().stream();
            case REGION ->
                primaryFirst(drillGroup.members(), primary).stream()
                        .filter(n -> primary != null
                                && n.host().region().equals(primary.host().region()));
            case ROUTER -> group(drillGroup, GroupRole.ENTRANCE).limit(1);
            case CONFIG_MAJORITY -> majority(group(drillGroup, GroupRole.CONFIG).toList());
            case ZONE -> Stream.empty();
        };
    }

    private static Stream<Node> group(DrillGroup drillGroup, GroupRole role) {
        return drillGroup.drillProfile().groups(role).stream().flatMap(g -> drillGroup.members(g).stream());
    }

    private static List<Node> primaryFirst(List<Node> members, Node primary) {
        List<Node> all = new ArrayList<>(members);
        if (all.remove(primary)) {
            all.add(0, primary);
        }
        return all;
    }

    /** Returns how many members must be lost so that no majority is left. */
    private static Stream<Node> majority(List<Node> members) {
        return members.stream().limit(members.size() - members.size() / 2);
    }

    private static List<Node> zone(DrillScope scope, EstateState state) {
        String zone = scope.zone().isEmpty() ? mostPrimaries(scope, state) : scope.zone();
        return scope.topology().nodes().stream()
                .filter(n -> !zone.isEmpty() && n.host().zone().equals(zone))
                .toList();
    }

    /** Returns the zone with the most primaries; empty when no primary is in a declared zone. */
    static String mostPrimaries(DrillScope scope, EstateState state) {
        Map<String, Integer> primaries = new TreeMap<>();
        scope.drillGroups()
                .forEach(s -> state.primary(s)
                        .filter(p -> !p.host().zone().isEmpty())
                        .ifPresent(p -> primaries.merge(p.host().zone(), 1, Integer::sum)));
        String most = "";
        for (Map.Entry<String, Integer> zone : primaries.entrySet()) {
            if (most.isEmpty() || zone.getValue() > primaries.get(most)) {
                most = zone.getKey();
            }
        }
        return most;
    }
}
