package dev.holdfast.postgres.probe;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Queries of hosts about their nodes: one script per host and kind of query; changes nothing. */
public final class HostProbes {

    /** The deadline of a query to a server. */
    static final Duration SOON = Duration.ofSeconds(5);

    private static final Duration HOST = Duration.ofSeconds(15);
    private static final List<String> PROGRAMS = List.of(
            "haproxy",
            "pgbouncer",
            "psql",
            "socat",
            "perl",
            "flock",
            "runuser",
            "pgbackrest",
            "openssl",
            "patroni",
            "etcd",
            "etcdctl",
            "setsid");

    private final String estate;

    public HostProbes(Topology topology) {
        this.estate = topology.name();
    }

    public Map<Node, HostFacts> probeHosts(ExecutionContext context, List<Node> nodes) {
        return HostFacts.look(context, estate, nodes, HostProbes::pidFile, PROGRAMS);
    }

    /** Returns the file to which a node's server writes its process id. */
    public static String pidFile(Node node) {
        return switch (node.kind()) {
            case HAPROXY -> node.run() + "/haproxy.pid";
            case PGBOUNCER -> node.run() + "/pgbouncer.pid";
            case PGBACKREST -> node.run() + "/pgbackrest.pid";
            case ETCD -> node.run() + "/etcd.pid";
            default -> node.data() + "/postmaster.pid";
        };
    }

    /**
     * @param script gets {@code nodes}: one line with id and directory for each node of the host
     * @param format of its output
     */
    public static Map<Host, ScriptAnswer> ask(
            ExecutionContext context, List<Node> nodes, Script script, ScriptFormat format) {
        return ask(context, nodes, h -> script, format);
    }

    /** @param script of each host; the same as in the other method */
    static Map<Host, ScriptAnswer> ask(
            ExecutionContext context, List<Node> nodes, Function<Host, Script> script, ScriptFormat format) {
        Map<Host, List<Node>> byHost =
                nodes.stream().collect(Collectors.groupingBy(Node::host, LinkedHashMap::new, Collectors.toList()));
        List<Host> hosts = List.copyOf(byHost.keySet());
        List<ActionResult> answers = context.askAll(hosts.stream()
                .<Action>map(h -> new Action.RunScript(
                        h,
                        script.apply(h)
                                .with(
                                        "nodes",
                                        byHost.get(h).stream()
                                                .map(n -> n.id() + "\t" + n.directory())
                                                .collect(Collectors.joining("\n"))),
                        Access.LOOK,
                        HOST))
                .toList());
        Map<Host, ScriptAnswer> byName = new LinkedHashMap<>();
        for (int i = 0; i < hosts.size(); i++) {
            byName.put(hosts.get(i), format.read(answers.get(i)));
        }
        return byName;
    }

    /** The passwords that a node has on disk are the declared ones. */
    private record Current(String id) {}

    /**
     * The nodes whose passwords on disk are outdated, by the answers of their hosts.
     *
     * @param nodes the nodes whose host answered that they are
     * @param unknown the missing answers of hosts, by node; a secret that is missing here is no missing answer
     */
    public record Lacking(List<Node> nodes, Map<Node, ActionResult> unknown) {
        public static final Lacking NONE = new Lacking(List.of(), Map.of());

        /** Returns whether the host of a node answered that its passwords are current. */
        boolean isFound(Node node) {
            return !nodes.contains(node) && !unknown.containsKey(node);
        }
    }

    /** Returns the nodes whose passwords on disk are outdated, and those whose host did not answer. */
    public static Lacking outdated(ExecutionContext context, List<Node> nodes, Script script) {
        Map<Host, ScriptAnswer> answers = ask(context, nodes, script, new ScriptFormat(script.file(), Current.class));
        Map<Node, ActionResult> unknown = new LinkedHashMap<>();
        List<Node> outdated = new ArrayList<>();
        for (Node node : nodes) {
            ScriptAnswer answer = answers.get(node.host());
            if (answer.isOk()) {
                if (answer.first(Current.class, c -> c.id().equals(node.id())).isEmpty()) {
                    outdated.add(node);
                }
            } else if (!answer.result().isRefused(ActionResult.NO_SECRET)) {
                unknown.put(node, answer.result());
            }
        }
        return new Lacking(outdated, unknown);
    }

    public static void sideBySide(ExecutionContext context, List<Runnable> questions) {
        context.sideBySide(questions.stream()
                .<Supplier<Boolean>>map(q -> () -> {
                    q.run();
                    return true;
                })
                .toList());
    }
}
