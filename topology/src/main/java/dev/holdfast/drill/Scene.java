package dev.holdfast.drill;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.Rehearsal;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.world.Observation;
import dev.holdfast.world.Observed;
import dev.holdfast.world.World;
import java.util.List;
import java.util.Optional;

/**
 * Where a drill takes place.
 *
 * @param group the group that is struck
 */
public record Scene(Topology topology, Cluster cluster, Engine engine, String group) {

    public Rehearsal rehearsal() {
        return engine.rehearsal(topology, cluster);
    }

    public Observed look(World world) {
        return engine.look(world, topology, cluster);
    }

    /** For people: {@code social/shard-a}. */
    public String name() {
        return cluster.name() + "/" + group;
    }

    List<Node> members() {
        return members(group);
    }

    List<Node> members(String ofGroup) {
        return cluster.groups().stream()
                .filter(g -> g.name().equals(ofGroup))
                .flatMap(g -> g.nodes().stream())
                .toList();
    }

    static Optional<Node> primary(Observed seen, String group) {
        return seen.nodes().stream()
                .filter(o -> o.node().group().equals(group) && o.role().equals("primary"))
                .map(Observation::node)
                .findFirst();
    }
}
