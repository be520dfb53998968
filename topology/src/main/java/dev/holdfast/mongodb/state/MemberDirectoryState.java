package dev.holdfast.mongodb.state;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The records of failovers and rollbacks in the directory of one member.
 *
 * @param fenced the reason of the fence; empty without a fence
 * @param failovers the forced failovers that it has survived, oldest first
 * @param written the time of the last write to its journal; empty if unknown
 * @param rolledBack rollback files in its data directory
 * @param rollbackFiles the documents of earlier rollbacks, moved out of its data directory
 * @param term the greatest term in its server log; 0 if unknown
 * @param broken the reason why it cannot continue with its data; empty if it can
 * @param trouble why its host could not tell, so that nothing above is known; empty when it could
 */
public record MemberDirectoryState(
        String fenced,
        List<FailoverRecord> failovers,
        Optional<Instant> written,
        List<String> rolledBack,
        List<RollbackFile> rollbackFiles,
        long term,
        String broken,
        String trouble) {

    /** The report of its host. */
    public MemberDirectoryState(
            String fenced,
            List<FailoverRecord> failovers,
            Optional<Instant> written,
            List<String> rolledBack,
            List<RollbackFile> rollbackFiles,
            String broken) {
        this(fenced, failovers, written, rolledBack, rollbackFiles, 0, broken, "");
    }

    /** Returns the forced failover that has fenced it; empty if it is not fenced, or for another reason. */
    public Optional<FailoverRecord> fencedBy() {
        return FailoverRecord.of(fenced);
    }

    /** Documents of one collection that a rollback has removed. */
    public record RollbackFile(String collection, long documents, String file) {
        @Override
        public String toString() {
            return documents + (documents == 1 ? " document of " : " documents of ") + collection + " in " + file;
        }
    }

    public static final MemberDirectoryState NONE =
            new MemberDirectoryState("", List.of(), Optional.empty(), List.of(), List.of(), "");

    /** Its host did not answer. */
    public static MemberDirectoryState unknown(ActionResult answer) {
        return new MemberDirectoryState(
                "", List.of(), Optional.empty(), List.of(), List.of(), 0, "", answer.sentence());
    }

    /** {@code mongodb/member-records.sh}. */
    public static final ScriptFormat RECORDS = new ScriptFormat(
            "mongodb/member-records.sh",
            Fenced.class,
            Failover.class,
            Written.class,
            Rollback.class,
            Moved.class,
            Term.class,
            Broken.class);

    private record Fenced(String id, String reason) {}

    private record Failover(String id, String line) {}

    private record Written(String id, long seconds) {}

    private record Rollback(String id, String file) {}

    private record Moved(String id, String collection, long documents, String file) {}

    private record Term(String id, long number) {}

    private record Broken(String id, String reason) {}

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    /** Asks every host once, all at once; of a host that does not answer nothing is known. */
    public static Map<Node, MemberDirectoryState> look(ExecutionContext context, List<Node> nodes) {
        Map<Host, List<Node>> byHost =
                nodes.stream().collect(Collectors.groupingBy(Node::host, LinkedHashMap::new, Collectors.toList()));
        List<Host> hosts = List.copyOf(byHost.keySet());
        List<ActionResult> answers = context.askAll(
                hosts.stream().<Action>map(h -> ask(h, byHost.get(h))).toList());
        Map<Node, MemberDirectoryState> traces = new LinkedHashMap<>();
        for (int i = 0; i < hosts.size(); i++) {
            ScriptAnswer answer = RECORDS.read(answers.get(i));
            byHost.get(hosts.get(i))
                    .forEach(n -> traces.put(n, answer.isOk() ? read(n, answer) : unknown(answer.result())));
        }
        return traces;
    }

    private static Action ask(Host host, List<Node> nodes) {
        String lines = nodes.stream().map(n -> n.id() + "\t" + n.directory()).collect(Collectors.joining("\n"));
        return new Action.RunScript(host, Script.of(RECORDS.script()).with("nodes", lines), Access.LOOK, DEADLINE);
    }

    private static MemberDirectoryState read(Node node, ScriptAnswer answer) {
        String id = node.id();
        return new MemberDirectoryState(
                answer.first(Fenced.class, r -> r.id().equals(id))
                        .map(Fenced::reason)
                        .orElse(""),
                answer.all(Failover.class, r -> r.id().equals(id)).stream()
                        .map(r -> FailoverRecord.read(r.line()))
                        .toList(),
                answer.first(Written.class, r -> r.id().equals(id)).map(r -> Instant.ofEpochSecond(r.seconds())),
                answer.all(Rollback.class, r -> r.id().equals(id)).stream()
                        .map(Rollback::file)
                        .toList(),
                answer.all(Moved.class, r -> r.id().equals(id)).stream()
                        .map(r -> new RollbackFile(r.collection(), r.documents(), r.file()))
                        .toList(),
                answer.first(Term.class, r -> r.id().equals(id))
                        .map(Term::number)
                        .orElse(0L),
                answer.first(Broken.class, r -> r.id().equals(id))
                        .map(Broken::reason)
                        .orElse(""),
                "");
    }
}
