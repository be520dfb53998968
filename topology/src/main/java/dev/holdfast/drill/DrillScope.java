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
 * Where a drill takes place: one group, or many groups of several clusters.
 *
 * @param sites the groups it is about; never empty
 * @param zone the zone to strike where a whole zone is struck; empty leaves the choice to the drill
 */
public record DrillScope(Topology topology, List<DrillGroup> sites, String zone) {
    public DrillScope {
        sites = List.copyOf(sites);
    }

    public static DrillScope of(DrillGroup site) {
        return new DrillScope(site.topology(), List.of(site), "");
    }

    /** One site of each cluster, in the order of the topology. */
    public List<DrillGroup> clusters() {
        Map<String, DrillGroup> clusters = new LinkedHashMap<>();
        sites.forEach(s -> clusters.putIfAbsent(s.cluster().name(), s));
        return List.copyOf(clusters.values());
    }

    /** How clients write to all clusters of the scene. */
    public List<Stream> streams() {
        return clusters().stream()
                .flatMap(s -> s.rehearsal().streams().stream())
                .toList();
    }

    /** For people: {@code social/shard-a}, or the estate when it is about more than one group. */
    public String name() {
        if (sites.size() == 1) {
            return sites.get(0).name();
        }
        return topology.name() + (zone.isEmpty() ? "" : "/" + zone);
    }

    /** Asks all clusters at once; changes nothing. */
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
