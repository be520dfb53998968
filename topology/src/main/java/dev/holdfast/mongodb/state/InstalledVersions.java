package dev.holdfast.mongodb.state;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
import dev.holdfast.model.Host;
import dev.holdfast.model.HostAccess;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.configuration.ServerProcess;
import dev.holdfast.mongodb.topology.MongoCluster;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The installed versions of MongoDB on hosts where a server must start. */
public record InstalledVersions(Map<Host, Map<String, String>> byHost) {

    public static final InstalledVersions UNASKED = new InstalledVersions(Map.of());

    /** {@code mongodb/versions.sh}. */
    public static final ScriptFormat VERSIONS = new ScriptFormat("mongodb/versions.sh", Program.class);

    /** @param version empty if unknown */
    private record Program(String name, String version) {}

    private static final Duration DEADLINE = Duration.ofSeconds(15);

    /** Asks one host per machine with a stopped server. */
    public static InstalledVersions look(
            ExecutionContext context, MongoCluster cluster, Map<Node, HostFacts> hostFactsByNode) {
        List<Node> idle = cluster.nodes().stream()
                .filter(n -> hostFactsByNode.get(n).isDown())
                .toList();
        Map<String, Host> machines = new LinkedHashMap<>();
        idle.forEach(n -> machines.putIfAbsent(machine(n.host()), n.host()));
        String programs = idle.stream()
                .map(n -> ServerProcess.program(cluster, n))
                .distinct()
                .collect(Collectors.joining("\n"));
        List<ActionResult> answers = context.askAll(machines.values().stream()
                .<Action>map(h -> new Action.RunScript(
                        h, Script.of(VERSIONS.script()).with("programs", programs), Access.LOOK, DEADLINE))
                .toList());
        Map<String, Map<String, String>> byMachine = new LinkedHashMap<>();
        List<String> asked = List.copyOf(machines.keySet());
        for (int i = 0; i < asked.size(); i++) {
            byMachine.put(asked.get(i), read(VERSIONS.read(answers.get(i))));
        }
        Map<Host, Map<String, String>> byHost = new LinkedHashMap<>();
        idle.forEach(n -> byHost.put(n.host(), byMachine.get(machine(n.host()))));
        return new InstalledVersions(byHost);
    }

    public String of(MongoCluster cluster, Node node) {
        return byHost.getOrDefault(node.host(), Map.of()).getOrDefault(ServerProcess.program(cluster, node), "");
    }

    /** Returns the key of a host's machine; all local hosts are one machine. */
    private static String machine(Host host) {
        return host.reach() instanceof HostAccess.Ssh ssh ? ssh.user() + "@" + ssh.machine(host.address()) : "";
    }

    /** Returns the versions by program; empty if the host does not answer. */
    private static Map<String, String> read(ScriptAnswer answer) {
        Map<String, String> versions = new LinkedHashMap<>();
        answer.all(Program.class).forEach(p -> versions.put(p.name(), p.version()));
        return versions;
    }
}
