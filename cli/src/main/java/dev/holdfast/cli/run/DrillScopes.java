package dev.holdfast.cli.run;

import dev.holdfast.drill.Drill;
import dev.holdfast.drill.DrillGroup;
import dev.holdfast.drill.DrillScope;
import dev.holdfast.engine.DrillProfile.GroupRole;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.HoldfastException;
import dev.holdfast.model.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Resolves the clusters, groups and zone of a drill from its options. */
public final class DrillScopes {

    private DrillScopes() {}

    /** @throws HoldfastException USAGE when the estate has no target for this drill */
    public static DrillScope of(Topology topology, Drill drill, DrillOptions asked) {
        String zone = zone(topology, asked.zone);
        if (drill.target().isWholeEstate()) {
            return new DrillScope(topology, everywhere(topology, drill, asked.cluster), zone);
        }
        return new DrillScope(topology, List.of(drillGroup(topology, drill, asked.cluster, asked.group)), zone);
    }

    private static String zone(Topology topology, String desired) {
        TreeSet<String> zones = new TreeSet<>();
        topology.hosts().values().forEach(h -> zones.add(h.zone()));
        if (desired != null && !zones.contains(desired)) {
            throw new HoldfastException(
                    ExitCode.USAGE, desired, "no host is in this zone", "the zones are: " + String.join(", ", zones));
        }
        return desired == null ? "" : desired;
    }

    private static List<DrillGroup> everywhere(Topology topology, Drill drill, String cluster) {
        List<DrillGroup> drillGroups = new ArrayList<>();
        for (Cluster one : topology.clusters()) {
            if (cluster == null || one.name().equals(cluster)) {
                drillGroups.addAll(drillGroups(topology, drill, one));
            }
        }
        if (drillGroups.isEmpty()) {
            throw nowhere(topology, drill, cluster);
        }
        return drillGroups;
    }

    /** Returns every group of a cluster that a drill can affect. */
    static List<DrillGroup> drillGroups(Topology topology, Drill drill, Cluster cluster) {
        DrillGroup any = new DrillGroup(topology, cluster, LoadedEstate.engine(cluster), "");
        return any.drillProfile().groups(drill.target().role()).stream()
                .map(g -> new DrillGroup(topology, cluster, any.engine(), g))
                .toList();
    }

    private static DrillGroup drillGroup(Topology topology, Drill drill, String cluster, String group) {
        Cluster desired = topology.clusters().stream()
                .filter(drill.target()::fits)
                .filter(c -> cluster == null || c.name().equals(cluster))
                .findFirst()
                .orElseThrow(() -> nowhere(topology, drill, cluster));
        String asked = group == null && !drill.target().group().isEmpty()
                ? drill.target().group()
                : group;
        GroupRole role = drill.target().role();
        List<String> groups = new DrillGroup(topology, desired, LoadedEstate.engine(desired), "")
                .drillProfile()
                .groups(role);
        if (groups.isEmpty() || asked != null && !groups.contains(asked)) {
            throw new HoldfastException(
                    ExitCode.USAGE,
                    desired.name() + (asked == null ? "" : "/" + asked),
                    "the target has no group that " + drill.name() + " can affect",
                    groups.isEmpty() ? "holdfast drill list" : "the groups are: " + String.join(", ", groups));
        }
        return new DrillGroup(topology, desired, LoadedEstate.engine(desired), asked == null ? groups.get(0) : asked);
    }

    private static HoldfastException nowhere(Topology topology, Drill drill, String cluster) {
        return new HoldfastException(
                ExitCode.USAGE,
                cluster == null ? topology.name() : cluster,
                "no cluster here fits the drill " + drill.name() + ", which needs "
                        + drill.target().word(),
                "holdfast drill list shows the engine of each drill");
    }
}
