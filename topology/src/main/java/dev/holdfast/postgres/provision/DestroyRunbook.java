package dev.holdfast.postgres.provision;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.engine.HostFacts.DirectoryOwner;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.postgres.action.MemberActions;
import dev.holdfast.postgres.probe.ClusterProbe;
import dev.holdfast.postgres.probe.MemberConditions;
import dev.holdfast.postgres.state.PostgresState;
import dev.holdfast.postgres.topology.PostgresCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ends every process of a cluster and removes the folders that are marked as its own; proxies first, the primary last. */
public final class DestroyRunbook {

    private static final Duration WITHIN = Duration.ofMinutes(2);

    private DestroyRunbook() {}

    public static Runbook<PostgresState> runbook(Topology topology, PostgresCluster cluster) {
        ClusterProbe probes = new ClusterProbe(topology, cluster);
        MemberActions typing = new MemberActions(topology, cluster);
        MemberConditions until = new MemberConditions(probes);
        return new Runbook<>(
                cluster.name(),
                "remove " + cluster.name(),
                world -> probes.look(world, false),
                List.of(new Stage<>("removal", seen -> plan(seen, typing, until))));
    }

    private static Plan plan(PostgresState seen, MemberActions typing, MemberConditions until) {
        Map<Node, HostFacts> nodes = new LinkedHashMap<>();
        seen.proxies().forEach(p -> nodes.put(p.node(), p.footing()));
        seen.repository().forEach(s -> nodes.put(s.node(), s.footing()));
        seen.members().forEach(m -> nodes.put(m.node(), m.footing()));
        List<Step> steps = new ArrayList<>();
        List<Refusal> refusals = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        nodes.forEach((node, footing) -> {
            // what is left of an earlier server in a folder of ours ends with the folder
            if (footing.process() == NodeAvailability.SILENT && footing.ground() != DirectoryOwner.OURS) {
                refusals.add(new Refusal(
                        node.id(),
                        footing.unknown(node) + ": " + footing.told(),
                        "make the host answer",
                        ExitCode.UNREACHABLE));
            } else if (footing.ground() == DirectoryOwner.FOREIGN) {
                notes.add(node.directory() + " is not marked as " + node.id() + " and stays");
            } else if (footing.ground() == DirectoryOwner.OURS) {
                steps.add(removed(node, footing, typing, until));
            }
        });
        return new Plan(steps, refusals, notes);
    }

    private static Step removed(Node node, HostFacts footing, MemberActions typing, MemberConditions until) {
        return Step.on(node.id(), "End " + node.id() + " and remove " + node.directory())
                .because("the folder is marked as " + node.id() + ", its process is "
                        + (footing.isUp() ? "there" : "gone"))
                .risk(Risk.DANGER)
                .type(typing.remove(node))
                .until(until.gone(node), WITHIN);
    }
}
