package dev.holdfast.mongodb.state;

import dev.holdfast.engine.HostRecords;
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
import dev.holdfast.mongodb.configuration.ServerProcess;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.value.MongoDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The observed files of servers on their hosts: key files, fences, data and unfinished restores.
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
     * @param isFull whether its log says that it refuses connections because it has as many as it may have
     * @param broken why the log of a server that has ended says that it cannot continue with its data; empty if it can
     * @param made the permanent options of its data, such as {@code directoryPerDB=0}
     * @param born when its data directory was created, in seconds since 1970; 0 if unknown
     * @param written when its journal was last written, likewise
     * @param listens the address and port where its process runs; empty if it does not run
     * @param program the program file that it runs instead of the declared one; empty if it runs the declared one
     * @param user the operating system user that it runs as instead of the desired one; empty if it runs as the desired one
     */
    public record Files(
            String keyfile,
            String mode,
            boolean dying,
            String fenced,
            String restoring,
            String data,
            boolean isFull,
            String broken,
            List<String> made,
            long born,
            long written,
            String listens,
            Optional<OtherProgram> program,
            Optional<OtherUser> user) {
        public static final Files UNKNOWN = new Files(
                "unknown",
                "",
                false,
                "",
                "",
                "unknown",
                false,
                "",
                List.of(),
                0,
                0,
                "",
                Optional.empty(),
                Optional.empty());

        /** The greatest difference of the clocks of two hosts. */
        private static final long SKEW_SECONDS = 5;

        /** Returns whether the data of another member was created after the last write of this stopped one. */
        boolean isOlderThan(Files other) {
            return written > 0 && other.born > 0 && other.born + SKEW_SECONDS > written;
        }

        public boolean hasData() {
            return data.equals("there");
        }

        /** Returns whether its host reports that no data exists. */
        public boolean isEmpty() {
            return data.equals("none") || data.equals("lost");
        }
    }

    /**
     * The program file that a server runs, where it is not the declared one.
     *
     * @param version the version of the declared program file; empty if unknown
     */
    public record OtherProgram(String id, String running, String desired, String version) {}

    /** The operating system user that a server runs as, where it is not the desired one. */
    public record OtherUser(String id, String running, String desired) {}

    private record Listens(String id, String endpoint) {}

    /** {@code mongodb/node-files.sh}. */
    public static final ScriptFormat FORMAT = new ScriptFormat(
            "mongodb/node-files.sh",
            KeyFile.class,
            Fenced.class,
            Restoring.class,
            Listens.class,
            OtherProgram.class,
            OtherUser.class,
            Broken.class,
            Dying.class,
            Refusing.class,
            Data.class,
            Ages.class,
            Marked.class);

    private enum KeyFileState {
        ABSENT,
        SAME,
        OTHER,
        UNKNOWN
    }

    private enum DataState {
        THERE,
        NONE,
        LOST
    }

    private record KeyFile(String id, KeyFileState state, String mode) {}

    private record Fenced(String id, String reason) {}

    private record Restoring(String id, String order) {}

    private record Broken(String id, String reason) {}

    private record Dying(String id) {}

    private record Refusing(String id, long seconds) {}

    private record Data(String id, DataState state, String options) {}

    private record Ages(String id, long born, long written) {}

    private record Marked(
            String id, String directory, HostRecords.ProcessState process, String address, int port, DataState data) {}

    /** A server that refused a connection so recently refuses them still, when it does not answer now. */
    private static final Duration LATELY = Duration.ofSeconds(60);

    private static final Duration DEADLINE = Duration.ofSeconds(15);

    /** Asks every host of the estate once, in parallel, because an undeclared server can be on any of them. */
    public static HostFiles look(ExecutionContext context, Topology topology, MongoCluster cluster) {
        Map<Host, List<Node>> byHost = new LinkedHashMap<>();
        topology.hosts().values().forEach(h -> byHost.put(h, new ArrayList<>()));
        cluster.nodes().forEach(n -> byHost.get(n.host()).add(n));
        List<Host> hosts = List.copyOf(byHost.keySet());
        List<ScriptAnswer> answers = context.sideBySide(hosts.stream()
                .<java.util.function.Supplier<ScriptAnswer>>map(
                        h -> () -> ask(context, topology.name(), cluster, h, byHost.get(h)))
                .toList());
        Map<Node, Files> files = new LinkedHashMap<>();
        Map<Host, ActionResult> byName = new LinkedHashMap<>();
        Map<String, UndeclaredServer> undeclaredServers = new LinkedHashMap<>();
        Set<String> declared = cluster.nodes().stream().map(Node::id).collect(Collectors.toSet());
        for (int i = 0; i < hosts.size(); i++) {
            ScriptAnswer answer = answers.get(i);
            byHost.get(hosts.get(i)).forEach(n -> files.put(n, files(n, answer)));
            Host host = hosts.get(i);
            byName.put(host, answer.result());
            answer.all(Marked.class, m -> !declared.contains(m.id()))
                    .forEach(m -> undeclaredServers.putIfAbsent(m.id(), undeclared(m, host)));
        }
        return new HostFiles(files, new ArrayList<>(undeclaredServers.values()), byName);
    }

    private static ScriptAnswer ask(
            ExecutionContext context, String estate, MongoCluster cluster, Host host, List<Node> nodes) {
        Script script = Script.of(FORMAT.script())
                .with(
                        "nodes",
                        nodes.stream()
                                .map(n -> n.id() + "\t" + n.directory() + "\t" + ServerProcess.program(cluster, n))
                                .collect(Collectors.joining("\n")))
                .with("root", host.directory() + "/" + host.name() + "/" + cluster.name())
                .with("mark", estate)
                .with("keyfile", cluster.keyFile());
        ActionResult answer = context.ask(new Action.RunScript(host, script, Access.LOOK, DEADLINE));
        // an observation cannot resolve a secret that does not exist yet
        return FORMAT.read(
                answer.isRefused(ActionResult.NO_SECRET)
                        ? context.ask(new Action.RunScript(host, script.with("keyfile", ""), Access.LOOK, DEADLINE))
                        : answer);
    }

    private static Files files(Node node, ScriptAnswer answer) {
        String id = node.id();
        Optional<Ages> ages = answer.first(Ages.class, r -> r.id().equals(id));
        Optional<Data> data = answer.first(Data.class, r -> r.id().equals(id));
        return answer.first(KeyFile.class, r -> r.id().equals(id))
                .map(k -> new Files(
                        ScriptFormat.word(k.state()),
                        k.mode(),
                        answer.first(Dying.class, r -> r.id().equals(id)).isPresent(),
                        answer.first(Fenced.class, r -> r.id().equals(id))
                                .map(Fenced::reason)
                                .orElse(""),
                        answer.first(Restoring.class, r -> r.id().equals(id))
                                .map(Restoring::order)
                                .orElse(""),
                        data.map(d -> ScriptFormat.word(d.state())).orElse("unknown"),
                        answer.first(Refusing.class, r -> r.id().equals(id) && r.seconds() < LATELY.toSeconds())
                                .isPresent(),
                        answer.first(Broken.class, r -> r.id().equals(id))
                                .map(Broken::reason)
                                .orElse(""),
                        data.stream()
                                .flatMap(d -> Arrays.stream(d.options().split(" ")))
                                .filter(o -> !o.isEmpty())
                                .toList(),
                        ages.map(Ages::born).orElse(0L),
                        ages.map(Ages::written).orElse(0L),
                        answer.first(Listens.class, r -> r.id().equals(id))
                                .map(Listens::endpoint)
                                .orElse(""),
                        answer.first(OtherProgram.class, r -> r.id().equals(id)),
                        answer.first(OtherUser.class, r -> r.id().equals(id))))
                .orElse(Files.UNKNOWN);
    }

    private static UndeclaredServer undeclared(Marked marked, Host host) {
        String[] parts = marked.id().split("/", 3);
        Node.Kind kind = parts[1].equals("routers") ? Node.Kind.MONGOS : Node.Kind.MONGOD;
        Node node = new Node(parts[0], parts[1], parts[2], kind, host, marked.port(), marked.directory());
        return new UndeclaredServer(
                node,
                marked.process() == HostRecords.ProcessState.UP,
                marked.data() == DataState.THERE,
                MongoDocument.EMPTY);
    }
}
