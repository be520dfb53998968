package dev.holdfast.mongodb.state;

import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
 * @param broken the reason why it cannot continue with its data; empty if it can
 * @param trouble why its host could not tell, so that nothing above is known; empty when it could
 */
public record MemberDirectoryState(
        String fenced,
        List<FailoverRecord> failovers,
        Optional<Instant> written,
        List<String> rolledBack,
        List<RollbackFile> rollbackFiles,
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
        this(fenced, failovers, written, rolledBack, rollbackFiles, broken, "");
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
        return new MemberDirectoryState("", List.of(), Optional.empty(), List.of(), List.of(), "", answer.sentence());
    }

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
            ActionResult answer = answers.get(i);
            List<String[]> lines =
                    answer.text().lines().map(l -> l.split("\t", -1)).toList();
            byHost.get(hosts.get(i)).forEach(n -> traces.put(n, answer.isOk() ? read(n, lines) : unknown(answer)));
        }
        return traces;
    }

    private static Action ask(Host host, List<Node> nodes) {
        String lines = nodes.stream().map(n -> n.id() + "\t" + n.directory()).collect(Collectors.joining("\n"));
        return new Action.RunScript(
                host, Script.of("mongodb/member-records.sh").with("nodes", lines), Access.LOOK, DEADLINE);
    }

    private static MemberDirectoryState read(Node node, List<String[]> lines) {
        return new MemberDirectoryState(
                last(lines, "fenced", node),
                lines(lines, "failover", node)
                        .map(l -> FailoverRecord.read(l[2]))
                        .toList(),
                lines(lines, "written", node)
                        .map(l -> Instant.ofEpochSecond(Long.parseLong(l[2])))
                        .findFirst(),
                lines(lines, "rollback", node).map(l -> l[3]).toList(),
                new ArrayList<>(lines(lines, "laid", node)
                        .map(l -> new RollbackFile(l[2], Long.parseLong(l[3]), l[4]))
                        .toList()),
                last(lines, "broken", node));
    }

    private static java.util.stream.Stream<String[]> lines(List<String[]> lines, String kind, Node node) {
        return lines.stream().filter(l -> l[0].equals(kind) && l[1].equals(node.id()));
    }

    private static String last(List<String[]> lines, String kind, Node node) {
        return lines(lines, kind, node).map(l -> l[2]).reduce("", (a, b) -> b);
    }
}
