package dev.holdfast.engine;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
import dev.holdfast.model.ExitCode;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The servers of side-by-side restores on the hosts, whatever their labels, found by the marks in their directories.
 *
 * @param hosts the hosts to search
 * @param root the directory that contains them on a host
 * @param depth how far below it the directory of a server is
 * @param place parses a mark
 */
public record ScratchInstances(
        String estate, Collection<Host> hosts, Function<Host, String> root, int depth, Place place) {

    /** {@code host/marked-look.sh}. */
    public static final ScriptFormat LOOK = new ScriptFormat("host/marked-look.sh", Marked.class);

    private record Marked(String id, String directory) {}

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    /** Parses a mark that was found on a host; empty when it is not of a scratch server of the cluster. */
    public interface Place {
        Optional<Node> node(Host host, String id, String directory);
    }

    /**
     * The servers found in one observation.
     *
     * @param unreached the missing answers of hosts, by name: what these hosts carry is not known
     */
    public record ObservedState(Instant at, List<Node> servers, Map<String, String> unreached) implements ClusterState {
        @Override
        public List<NodeStatus> nodes() {
            return List.of();
        }

        @Override
        public List<HealthProblem> findings() {
            return List.of();
        }
    }

    /** Returns the runbook that ends and removes all of them. */
    public Runbook<ObservedState> removal(String cluster, Function<Node, Step> removed) {
        return new Runbook<>(
                cluster,
                "remove side-by-side restores of " + cluster,
                this::look,
                List.of(new Stage<>(
                        "scratch servers",
                        state -> new Plan(
                                state.servers().stream().map(removed).toList(),
                                List.of(),
                                List.of(),
                                missing(cluster, state.unreached())))));
    }

    private static List<Refusal> missing(String cluster, Map<String, String> unreached) {
        return unreached.entrySet().stream()
                .map(u -> new Refusal(
                        cluster,
                        "host " + u.getKey() + " does not answer, so its restored servers are unknown: " + u.getValue(),
                        "make the host answer, then run the same command again",
                        ExitCode.UNREACHABLE))
                .toList();
    }

    /**
     * The labels of all of them.
     *
     * @param unreached the missing answers of hosts, by name: more labels may be on these hosts
     */
    public record Labels(Set<String> labels, Map<String, String> unreached) {
        public static final Labels NONE = new Labels(Set.of(), Map.of());
    }

    /** Returns the labels of all of them. */
    public Labels labels(ExecutionContext context, Function<Node, String> label) {
        ObservedState state = look(context);
        return new Labels(
                state.servers().stream().map(label).collect(Collectors.toCollection(TreeSet::new)), state.unreached());
    }

    private ObservedState look(ExecutionContext context) {
        List<Host> all = List.copyOf(hosts);
        List<ActionResult> answers =
                context.askAll(all.stream().<Action>map(this::question).toList());
        List<Node> servers = new ArrayList<>();
        Map<String, String> unreached = new LinkedHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            Host host = all.get(i);
            ScriptAnswer answer = LOOK.read(answers.get(i));
            if (!answer.isOk()) {
                unreached.put(host.name(), answer.sentence());
                continue;
            }
            answer.all(Marked.class)
                    .forEach(m -> place.node(host, m.id(), m.directory()).ifPresent(servers::add));
        }
        return new ObservedState(context.now(), servers, unreached);
    }

    private Action question(Host host) {
        Script script = Script.of(LOOK.script())
                .with("root", root.apply(host))
                .with("depth", depth + 1)
                .with("mark", estate);
        return new Action.RunScript(host, script, Access.LOOK, DEADLINE);
    }
}
