package dev.holdfast.mongodb.restore;

import dev.holdfast.backup.RestoreRequest;
import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ActionResult;
import dev.holdfast.execution.ClusterState;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.HealthProblem;
import dev.holdfast.execution.NodeAvailability;
import dev.holdfast.execution.NodeStatus;
import dev.holdfast.execution.Script;
import dev.holdfast.execution.ScriptAnswer;
import dev.holdfast.execution.ScriptFormat;
import dev.holdfast.model.Host;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.backup.RepositoryState;
import dev.holdfast.mongodb.value.MongoDocument;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The observed state of a restore: its target and its progress.
 *
 * @param asked the request
 * @param repositoryState the contents of the source's repository
 * @param resolvedTarget the recovery target as found in the archive
 * @param diskSpace the free space before any change
 * @param states the progress of each server's directory
 * @param hellos the reply of each server to hello; empty if it does not answer
 */
public record RestoreState(
        Instant at,
        RestoreRequest asked,
        RestoreDestination target,
        RepositoryState repositoryState,
        ResolvedTarget resolvedTarget,
        DiskSpaceCheck diskSpace,
        Map<Node, HostFacts> hostFacts,
        Map<Node, Progress> states,
        Map<Node, MongoDocument> hellos)
        implements ClusterState {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    /**
     * The progress of a directory.
     *
     * @param state begun, unpacked, touched, replayed, ready, verified; aside after the old data was set aside; or empty
     * @param order the name of its restore
     */
    record Progress(String state, String order) {
        static final Progress NONE = new Progress("", "");

        boolean isDone() {
            return state.equals("verified");
        }
    }

    /**
     * The progress of the directories, and the free space there if requested.
     *
     * @param answers the reply of the host of each directory
     */
    record Folders(Map<Node, Progress> progress, DiskSpaceCheck diskSpace, Map<Node, ActionResult> answers) {
        /** The reports of hosts about the servers, if they also report the progress of directories. */
        Map<Node, HostFacts> confirmed(Map<Node, HostFacts> hostFacts) {
            Map<Node, HostFacts> confirmed = new LinkedHashMap<>();
            hostFacts.forEach((n, f) -> confirmed.put(n, f.confirmedBy(answers.get(n))));
            return confirmed;
        }
    }

    static Map<Node, Progress> progress(ExecutionContext context, List<Node> nodes) {
        return folders(context, nodes, false).progress();
    }

    static Folders folders(ExecutionContext context, List<Node> nodes, boolean withDiskSpace) {
        Map<Host, List<Node>> byHost =
                nodes.stream().collect(Collectors.groupingBy(Node::host, LinkedHashMap::new, Collectors.toList()));
        List<Host> hosts = List.copyOf(byHost.keySet());
        List<ActionResult> answers = context.askAll(hosts.stream()
                .<Action>map(h -> ask(h, byHost.get(h), withDiskSpace))
                .toList());
        Map<Node, Progress> found = new LinkedHashMap<>();
        Map<Node, DiskSpaceCheck.Place> places = new LinkedHashMap<>();
        Map<Node, ActionResult> byNode = new LinkedHashMap<>();
        for (int i = 0; i < hosts.size(); i++) {
            Host host = hosts.get(i);
            ScriptAnswer answer = ProgressRecords.FORMAT.read(answers.get(i));
            for (Node node : byHost.get(host)) {
                byNode.put(node, answer.result());
                found.put(
                        node,
                        answer.first(ProgressRecords.Restore.class, r -> r.id().equals(node.id()))
                                .map(r -> new Progress(ScriptFormat.word(r.state()), r.order()))
                                .orElse(Progress.NONE));
                answer.first(ProgressRecords.Space.class, r -> r.id().equals(node.id()))
                        .ifPresent(r -> places.put(node, new DiskSpaceCheck.Place(host.name(), r.mount(), r.kib())));
            }
        }
        return new Folders(found, new DiskSpaceCheck(places), byNode);
    }

    private static Action ask(Host host, List<Node> nodes, boolean withDiskSpace) {
        String lines = nodes.stream().map(n -> n.id() + "\t" + n.directory()).collect(Collectors.joining("\n"));
        Script script = Script.of(ProgressRecords.FORMAT.script())
                .with("nodes", lines)
                .with("space", withDiskSpace ? "yes" : "no");
        return new Action.RunScript(host, script, Access.LOOK, DEADLINE);
    }

    /** Returns the same state with the current progress. */
    RestoreState again(ExecutionContext context) {
        Folders now = folders(context, target.cluster().nodes(), false);
        return new RestoreState(
                context.now(),
                asked,
                target,
                repositoryState,
                resolvedTarget,
                diskSpace,
                now.confirmed(hostFacts),
                now.progress(),
                hellos);
    }

    Progress of(Node node) {
        return states.getOrDefault(node, Progress.NONE);
    }

    /** Returns whether a directory has one of these states for this restore. */
    boolean is(Node node, String... any) {
        Progress found = of(node);
        return found.order().equals(resolvedTarget.order()) && List.of(any).contains(found.state());
    }

    /** Returns whether all directories of this restore, with the first member of each set, are marked as verified. */
    boolean isVerified() {
        return target.cluster().allSets().stream().allMatch(s -> is(RestoreDestination.builder(s), "verified"))
                && states.values().stream()
                        .filter(p -> p.order().equals(resolvedTarget.order()))
                        .allMatch(Progress::isDone);
    }

    /**
     * Returns sentences about missing space where backups are still to be unpacked; empty if they fit. After the restore has
     * begun, a running server has its data: unpacked there, or from an initial sync.
     */
    Optional<String> lacking() {
        boolean isBegun = states.values().stream().anyMatch(p -> p.order().equals(resolvedTarget.order()));
        return diskSpace.lacking(
                target.cluster().allSets(),
                resolvedTarget.picks(),
                n -> is(n, "unpacked", "touched", "replayed", "ready", "verified") || isBegun && isUp(n));
    }

    boolean answers(Node node) {
        return !hellos.getOrDefault(node, MongoDocument.EMPTY).isEmpty();
    }

    boolean isUp(Node node) {
        return hostFacts.containsKey(node) && hostFacts.get(node).isUp();
    }

    private boolean isDown(Node node) {
        return hostFacts.containsKey(node) && hostFacts.get(node).isDown();
    }

    @Override
    public List<NodeStatus> nodes() {
        return target.cluster().nodes().stream()
                .map(n -> new NodeStatus(
                        n,
                        answers(n) ? NodeAvailability.UP : isDown(n) ? NodeAvailability.DOWN : NodeAvailability.SILENT,
                        "",
                        Map.of("restore", of(n).state())))
                .toList();
    }

    @Override
    public List<HealthProblem> findings() {
        return List.of();
    }
}
