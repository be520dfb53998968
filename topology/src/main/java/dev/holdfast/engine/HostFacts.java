package dev.holdfast.engine;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.plan.Plan.Refusal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The facts that a node's host reports about the node: process, directory, port and programs.
 *
 * @param process UP or DOWN as the host reports; SILENT when the host does not answer, when it hides the process, and when
 *     something listens on the node's port although no process of the node is found
 * @param directoryOwner the owner of the node's directory
 * @param portTaken whether anything listens on the node's port
 * @param programs the paths of the requested programs on the host; empty text when not found
 * @param unresolved names of the cluster's hosts for which its host knows no address
 * @param reason why the state of the process is unknown, or why a running process cannot answer; empty otherwise
 * @param occupants other servers of Holdfast that have its directory or listen on its port
 * @param service the unit that starts the server after a reboot; empty where the host was not asked, or did not answer
 */
public record HostFacts(
        NodeAvailability process,
        DirectoryOwner directoryOwner,
        boolean portTaken,
        Map<String, String> programs,
        List<String> unresolved,
        String reason,
        List<Occupant> occupants,
        Optional<ServiceFacts> service) {

    public HostFacts(
            NodeAvailability process,
            DirectoryOwner directoryOwner,
            boolean portTaken,
            Map<String, String> programs,
            String reason) {
        this(process, directoryOwner, portTaken, programs, List.of(), reason, List.of(), Optional.empty());
    }

    /** The owner of a node's directory: none yet, this node, or another owner. */
    public enum DirectoryOwner {
        ABSENT,
        OURS,
        FOREIGN,
        UNKNOWN
    }

    private static final String UNKNOWN_LISTENER =
            "a process listens on the node's port, but no process of the node is found";

    private static final Duration DEADLINE = Duration.ofSeconds(15);

    /** The name of the file that marks the owner of a directory; its content is {@code estate node-id}. */
    public static final String MARK = "holdfast.node";

    public static String mark(String estate, Node node) {
        return estate + " " + node.id();
    }

    public boolean isUp() {
        return process == NodeAvailability.UP;
    }

    public boolean isDown() {
        return process == NodeAvailability.DOWN;
    }

    /**
     * Observes every host once, all in parallel.
     *
     * @param pidFile the file to which a node's server writes its process id
     * @param programs the programs to find on each host
     */
    public static Map<Node, HostFacts> look(
            ExecutionContext context,
            String estate,
            List<Node> nodes,
            Function<Node, String> pidFile,
            List<String> programs) {
        return look(context, estate, nodes, pidFile, programs, DEADLINE);
    }

    /** @param deadline of each host's answer */
    public static Map<Node, HostFacts> look(
            ExecutionContext context,
            String estate,
            List<Node> nodes,
            Function<Node, String> pidFile,
            List<String> programs,
            Duration deadline) {
        Map<Host, List<Node>> byHost =
                nodes.stream().collect(Collectors.groupingBy(Node::host, LinkedHashMap::new, Collectors.toList()));
        List<Host> hosts = List.copyOf(byHost.keySet());
        List<ActionResult> answers = context.askAll(hosts.stream()
                .<Action>map(h -> new Action.RunScript(
                        h, ask(h, estate, byHost.get(h), pidFile, programs, names(hosts)), Access.LOOK, deadline))
                .toList());
        Map<Node, HostFacts> hostFactsByNode = new LinkedHashMap<>();
        for (int i = 0; i < hosts.size(); i++) {
            hostFactsByNode.putAll(read(estate, byHost.get(hosts.get(i)), HostRecords.LOOK.read(answers.get(i))));
        }
        return hostFactsByNode;
    }

    private static Script ask(
            Host host,
            String estate,
            List<Node> nodes,
            Function<Node, String> pidFile,
            List<String> programs,
            String names) {
        String lines = nodes.stream()
                .map(n -> String.join(
                        "\t", n.id(), n.directory(), pidFile.apply(n), host.address(), Integer.toString(n.port())))
                .collect(Collectors.joining("\n"));
        return Script.of("host/look.sh")
                .with("nodes", lines)
                .with("mark", estate)
                .with("programs", String.join(" ", programs))
                .with("names", names);
    }

    /** Returns the addresses that are names, which every host must be able to resolve. */
    public static String names(List<Host> hosts) {
        return hosts.stream()
                .map(Host::address)
                .filter(a -> !a.matches("[0-9.]+|.*:.*"))
                .distinct()
                .collect(Collectors.joining(" "));
    }

    private static Map<Node, HostFacts> read(String estate, List<Node> nodes, ScriptAnswer answer) {
        Map<Node, HostFacts> hostFactsByNode = new LinkedHashMap<>();
        if (!answer.isOk()) {
            nodes.forEach(n -> hostFactsByNode.put(n, silent(answer.sentence())));
            return hostFactsByNode;
        }
        Map<String, String> programs = new LinkedHashMap<>();
        answer.all(HostRecords.Program.class).forEach(p -> programs.put(p.name(), p.path()));
        List<String> unresolved = answer.all(HostRecords.Unresolved.class).stream()
                .map(HostRecords.Unresolved::name)
                .toList();
        for (Node node : nodes) {
            hostFactsByNode.put(
                    node,
                    answer.first(HostRecords.Node.class, n -> n.id().equals(node.id()))
                            .map(n -> of(n, programs).with(unresolved, occupants(estate, node, answer)))
                            .orElse(silent("the host reported nothing about the node")));
        }
        return hostFactsByNode;
    }

    private static List<Occupant> occupants(String estate, Node node, ScriptAnswer answer) {
        return answer.all(HostRecords.Occupant.class, o -> o.id().equals(node.id())).stream()
                .map(o -> Occupant.of(o, estate))
                .toList();
    }

    private HostFacts with(List<String> names, List<Occupant> others) {
        return new HostFacts(process, directoryOwner, portTaken, programs, names, reason, others, service);
    }

    /** @param facts what the host reports about the service of the node; null if it reported nothing */
    public HostFacts withService(ServiceFacts facts) {
        return new HostFacts(
                process,
                directoryOwner,
                portTaken,
                programs,
                unresolved,
                reason,
                occupants,
                Optional.ofNullable(facts));
    }

    /** Returns why the node cannot be changed: another server of Holdfast has its directory or its port. */
    public Optional<Refusal> occupied(Node node) {
        return occupants.stream().findFirst().map(o -> o.refusal(node));
    }

    /** Returns the names that this host cannot resolve, as a problem; empty when there is none. */
    public String nameTrouble(Node node) {
        return unresolved.isEmpty()
                ? ""
                : "host " + node.host().name() + " cannot resolve " + String.join(", ", unresolved);
    }

    /** The solution of unresolved names. */
    public static final String NAME_HINT =
            "add the name to DNS or to /etc/hosts on that host, or use an IP address as address: in the topology";

    /** Returns whether the host answered, also when it could not report the state of the process. */
    public boolean answers() {
        return process != NodeAvailability.SILENT || directoryOwner != DirectoryOwner.UNKNOWN;
    }

    /** Whether the host answers but cannot report the state of the process, because an earlier server's remains hide it. */
    public boolean isUnclear() {
        return process == NodeAvailability.SILENT && directoryOwner != DirectoryOwner.UNKNOWN;
    }

    /** Returns why the state of a node's server is unknown, as the beginning of a sentence. */
    public String unknown(Node node) {
        return isUnclear()
                ? "the host answers, but the state of its server is unknown"
                : "the host " + node.host().name() + " does not answer";
    }

    /** Whether a process listens on the node's port that is not known to be the node's server. */
    public boolean isPortTakenByUnknown() {
        return reason.equals(UNKNOWN_LISTENER);
    }

    private static HostFacts of(HostRecords.Node node, Map<String, String> programs) {
        boolean taken = node.port() == HostRecords.PortState.TAKEN;
        boolean isUnknownListener = node.process() == HostRecords.ProcessState.DOWN && taken;
        NodeAvailability process = isUnknownListener
                ? NodeAvailability.SILENT
                : switch (node.process()) {
                    case UP -> NodeAvailability.UP;
                    case DOWN -> NodeAvailability.DOWN;
                    case UNKNOWN -> NodeAvailability.SILENT;
                };
        return new HostFacts(
                process,
                DirectoryOwner.valueOf(node.owner().name()),
                taken,
                programs,
                isUnknownListener ? UNKNOWN_LISTENER : node.reason());
    }

    /** Returns the facts about one node in the answer of its host, which reports nodes as {@code host/look.sh} does. */
    public static HostFacts of(Node node, ScriptAnswer answer) {
        return answer.isOk()
                ? answer.first(HostRecords.Node.class, n -> n.id().equals(node.id()))
                        .map(n -> of(n, Map.of()))
                        .orElse(silent("the host did not report the process"))
                : silent(answer.sentence());
    }

    /**
     * The same when the host answered another question of the same observation too. Without that answer nothing is known of
     * the node: a missing answer is not an empty one.
     */
    public HostFacts confirmedBy(ActionResult answer) {
        boolean isKnownSilent = process == NodeAvailability.SILENT && directoryOwner == DirectoryOwner.UNKNOWN;
        return answer.isOk() || isKnownSilent ? this : silent(answer.sentence());
    }

    private static HostFacts silent(String why) {
        return new HostFacts(NodeAvailability.SILENT, DirectoryOwner.UNKNOWN, false, Map.of(), why);
    }
}
