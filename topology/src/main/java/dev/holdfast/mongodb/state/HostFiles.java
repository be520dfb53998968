package dev.holdfast.mongodb.state;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.value.MongoDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Facts from the files on the hosts that servers do not report.
 *
 * @param byNode the files of the declared servers
 * @param undeclaredServers servers with the mark of this estate that are no longer declared
 * @param answers what each host of the estate answered
 */
public record HostFiles(
        Map<Node, Files> byNode, List<UndeclaredServer> undeclaredServers, Map<Host, ActionResult> answers) {

    /**
     * Facts from one server's files.
     *
     * @param keyfile absent, same, other or unknown
     * @param mode the mode of the key file, octal
     * @param dying whether its process was killed and has not ended yet
     * @param fenced the reason of the fence; empty without a fence
     * @param restoring the restore that has begun on it and has not ended; empty without a restore
     * @param data there, none, lost (its server log shows that it was a member) or unknown
     * @param made the permanent options of its data, such as {@code directoryPerDB=0}
     */
    public record Files(
            String keyfile,
            String mode,
            boolean dying,
            String fenced,
            String restoring,
            String data,
            List<String> made) {
        public static final Files UNKNOWN = new Files("unknown", "", false, "", "", "unknown", List.of());

        public boolean hasData() {
            return data.equals("there");
        }

        /** Returns whether its host reports that no data exists. */
        public boolean isEmpty() {
            return data.equals("none") || data.equals("lost");
        }
    }

    private static final Duration DEADLINE = Duration.ofSeconds(15);

    /** Asks every host of the estate once, in parallel, because an undeclared server can be on any of them. */
    public static HostFiles look(ExecutionContext context, Topology topology, MongoCluster cluster) {
        Map<Host, List<Node>> byHost = new LinkedHashMap<>();
        topology.hosts().values().forEach(h -> byHost.put(h, new ArrayList<>()));
        cluster.nodes().forEach(n -> byHost.get(n.host()).add(n));
        List<Host> hosts = List.copyOf(byHost.keySet());
        List<ActionResult> answers = context.sideBySide(hosts.stream()
                .<java.util.function.Supplier<ActionResult>>map(
                        h -> () -> ask(context, topology.name(), cluster, h, byHost.get(h)))
                .toList());
        Map<Node, Files> files = new LinkedHashMap<>();
        Map<Host, ActionResult> byName = new LinkedHashMap<>();
        Map<String, UndeclaredServer> undeclaredServers = new LinkedHashMap<>();
        Set<String> declared = cluster.nodes().stream().map(Node::id).collect(Collectors.toSet());
        for (int i = 0; i < hosts.size(); i++) {
            List<String[]> lines = lines(answers.get(i));
            byHost.get(hosts.get(i)).forEach(n -> files.put(n, files(n, lines)));
            Host host = hosts.get(i);
            byName.put(host, answers.get(i));
            lines.stream()
                    .filter(l -> l[0].equals("stray") && !declared.contains(l[1]))
                    .forEach(l -> undeclaredServers.putIfAbsent(l[1], stray(l, host)));
        }
        return new HostFiles(files, new ArrayList<>(undeclaredServers.values()), byName);
    }

    private static ActionResult ask(
            ExecutionContext context, String estate, MongoCluster cluster, Host host, List<Node> nodes) {
        Script script = Script.of("mongodb/node-files.sh")
                .with(
                        "nodes",
                        nodes.stream().map(n -> n.id() + "\t" + n.directory()).collect(Collectors.joining("\n")))
                .with("root", host.directory() + "/" + host.name() + "/" + cluster.name())
                .with("mark", estate)
                .with("keyfile", cluster.keyFile());
        ActionResult answer = context.ask(new Action.RunScript(host, script, Access.LOOK, DEADLINE));
        // a read-only command cannot resolve a secret that does not exist yet
        return answer.isRefused()
                ? context.ask(new Action.RunScript(host, script.with("keyfile", ""), Access.LOOK, DEADLINE))
                : answer;
    }

    private static List<String[]> lines(ActionResult answer) {
        return answer.isOk() ? answer.text().lines().map(l -> l.split("\t", -1)).toList() : List.of();
    }

    private static Files files(Node node, List<String[]> lines) {
        boolean dying = lines.stream().anyMatch(l -> l[0].equals("dying") && l[1].equals(node.id()));
        return lines.stream()
                .filter(l -> l[0].equals("keyfile") && l[1].equals(node.id()))
                .findFirst()
                .map(l -> new Files(
                        l[2],
                        l[3],
                        dying,
                        description(lines, "fenced", node),
                        description(lines, "restoring", node),
                        data(lines, node, 2).isEmpty() ? "unknown" : data(lines, node, 2),
                        Arrays.stream(data(lines, node, 3).split(" "))
                                .filter(o -> !o.isEmpty())
                                .toList()))
                .orElse(Files.UNKNOWN);
    }

    private static String data(List<String[]> lines, Node node, int field) {
        return lines.stream()
                .filter(l -> l[0].equals("data") && l[1].equals(node.id()) && l.length > field)
                .map(l -> l[field])
                .findFirst()
                .orElse("");
    }

    private static String description(List<String[]> lines, String what, Node node) {
        return lines.stream()
                .filter(l -> l[0].equals(what) && l[1].equals(node.id()))
                .map(l -> l[2])
                .findFirst()
                .orElse("");
    }

    private static UndeclaredServer stray(String[] line, Host host) {
        String[] parts = line[1].split("/", 3);
        Node.Kind kind = parts[1].equals("routers") ? Node.Kind.MONGOS : Node.Kind.MONGOD;
        int port = line.length > 5 && !line[5].isEmpty() ? Integer.parseInt(line[5]) : 0;
        Node node = new Node(parts[0], parts[1], parts[2], kind, host, port, line[2]);
        return new UndeclaredServer(
                node, line[3].equals("up"), line.length > 6 && line[6].equals("there"), MongoDocument.EMPTY);
    }
}
