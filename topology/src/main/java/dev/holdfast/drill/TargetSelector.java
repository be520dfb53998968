package dev.holdfast.drill;

import dev.holdfast.engine.DrillProfile.GroupRole;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Whom a fault strikes by the part that they play. */
public enum TargetSelector implements FaultTarget {
    PRIMARY("primary", "the primary of the group"),
    HOST_OF_PRIMARY("host-of-primary", "the host of the group's primary, with all servers on it"),
    STANDBY("standby", "the first member of the group that is not primary"),
    MAJORITY("majority", "so many members of the group, its primary first, that no majority is left"),
    EVERY_MEMBER("every-member", "every member of the group"),
    REGION("region", "every member of the group in the region of its primary"),
    ROUTER("router", "the first router or proxy"),
    CONFIG_MAJORITY("config-majority", "so many config servers that no majority is left"),
    ZONE("zone", "every server in one zone: the one that is asked for, else the one with the most primaries");

    private final String word;
    private final String sentence;

    TargetSelector(String word, String sentence) {
        this.word = word;
        this.sentence = sentence;
    }

    /** As it is written in a drill file. */
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
                : scope.sites().stream()
                        .flatMap(s -> nodes(scope.topology(), s, state))
                        .distinct()
                        .toList();
    }

    private Stream<Node> nodes(Topology topology, DrillGroup site, EstateState state) {
        Node primary = state.primary(site).orElse(null);
        return switch (this) {
            case PRIMARY -> Stream.ofNullable(primary);
            case HOST_OF_PRIMARY ->
                topology.nodes().stream()
                        .filter(n -> primary != null && n.host().equals(primary.host()));
            case STANDBY ->
                site.members().stream().filter(n -> !n.equals(primary)).limit(1);
            case MAJORITY -> majority(primaryFirst(site.members(), primary));
            case EVERY_MEMBER -> site.members().stream();
            case REGION ->
                primaryFirst(site.members(), primary).stream()
                        .filter(n -> primary != null
                                && n.host().region().equals(primary.host().region()));
            case ROUTER -> group(site, GroupRole.ENTRANCE).limit(1);
            case CONFIG_MAJORITY -> majority(group(site, GroupRole.CONFIG).toList());
            case ZONE -> Stream.empty();
        };
    }

    private static Stream<Node> group(DrillGroup site, GroupRole part) {
        return site.rehearsal().groups(part).stream().flatMap(g -> site.members(g).stream());
    }

    private static List<Node> primaryFirst(List<Node> members, Node primary) {
        List<Node> all = new ArrayList<>(members);
        if (all.remove(primary)) {
            all.add(0, primary);
        }
        return all;
    }

    /** As many as must be gone so that fewer than half and one are left. */
    private static Stream<Node> majority(List<Node> members) {
        return members.stream().limit(members.size() - members.size() / 2);
    }

    private static List<Node> zone(DrillScope scope, EstateState state) {
        String zone = scope.zone().isEmpty() ? mostPrimaries(scope, state) : scope.zone();
        return scope.topology().nodes().stream()
                .filter(n -> !zone.isEmpty() && n.host().zone().equals(zone))
                .toList();
    }

    /** Empty when no primary is in a declared zone. */
    static String mostPrimaries(DrillScope scope, EstateState state) {
        Map<String, Integer> primaries = new TreeMap<>();
        scope.sites()
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
