package dev.holdfast.mongodb.restore;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.engine.ScratchInstances;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.configuration.ServerProcess;
import dev.holdfast.mongodb.probe.ClusterProbe;
import dev.holdfast.mongodb.state.MongoState;
import dev.holdfast.mongodb.state.UndeclaredServer;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The runbook that ends every process of a cluster and removes the directories with this estate's mark. */
public final class DestroyRunbook {

    private static final Duration SOON = Duration.ofSeconds(60);

    private DestroyRunbook() {}

    public static Runbook<MongoState> of(Topology topology, MongoCluster cluster) {
        return new Runbook<>(
                cluster.name(),
                "Destroy MongoDB cluster " + cluster.name(),
                context -> ClusterProbe.hostsOnly(context, topology, cluster),
                List.of(new Stage<>("servers", DestroyRunbook::plan)));
    }

    private static Plan plan(MongoState state) {
        List<Refusal> refusals = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        List<Node> ours = new ArrayList<>();
        state.servers().forEach(n -> {
            boolean isKnown = n.hostFacts().isUp() || n.hostFacts().isDown();
            // the rest of an earlier server in a marked directory is removed with the directory
            if (!isKnown && n.hostFacts().directoryOwner() != DirectoryOwner.OURS) {
                refusals.add(new Refusal(
                        n.node().id(),
                        n.hostFacts().unknown(n.node()) + ": " + n.hostFacts().reason(),
                        "make the host answer, then run the same command again",
                        ExitCode.UNREACHABLE));
            } else if (n.hostFacts().directoryOwner() == DirectoryOwner.OURS) {
                ours.add(n.node());
            } else if (n.hostFacts().directoryOwner() == DirectoryOwner.FOREIGN) {
                notes.add(n.node().id() + ": " + n.node().directory()
                        + " has no mark of this estate, so Holdfast keeps it");
            }
        });
        List<Step> steps = Stream.concat(
                        ours.stream(), state.undeclaredServers().stream().map(UndeclaredServer::node))
                .map(n -> removed(state.server(n)))
                .toList();
        return new Plan(steps, refusals, notes);
    }

    /** Returns the servers of side-by-side restores of any label; {@link #of} handles the declared servers. */
    public static Runbook<ScratchInstances.ObservedState> sideBySide(Topology topology, MongoCluster cluster) {
        return scratches(topology, cluster)
                .removal(cluster.name(), n -> removed(new ServerProcess(topology.name(), cluster, n)));
    }

    public static ScratchInstances scratches(Topology topology, MongoCluster cluster) {
        return new ScratchInstances(
                topology.name(),
                topology.hosts().values(),
                h -> h.directory() + RestoreDestination.FOLDER,
                RestoreDestination.DEPTH,
                (host, id, directory) -> RestoreDestination.scratch(cluster, host, id, directory));
    }

    private static Step removed(ServerProcess server) {
        Node node = server.node();
        Condition gone = new Condition("process and directory of " + node.id() + " do not exist", context -> {
            HostFacts hostFacts = HostFacts.look(
                            context, server.estate(), List.of(node), ServerProcess::pidFile, List.of())
                    .get(node);
            boolean ended = hostFacts.isDown() || hostFacts.isPortTakenByUnknown();
            boolean isRemoved = hostFacts.directoryOwner() == DirectoryOwner.ABSENT
                    || hostFacts.directoryOwner() == DirectoryOwner.FOREIGN;
            return new ProbeResult(
                    ended && isRemoved, "process " + hostFacts.process() + ", directory " + hostFacts.directoryOwner());
        });
        return Step.on(node.id(), "Remove " + node.id())
                .because("the operator destroys the estate; its directory is " + node.directory())
                .risk(Risk.DANGER)
                .type(server.destroy())
                .until(gone, SOON);
    }
}
