package dev.holdfast.cli.command;

import dev.holdfast.drill.Drill;
import dev.holdfast.drill.Scene;
import dev.holdfast.drill.Site;
import dev.holdfast.engine.Rehearsal.Part;
import dev.holdfast.model.Cluster;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Topology;
import dev.holdfast.model.Trouble;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Where a drill takes place, as far as it was asked for. */
final class DrillScenes {

    private DrillScenes() {}

    /** @throws Trouble USAGE when the estate has nothing that the drill is for */
    static Scene of(Topology topology, Drill drill, DrillCommand asked) {
        String zone = zone(topology, asked.zone);
        if (drill.target().isWholeEstate()) {
            return new Scene(topology, everywhere(topology, drill, asked.cluster), zone);
        }
        return new Scene(topology, List.of(site(topology, drill, asked.cluster, asked.group)), zone);
    }

    private static String zone(Topology topology, String wanted) {
        TreeSet<String> zones = new TreeSet<>();
        topology.hosts().values().forEach(h -> zones.add(h.zone()));
        if (wanted != null && !zones.contains(wanted)) {
            throw new Trouble(
                    Exit.USAGE, wanted, "no host is in such a zone", "the zones are: " + String.join(", ", zones));
        }
        return wanted == null ? "" : wanted;
    }

    private static List<Site> everywhere(Topology topology, Drill drill, String cluster) {
        List<Site> sites = new ArrayList<>();
        for (Cluster one : topology.clusters()) {
            if (cluster == null || one.name().equals(cluster)) {
                sites.addAll(sites(topology, drill, one));
            }
        }
        if (sites.isEmpty()) {
            throw nowhere(topology, drill, cluster);
        }
        return sites;
    }

    /** Every group of a cluster that a drill could strike. */
    static List<Site> sites(Topology topology, Drill drill, Cluster cluster) {
        Site any = new Site(topology, cluster, Estate.engine(cluster), "");
        return any.rehearsal().groups(drill.target().part()).stream()
                .map(g -> new Site(topology, cluster, any.engine(), g))
                .toList();
    }

    private static Site site(Topology topology, Drill drill, String cluster, String group) {
        Cluster wanted = topology.clusters().stream()
                .filter(drill.target()::fits)
                .filter(c -> cluster == null || c.name().equals(cluster))
                .findFirst()
                .orElseThrow(() -> nowhere(topology, drill, cluster));
        String asked = group == null && !drill.target().group().isEmpty()
                ? drill.target().group()
                : group;
        Part part = drill.target().part();
        List<String> groups = new Site(topology, wanted, Estate.engine(wanted), "")
                .rehearsal()
                .groups(part);
        if (groups.isEmpty() || asked != null && !groups.contains(asked)) {
            throw new Trouble(
                    Exit.USAGE,
                    wanted.name() + (asked == null ? "" : "/" + asked),
                    "there is nothing there that " + drill.name() + " could strike",
                    groups.isEmpty() ? "holdfast drill list" : "the groups are: " + String.join(", ", groups));
        }
        return new Site(topology, wanted, Estate.engine(wanted), asked == null ? groups.get(0) : asked);
    }

    private static Trouble nowhere(Topology topology, Drill drill, String cluster) {
        return new Trouble(
                Exit.USAGE,
                cluster == null ? topology.name() : cluster,
                "there is no such cluster of " + drill.target().word() + " for " + drill.name(),
                "holdfast drill list names each drill's engine");
    }
}
