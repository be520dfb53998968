package dev.holdfast.postgres.probe;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Queries of hosts about their nodes: one script per host and kind of query; changes nothing. */
final class HostProbes {

    /** The deadline of a query to a server. */
    static final Duration SOON = Duration.ofSeconds(5);

    private static final Duration HOST = Duration.ofSeconds(15);
    private static final List<String> PROGRAMS =
            List.of("haproxy", "pgbouncer", "psql", "socat", "perl", "flock", "runuser", "pgbackrest", "openssl");

    private final String estate;

    HostProbes(Topology topology) {
        this.estate = topology.name();
    }

    Map<Node, HostFacts> footings(ExecutionContext context, List<Node> nodes) {
        return HostFacts.look(context, estate, nodes, HostProbes::pidFile, PROGRAMS);
    }

    private static String pidFile(Node node) {
        return switch (node.kind()) {
            case HAPROXY -> node.run() + "/haproxy.pid";
            case PGBOUNCER -> node.run() + "/pgbouncer.pid";
            case PGBACKREST -> node.run() + "/pgbackrest.pid";
            default -> node.data() + "/postmaster.pid";
        };
    }

    /** @param script gets {@code nodes}: one line with id and directory for each node of the host */
    static Map<Host, ActionResult> ask(ExecutionContext context, List<Node> nodes, Script script) {
        Map<Host, List<Node>> byHost =
                nodes.stream().collect(Collectors.groupingBy(Node::host, LinkedHashMap::new, Collectors.toList()));
        List<Host> hosts = List.copyOf(byHost.keySet());
        List<ActionResult> answers = context.askAll(hosts.stream()
                .<Action>map(h -> new Action.RunScript(
                        h,
                        script.with(
                                "nodes",
                                byHost.get(h).stream()
                                        .map(n -> n.id() + "\t" + n.directory())
                                        .collect(Collectors.joining("\n"))),
                        Access.LOOK,
                        HOST))
                .toList());
        Map<Host, ActionResult> byName = new LinkedHashMap<>();
        for (int i = 0; i < hosts.size(); i++) {
            byName.put(hosts.get(i), answers.get(i));
        }
        return byName;
    }

    /**
     * The nodes that lack a word, by the answers of their hosts.
     *
     * @param nodes the nodes whose host answered without the word
     * @param unknown the missing answers of hosts, by node; a secret that is missing here is no missing answer
     */
    record Lacking(List<Node> nodes, Map<Node, ActionResult> unknown) {
        static final Lacking NONE = new Lacking(List.of(), Map.of());

        /** Returns whether the host of a node answered with the word. */
        boolean isFound(Node node) {
            return !nodes.contains(node) && !unknown.containsKey(node);
        }
    }

    /** Returns the nodes whose host answered without that word, and those whose host did not answer. */
    static Lacking without(ExecutionContext context, List<Node> nodes, Script script, String word) {
        Map<Host, ActionResult> answers = ask(context, nodes, script);
        Map<Node, ActionResult> unknown = new LinkedHashMap<>();
        nodes.stream()
                .filter(n ->
                        !answers.get(n.host()).isOk() && !answers.get(n.host()).isRefused(ActionResult.NO_SECRET))
                .forEach(n -> unknown.put(n, answers.get(n.host())));
        return new Lacking(
                nodes.stream()
                        .filter(n -> answers.get(n.host()).isOk()
                                && !answers.get(n.host())
                                        .text()
                                        .lines()
                                        .toList()
                                        .contains(word + "\t" + n.id()))
                        .toList(),
                unknown);
    }

    static void sideBySide(ExecutionContext context, List<Runnable> questions) {
        context.sideBySide(questions.stream()
                .<Supplier<Boolean>>map(q -> () -> {
                    q.run();
                    return true;
                })
                .toList());
    }
}
