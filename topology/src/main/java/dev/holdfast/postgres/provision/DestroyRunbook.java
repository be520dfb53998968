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

/** Stops every process of a cluster and removes the directories that carry its mark; proxies first, the primary last. */
public final class DestroyRunbook {

    private static final Duration WITHIN = Duration.ofMinutes(2);

    private DestroyRunbook() {}

    public static Runbook<PostgresState> runbook(Topology topology, PostgresCluster cluster) {
        ClusterProbe probes = new ClusterProbe(topology, cluster);
        MemberActions actions = new MemberActions(topology, cluster);
        MemberConditions until = new MemberConditions(probes);
        return new Runbook<>(
                cluster.name(),
                "remove " + cluster.name(),
                context -> probes.look(context, false),
                List.of(new Stage<>("removal", state -> plan(state, actions, until))));
    }

    private static Plan plan(PostgresState state, MemberActions actions, MemberConditions until) {
        Map<Node, HostFacts> nodes = new LinkedHashMap<>();
        state.proxies().forEach(p -> nodes.put(p.node(), p.hostFacts()));
        state.repository().forEach(s -> nodes.put(s.node(), s.hostFacts()));
        state.members().forEach(m -> nodes.put(m.node(), m.hostFacts()));
        return removal(nodes, actions, until);
    }

    /** Returns the plan that removes nodes, in their order. */
    public static Plan removal(Map<Node, HostFacts> nodes, MemberActions actions, MemberConditions until) {
        List<Step> steps = new ArrayList<>();
        List<Refusal> refusals = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        nodes.forEach((node, hostFacts) -> {
            // remains of an earlier server in a directory of this cluster are removed with the directory
            if (hostFacts.process() == NodeAvailability.SILENT && hostFacts.directoryOwner() != DirectoryOwner.OURS) {
                refusals.add(new Refusal(
                        node.id(),
                        hostFacts.unknown(node) + ": " + hostFacts.reason(),
                        "make the host answer",
                        ExitCode.UNREACHABLE));
            } else if (hostFacts.directoryOwner() == DirectoryOwner.FOREIGN) {
                notes.add(node.directory() + " is not marked as " + node.id() + " and stays");
            } else if (hostFacts.directoryOwner() == DirectoryOwner.OURS) {
                steps.add(removed(node, hostFacts, actions, until));
            }
        });
        return new Plan(steps, refusals, notes);
    }

    private static Step removed(Node node, HostFacts hostFacts, MemberActions actions, MemberConditions until) {
        return Step.on(node.id(), "Stop " + node.id() + " and remove its directory")
                .because("the directory is marked as " + node.id() + ", its process is "
                        + (hostFacts.isUp() ? "there" : "gone"))
                .risk(Risk.DANGER)
                .type(actions.remove(node))
                .until(until.gone(node), WITHIN);
    }
}
