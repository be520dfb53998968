package dev.holdfast.postgres;

import dev.holdfast.engine.Footing;
import dev.holdfast.engine.Footing.Ground;
import dev.holdfast.model.Exit;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.plan.Act;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import dev.holdfast.world.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ends every process of a cluster and removes the folders that are marked as its own; proxies first, the primary last. */
final class PostgresDestroy {

    private static final Duration WITHIN = Duration.ofMinutes(2);

    private PostgresDestroy() {}

    static Runbook<PostgresSeen> runbook(Topology topology, PostgresCluster cluster) {
        PostgresProbes probes = new PostgresProbes(topology, cluster);
        Typing typing = new Typing(topology, cluster);
        Until until = new Until(probes);
        return new Runbook<>(
                cluster.name(),
                "remove " + cluster.name(),
                world -> probes.look(world, false),
                List.of(new Act<>("removal", seen -> plan(seen, typing, until))));
    }

    private static Plan plan(PostgresSeen seen, Typing typing, Until until) {
        Map<Node, Footing> nodes = new LinkedHashMap<>();
        seen.proxies().forEach(p -> nodes.put(p.node(), p.footing()));
        seen.repository().forEach(s -> nodes.put(s.node(), s.footing()));
        seen.members().forEach(m -> nodes.put(m.node(), m.footing()));
        List<Step> steps = new ArrayList<>();
        List<Refusal> refusals = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        nodes.forEach((node, footing) -> {
            if (footing.process() == State.SILENT) {
                refusals.add(new Refusal(
                        node.id(),
                        "its host " + node.host().name() + " does not answer: " + footing.told(),
                        "make the host answer",
                        Exit.UNREACHABLE));
            } else if (footing.ground() == Ground.FOREIGN) {
                notes.add(node.directory() + " is not marked as " + node.id() + " and stays");
            } else if (footing.ground() == Ground.OURS) {
                steps.add(removed(node, footing, typing, until));
            }
        });
        return new Plan(steps, refusals, notes);
    }

    private static Step removed(Node node, Footing footing, Typing typing, Until until) {
        return Step.on(node.id(), "End " + node.id() + " and remove " + node.directory())
                .because("the folder is marked as " + node.id() + ", its process is "
                        + (footing.isUp() ? "there" : "gone"))
                .risk(Risk.DANGER)
                .type(typing.remove(node))
                .until(until.gone(node), WITHIN);
    }
}
