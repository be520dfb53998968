package dev.holdfast.drill;

import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Workload.Stream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The scope of a drill: one group, or many groups of several clusters.
 *
 * @param drillGroups the groups in scope; never empty
 * @param zone the zone to affect when the fault is of a whole zone; empty: the drill chooses
 */
public record DrillScope(Topology topology, List<DrillGroup> drillGroups, String zone) {
    public DrillScope {
        drillGroups = List.copyOf(drillGroups);
    }

    public static DrillScope of(DrillGroup drillGroup) {
        return new DrillScope(drillGroup.topology(), List.of(drillGroup), "");
    }

    /** Returns one group of each cluster, in the order of the topology. */
    public List<DrillGroup> clusters() {
        Map<String, DrillGroup> clusters = new LinkedHashMap<>();
        drillGroups.forEach(s -> clusters.putIfAbsent(s.cluster().name(), s));
        return List.copyOf(clusters.values());
    }

    /** Returns how clients write to all clusters in scope. */
    public List<Stream> streams() {
        return clusters().stream()
                .flatMap(s -> s.drillProfile().streams().stream())
                .toList();
    }

    /** Returns the name for people: {@code social/shard-a}, or the estate when the scope is more than one group. */
    public String name() {
        if (drillGroups.size() == 1) {
            return drillGroups.get(0).name();
        }
        return topology.name() + (zone.isEmpty() ? "" : "/" + zone);
    }

    /** Observes all clusters in parallel; changes nothing. */
    public EstateState look(ExecutionContext context) {
        List<DrillGroup> clusters = clusters();
        List<ClusterState> state = context.sideBySide(clusters.stream()
                .<Supplier<ClusterState>>map(s -> () -> s.engine().look(context, topology, s.cluster()))
                .toList());
        Map<String, ClusterState> all = new LinkedHashMap<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < state.size(); i++) {
            names.add(clusters.get(i).cluster().name());
            all.put(names.get(i), state.get(i));
        }
        return new EstateState(all);
    }
}
