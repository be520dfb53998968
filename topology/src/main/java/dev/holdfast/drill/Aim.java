package dev.holdfast.drill;

import dev.holdfast.drill.fault.Victim;
import dev.holdfast.engine.Rehearsal.Part;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.world.Observed;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Whom a drill strikes, as it is written in a drill; who that is, is seen when the moment has come. */
public enum Aim {
    PRIMARY("the primary of the group"),
    HOST_OF_PRIMARY("the host of the group's primary, with all servers on it"),
    STANDBY("the first member of the group that is not primary"),
    MAJORITY("so many members of the group, its primary first, that no majority is left"),
    EVERY_MEMBER("every member of the group"),
    ROUTER("the first router or proxy"),
    CONFIG_MAJORITY("so many config servers that no majority is left"),
    ZONE_OF_PRIMARY("every host in the zone of the group's primary");

    private final String sentence;

    Aim(String sentence) {
        this.sentence = sentence;
    }

    public String sentence() {
        return sentence;
    }

    /** Empty when nobody fits. */
    List<Victim> victims(Scene scene, Observed seen) {
        Node primary = Scene.primary(seen, scene.group()).orElse(null);
        return switch (this) {
            case PRIMARY -> primary == null ? List.of() : List.of(Victim.of(primary));
            case HOST_OF_PRIMARY -> primary == null ? List.of() : List.of(host(scene, primary.host()));
            case STANDBY ->
                scene.members().stream()
                        .filter(n -> !n.equals(primary))
                        .limit(1)
                        .map(Victim::of)
                        .toList();
            case MAJORITY -> majority(primaryFirst(scene.members(), primary));
            case EVERY_MEMBER -> scene.members().stream().map(Victim::of).toList();
            case ROUTER -> group(scene, Part.ENTRANCE).limit(1).map(Victim::of).toList();
            case CONFIG_MAJORITY -> majority(group(scene, Part.CONFIG).toList());
            case ZONE_OF_PRIMARY ->
                primary == null ? List.of() : zone(scene, primary.host().zone());
        };
    }

    private static Stream<Node> group(Scene scene, Part part) {
        return scene.rehearsal().groups(part).stream().flatMap(g -> scene.members(g).stream());
    }

    private static List<Node> primaryFirst(List<Node> members, Node primary) {
        List<Node> all = new ArrayList<>(members);
        if (all.remove(primary)) {
            all.add(0, primary);
        }
        return all;
    }

    /** As many as must be gone so that fewer than half and one are left. */
    private static List<Victim> majority(List<Node> members) {
        return members.stream()
                .limit(members.size() - members.size() / 2)
                .map(Victim::of)
                .toList();
    }

    private static Victim host(Scene scene, Host host) {
        List<Node> nodes = scene.topology().nodes().stream()
                .filter(n -> n.host().equals(host))
                .toList();
        return new Victim(host, nodes, List.of());
    }

    private static List<Victim> zone(Scene scene, String zone) {
        return scene.topology().hosts().values().stream()
                .filter(h -> h.zone().equals(zone))
                .map(h -> host(scene, h))
                .filter(v -> !v.nodes().isEmpty())
                .toList();
    }
}
