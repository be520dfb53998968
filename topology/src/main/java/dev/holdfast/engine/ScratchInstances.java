package dev.holdfast.engine;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The servers of restores beside that hosts still carry, whatever their labels: found by the marks in their folders.
 *
 * @param hosts to look at
 * @param root below which a host keeps them
 * @param depth how far below it the folder of a server lies
 * @param place what a mark stands for
 */
public record ScratchInstances(
        String estate, Collection<Host> hosts, Function<Host, String> root, int depth, Place place) {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    /** What a mark that was found on a host stands for; empty when it is none of a scratch server of the cluster. */
    public interface Place {
        Optional<Node> node(Host host, String id, String directory);
    }

    /** What was found at one moment. */
    public record ObservedState(Instant at, List<Node> servers) implements ClusterState {
        @Override
        public List<NodeStatus> nodes() {
            return List.of();
        }

        @Override
        public List<HealthProblem> findings() {
            return List.of();
        }
    }

    /** Ends and removes all of them. */
    public Runbook<ObservedState> removal(String cluster, Function<Node, Step> removed) {
        return new Runbook<>(
                cluster,
                "remove what was restored beside " + cluster,
                this::look,
                List.of(new Stage<>(
                        "scratch servers",
                        state -> Plan.of(state.servers().stream().map(removed).toList()))));
    }

    /** The labels of all of them. */
    public Set<String> labels(ExecutionContext context, Function<Node, String> label) {
        return look(context).servers().stream().map(label).collect(Collectors.toCollection(TreeSet::new));
    }

    private ObservedState look(ExecutionContext context) {
        List<Host> all = List.copyOf(hosts);
        List<ActionResult> answers =
                context.askAll(all.stream().<Action>map(this::question).toList());
        List<Node> servers = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Host host = all.get(i);
            String text = answers.get(i).isOk() ? answers.get(i).text() : "";
            text.lines()
                    .map(l -> l.split("\t", -1))
                    .filter(l -> l.length == 3 && l[0].equals("marked"))
                    .forEach(l -> place.node(host, l[1], l[2]).ifPresent(servers::add));
        }
        return new ObservedState(context.now(), servers);
    }

    private Action question(Host host) {
        Script script = Script.of("host/marked-look.sh")
                .with("root", root.apply(host))
                .with("depth", depth + 1)
                .with("mark", estate);
        return new Action.RunScript(host, script, Access.LOOK, DEADLINE);
    }
}
