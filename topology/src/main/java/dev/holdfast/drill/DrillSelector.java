package dev.holdfast.drill;

import dev.holdfast.engine.DrillProfile.GroupRole;
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
public record DrillSelector(String engine, GroupRole part, String cluster, String group) {

    /** Every data group of every cluster. */
    public static final DrillSelector ESTATE = new DrillSelector("", GroupRole.DATA, "", "");

    public static DrillSelector of(String engine, GroupRole part) {
        return new DrillSelector(engine, part, "", "");
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
