package dev.holdfast.postgres;

import dev.holdfast.engine.Footing;
import dev.holdfast.engine.Footing.Ground;
import dev.holdfast.engine.ScratchServers;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Act;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.Glimpse;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.world.Action.Intent;
import dev.holdfast.world.Observation;
import dev.holdfast.world.Observed;
import dev.holdfast.world.Script;
import dev.holdfast.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Ends the scratch server of a restore beside, wherever it is, and removes its folder. */
final class RestoreDiscard {

    private static final Duration WITHIN = Duration.ofMinutes(4);

    private final Topology topology;
    private final PostgresCluster cluster;
    private final List<Node> scratches;

    /** What is there of that label. */
    record Seen(Instant at, Map<Node, Footing> footings) implements Observed {
        @Override
        public List<Observation> nodes() {
            return List.of();
        }

        @Override
        public List<String> complaints() {
            return List.of();
        }
    }

    RestoreDiscard(Topology topology, PostgresCluster cluster, String label) {
        this.topology = topology;
        this.cluster = cluster;
        this.scratches = cluster.servers().stream()
                .map(n -> RestoreSite.scratch(cluster, n, label))
                .toList();
    }

    Runbook<Seen> book() {
        return new Runbook<>(
                cluster.name(),
                "discard a restored copy of " + cluster.name(),
                this::look,
                List.of(new Act<>("removal", this::plan)));
    }

    private Seen look(World world) {
        return new Seen(world.now(), footings(world, topology.name(), scratches));
    }

    private Plan plan(Seen seen) {
        return Plan.of(scratches.stream()
                .filter(n -> seen.footings().get(n).ground() == Ground.OURS)
                .map(n -> removed(topology.name(), n))
                .toList());
    }

    /** The same of every label there is. */
    static Runbook<ScratchServers.Seen> everything(Topology topology, PostgresCluster cluster) {
        return scratches(topology, cluster).removal(cluster.name(), n -> removed(topology.name(), n));
    }

    static ScratchServers scratches(Topology topology, PostgresCluster cluster) {
        return new ScratchServers(
                topology.name(),
                cluster.servers().stream().map(Node::host).collect(Collectors.toCollection(LinkedHashSet::new)),
                h -> h.directory() + "/" + h.name() + "/" + cluster.name(),
                1,
                (host, id, directory) -> RestoreSite.scratch(cluster, host, id, directory));
    }

    private static Map<Node, Footing> footings(World world, String estate, List<Node> nodes) {
        return Footing.look(world, estate, nodes, n -> n.data() + "/postmaster.pid", List.of());
    }

    private static Step removed(String estate, Node node) {
        Script script = Script.of("postgres/remove.sh")
                .with("directory", node.directory())
                .with("mark", Footing.mark(estate, node))
                .with("top", node.host().directory());
        return Step.on(node.id(), "End " + node.id() + " and remove " + node.directory())
                .because("the folder is marked as " + node.id())
                .risk(Risk.NONE)
                .type(Archive.exec(node.host(), script, Intent.CHANGE, WITHIN))
                .until(
                        new Condition(node.directory() + " and its processes are gone", world -> {
                            Footing footing =
                                    footings(world, estate, List.of(node)).get(node);
                            return new Glimpse(
                                    footing.isDown() && footing.ground() == Ground.ABSENT,
                                    footing.process() + ", folder " + footing.ground());
                        }),
                        WITHIN);
    }
}
