package dev.holdfast.drill;

import dev.holdfast.engine.Rehearsal.Part;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Topology;

/**
 * What a drill is for.
 *
 * @param engine whose clusters; empty when it is about every data group of every cluster at once
 * @param part the part that the group plays
 * @param cluster the one cluster that it is for; empty leaves the choice to whoever runs it
 * @param group the one group of that cluster; empty leaves the choice
 */
public record Target(String engine, Part part, String cluster, String group) {

    /** Every data group of every cluster. */
    public static final Target ESTATE = new Target("", Part.DATA, "", "");

    public static Target of(String engine, Part part) {
        return new Target(engine, part, "", "");
    }

    public boolean isWholeEstate() {
        return engine.isEmpty();
    }

    public boolean fits(Cluster one) {
        return (engine.isEmpty() || engine.equals(one.engine())) && (cluster.isEmpty() || cluster.equals(one.name()));
    }

    public boolean fits(Topology topology) {
        return topology.clusters().stream().anyMatch(this::fits);
    }

    /** For people: whose drill it is. */
    public String word() {
        return engine.isEmpty() ? "estate" : engine;
    }
}
