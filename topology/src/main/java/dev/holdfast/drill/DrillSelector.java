package dev.holdfast.drill;

import dev.holdfast.engine.DrillProfile.GroupRole;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Topology;

/**
 * Selects the clusters and groups that a drill can run on.
 *
 * @param engine the engine of the clusters; empty when the scope is every data group of every cluster
 * @param role the role of the group
 * @param cluster the only possible cluster; empty: the operator chooses
 * @param group the only possible group of that cluster; empty: the operator chooses
 */
public record DrillSelector(String engine, GroupRole role, String cluster, String group) {

    /** Selects every data group of every cluster. */
    public static final DrillSelector ESTATE = new DrillSelector("", GroupRole.DATA, "", "");

    public static DrillSelector of(String engine, GroupRole role) {
        return new DrillSelector(engine, role, "", "");
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

    /** Returns the engine for people, or "estate". */
    public String word() {
        return engine.isEmpty() ? "estate" : engine;
    }
}
