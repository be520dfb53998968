package dev.holdfast.drill;

import dev.holdfast.model.Topology;
import dev.holdfast.plan.Workload.Stream;
import dev.holdfast.world.Observed;
import dev.holdfast.world.World;
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
public record Scene(Topology topology, List<Site> sites, String zone) {
    public Scene {
        sites = List.copyOf(sites);
    }

    public static Scene of(Site site) {
        return new Scene(site.topology(), List.of(site), "");
    }

    /** One site of each cluster, in the order of the topology. */
    public List<Site> clusters() {
        Map<String, Site> clusters = new LinkedHashMap<>();
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
    public Sight look(World world) {
        List<Site> clusters = clusters();
        List<Observed> seen = world.sideBySide(clusters.stream()
                .<Supplier<Observed>>map(s -> () -> s.engine().look(world, topology, s.cluster()))
                .toList());
        Map<String, Observed> all = new LinkedHashMap<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < seen.size(); i++) {
            names.add(clusters.get(i).cluster().name());
            all.put(names.get(i), seen.get(i));
        }
        return new Sight(all);
    }
}
