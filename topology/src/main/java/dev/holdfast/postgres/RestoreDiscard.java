package dev.holdfast.postgres;

import dev.holdfast.engine.Footing;
import dev.holdfast.engine.Footing.Ground;
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
import java.util.List;
import java.util.Map;

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
        return new Seen(world.now(), footings(world));
    }

    private Map<Node, Footing> footings(World world) {
        return Footing.look(world, topology.name(), scratches, n -> n.data() + "/postmaster.pid", List.of());
    }

    private Plan plan(Seen seen) {
        return Plan.of(scratches.stream()
                .filter(n -> seen.footings().get(n).ground() == Ground.OURS)
                .map(this::removed)
                .toList());
    }

    private Step removed(Node node) {
        Script script = Script.of("postgres/remove.sh")
                .with("directory", node.directory())
                .with("mark", Footing.mark(topology.name(), node))
                .with("top", node.host().directory());
        return Step.on(node.id(), "End " + node.id() + " and remove " + node.directory())
                .because("the folder is marked as " + node.id())
                .risk(Risk.NONE)
                .type(Archive.exec(node.host(), script, Intent.CHANGE, WITHIN))
                .until(
                        new Condition(node.directory() + " and its processes are gone", world -> {
                            Footing footing = footings(world).get(node);
                            return new Glimpse(
                                    footing.isDown() && footing.ground() == Ground.ABSENT,
                                    footing.process() + ", folder " + footing.ground());
                        }),
                        WITHIN);
    }
}
