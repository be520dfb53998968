package dev.holdfast.mongodb;

import dev.holdfast.engine.Footing;
import dev.holdfast.engine.Footing.Ground;
import dev.holdfast.engine.ScratchServers;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Act;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.Glimpse;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The runbook that ends every process of a cluster and removes the directories that are marked as ours. */
final class MongoDestroy {

    private static final Duration SOON = Duration.ofSeconds(60);

    private MongoDestroy() {}

    static Runbook<MongoSeen> of(Topology topology, MongoCluster cluster) {
        return new Runbook<>(
                cluster.name(),
                "Destroy MongoDB cluster " + cluster.name(),
                world -> MongoLook.hostsOnly(world, topology, cluster),
                List.of(new Act<>("servers", MongoDestroy::plan)));
    }

    private static Plan plan(MongoSeen seen) {
        List<Refusal> refusals = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        List<Node> ours = new ArrayList<>();
        seen.servers().forEach(n -> {
            if (!n.footing().isUp() && !n.footing().isDown()) {
                String told = n.footing().told();
                refusals.add(new Refusal(
                        n.node().id(),
                        "its host does not answer: " + told,
                        "reach the host, then destroy again",
                        Exit.UNREACHABLE));
            } else if (n.footing().ground() == Ground.OURS) {
                ours.add(n.node());
            } else if (n.footing().ground() == Ground.FOREIGN) {
                notes.add(n.node().id() + ": " + n.node().directory() + " is not marked as ours and is left alone");
            }
        });
        List<Step> steps = Stream.concat(ours.stream(), seen.strays().stream().map(Stray::node))
                .map(n -> removed(seen.server(n)))
                .toList();
        return new Plan(steps, refusals, notes);
    }

    /** Servers of restores beside, whatever their labels; production's own are {@link #of}'s. */
    static Runbook<ScratchServers.Seen> beside(Topology topology, MongoCluster cluster) {
        return scratches(topology, cluster)
                .removal(cluster.name(), n -> removed(new MongoServer(topology.name(), cluster, n)));
    }

    static ScratchServers scratches(Topology topology, MongoCluster cluster) {
        return new ScratchServers(
                topology.name(),
                topology.hosts().values(),
                h -> h.directory() + RestoreTarget.FOLDER,
                RestoreTarget.DEPTH,
                (host, id, directory) -> RestoreTarget.scratch(cluster, host, id, directory));
    }

    private static Step removed(MongoServer server) {
        Node node = server.node();
        Condition gone = new Condition("neither process nor directory of " + node.id() + " is there", world -> {
            Footing footing = Footing.look(world, server.estate(), List.of(node), MongoServer::pidFile, List.of())
                    .get(node);
            boolean there = footing.isUp() || footing.ground() == Ground.OURS;
            return new Glimpse(!there, "process " + footing.process() + ", directory " + footing.ground());
        });
        return Step.on(node.id(), "Remove " + node.id())
                .because("the estate is to be destroyed; its directory is " + node.directory())
                .risk(Risk.DANGER)
                .type(server.destroy())
                .until(gone, SOON);
    }
}
