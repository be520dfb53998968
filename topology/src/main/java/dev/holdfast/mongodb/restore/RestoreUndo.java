package dev.holdfast.mongodb.restore;

import dev.holdfast.engine.HostFacts;
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
import dev.holdfast.model.Node;
import dev.holdfast.model.Topology;
import dev.holdfast.mongodb.topology.MongoCluster;
import dev.holdfast.mongodb.topology.MongoCluster.Member;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Plan.Refusal;
import dev.holdfast.plan.Runbook;
import dev.holdfast.plan.Stage;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The operation that undoes an unfinished restore in place: every member gets back the data that was set aside.
 *
 * <p>Restored data is set aside, too. After the verification clients can have written, so an undo is refused. Afterwards the
 * servers are started as by {@code apply}.
 */
final class RestoreUndo {

    private static final Duration LOOK = Duration.ofSeconds(20);
    private static final Duration WITHIN = Duration.ofMinutes(6);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Topology topology;
    private final MongoCluster cluster;

    /**
     * The marks of a restore in a member's directory.
     *
     * @param state the progress of the restore; empty before its start
     * @param isFenced whether the restore has fenced the member
     * @param trouble the reason why its host did not answer; empty if it did
     */
    record Left(String state, boolean isFenced, String trouble) {
        boolean isUnderWay() {
            return isFenced || !state.isEmpty() && !state.equals("verified");
        }
    }

    /** The marks of a restore, by member. */
    record ObservedState(Instant at, Map<Node, Left> members) implements ClusterState {
        boolean isUnderWay() {
            return members.values().stream().anyMatch(Left::isUnderWay);
        }

        @Override
        public List<NodeStatus> nodes() {
            return List.of();
        }

        @Override
        public List<HealthProblem> findings() {
            return List.of();
        }
    }

    RestoreUndo(Topology topology, MongoCluster cluster) {
        this.topology = topology;
        this.cluster = cluster;
    }

    Runbook<ObservedState> runbook() {
        return new Runbook<>(
                cluster.name(),
                "undo the restore in place of " + cluster.name(),
                this::look,
                List.of(new Stage<>("undo", this::plan)));
    }

    private ObservedState look(ExecutionContext context) {
        List<Node> nodes = cluster.allSets().stream()
                .flatMap(s -> s.members().stream())
                .map(Member::node)
                .toList();
        List<ActionResult> answers =
                context.askAll(nodes.stream().<Action>map(RestoreUndo::question).toList());
        Map<Node, Left> members = new LinkedHashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            members.put(nodes.get(i), left(answers.get(i)));
        }
        return new ObservedState(context.now(), members);
    }

    private static Action question(Node node) {
        Script script = Script.of(ProgressRecords.FORMAT.script())
                .with("nodes", node.id() + "\t" + node.directory())
                .with("space", "no");
        return new Action.RunScript(node.host(), script, Access.LOOK, LOOK);
    }

    private static Left left(ActionResult result) {
        ScriptAnswer answer = ProgressRecords.FORMAT.read(result);
        if (!answer.isOk()) {
            return new Left("", false, answer.sentence());
        }
        String state = answer.all(ProgressRecords.Restore.class).stream()
                .map(r -> ScriptFormat.word(r.state()))
                .findFirst()
                .orElse("");
        return new Left(state, !answer.all(ProgressRecords.Fenced.class).isEmpty(), "");
    }

    private Plan plan(ObservedState state) {
        List<Refusal> missing = state.members().entrySet().stream()
                .filter(e -> !e.getValue().trouble().isEmpty())
                .map(e -> new Refusal(
                        e.getKey().id(),
                        "the host does not answer: " + e.getValue().trouble(),
                        "run holdfast restore " + cluster.name() + " --undo again when the host answers",
                        ExitCode.UNREACHABLE))
                .toList();
        if (!state.isUnderWay()) {
            List<String> notes = missing.isEmpty()
                    ? List.of("no restore in place of " + cluster.name() + " is in progress: there is nothing to undo")
                    : List.of();
            return new Plan(List.of(), List.of(), notes, missing, List.of());
        }
        List<Refusal> done = state.members().entrySet().stream()
                .filter(e ->
                        e.getValue().state().equals("verified") && !e.getValue().isFenced())
                .map(e -> new Refusal(
                        e.getKey().id(),
                        "the restore was completed and verified there, so clients can have written to the server",
                        "the same holdfast restore " + cluster.name()
                                + " --into in-place finishes it; the data from before" + " stays in "
                                + e.getKey().directory() + "/kept"))
                .toList();
        if (!done.isEmpty()) {
            return Plan.refused(done);
        }
        List<Step> steps = new ArrayList<>();
        String name = "undone-restore-" + STAMP.format(state.at());
        state.members().forEach((node, left) -> {
            if (left.isUnderWay()) {
                steps.add(undone(node, name));
            }
        });
        return new Plan(steps, List.of(), List.of(), missing, List.of());
    }

    private Step undone(Node node, String name) {
        Script script = Script.of("mongodb/restore-undo.sh")
                .with("directory", node.directory())
                .with("mark", HostFacts.mark(topology.name(), node))
                .with("name", name);
        return Step.on(node.id(), "Move back the data of " + node.id())
                .because("the operator undoes the restore")
                .risk(Risk.PAUSE)
                .type(new Action.RunScript(node.host(), script, Access.CHANGE, WITHIN))
                .until(
                        new Condition(node.id() + " is not fenced and has its data", context -> {
                            Left now = left(context.ask(question(node)));
                            boolean isBack = now.trouble().isEmpty() && !now.isUnderWay();
                            return new ProbeResult(isBack, now.toString());
                        }),
                        WITHIN);
    }
}
