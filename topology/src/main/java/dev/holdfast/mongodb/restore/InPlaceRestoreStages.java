package dev.holdfast.mongodb.restore;

import dev.holdfast.engine.HostFacts;
import dev.holdfast.execution.Action;
import dev.holdfast.execution.Action.Access;
import dev.holdfast.execution.ExecutionContext;
import dev.holdfast.execution.Script;
import dev.holdfast.model.Node;
import dev.holdfast.mongodb.probe.ClusterConditions;
import dev.holdfast.mongodb.restore.RestoreState.Progress;
import dev.holdfast.mongodb.topology.MongoCluster.Member;
import dev.holdfast.plan.Condition;
import dev.holdfast.plan.Condition.ProbeResult;
import dev.holdfast.plan.Plan;
import dev.holdfast.plan.Step;
import dev.holdfast.plan.Step.Risk;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * The first stages of a restore in place, which prepare the declared servers.
 *
 * <ol>
 *   <li>The routers are stopped, so that no client connects before everything is verified.
 *   <li>Every member is fenced and stopped, and its data is set aside on its own disk.
 * </ol>
 *
 * Invariants: no restore begins before the data of all members is set aside. Holdfast never removes that data. Until the
 * restore is verified, {@code apply} refuses.
 */
record InPlaceRestoreStages(RestoreState state) {

    private static final Duration STOPPING = Duration.ofMinutes(6);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /** Returns whether the data of every member is set aside for this restore, or already restored. */
    static boolean isCleared(RestoreState state) {
        return members(state).stream()
                .allMatch(n -> !state.of(n).state().isEmpty()
                        && state.of(n).order().equals(state.resolvedTarget().order()));
    }

    private static List<Node> members(RestoreState state) {
        return state.target().cluster().allSets().stream()
                .flatMap(s -> s.members().stream())
                .map(Member::node)
                .toList();
    }

    private String estate() {
        return state.target().topology().name();
    }

    private List<Node> waiting() {
        return members(state).stream()
                .filter(n -> state.of(n).state().isEmpty()
                        || !state.of(n).order().equals(state.resolvedTarget().order()))
                .toList();
    }

    Plan clients() {
        if (waiting().isEmpty()) {
            return Plan.NOTHING;
        }
        List<Step> steps = new ArrayList<>();
        for (Node router : state.target().cluster().routers()) {
            if (state.isUp(router)) {
                steps.add(Step.on(router.id(), "Stop mongos " + router.id())
                        .because("clients must not write before the restore is verified")
                        .risk(Risk.PAUSE)
                        .type(state.target().server(router).stop())
                        .until(ClusterConditions.down(estate(), router), STOPPING));
            }
        }
        return Plan.of(steps);
    }

    Plan aside() {
        String name = "before-restore-" + STAMP.format(state.at());
        return Plan.of(waiting().stream().map(n -> aside(n, name)).toList());
    }

    private Step aside(Node node, String name) {
        Script script = Script.of("mongodb/restore-set-aside.sh")
                .with("directory", node.directory())
                .with("mark", HostFacts.mark(estate(), node))
                .with("order", state.resolvedTarget().order())
                .with("name", name);
        Condition aside = new Condition(
                node.id() + " is stopped, and its data is set aside",
                context -> new ProbeResult(
                        isAside(context, node)
                                && ClusterConditions.down(estate(), node)
                                        .look()
                                        .at(context)
                                        .holds(),
                        "not yet"));
        return Step.on(node.id(), "Stop " + node.id() + " and set its data aside")
                .because("Holdfast keeps its data in kept/" + name + "; only the operator removes it")
                .risk(Risk.DANGER)
                .type(new Action.RunScript(node.host(), script, Access.CHANGE, STOPPING))
                .until(aside, STOPPING);
    }

    private boolean isAside(ExecutionContext context, Node node) {
        Progress now = RestoreState.progress(context, List.of(node)).get(node);
        return now.state().equals("aside")
                && now.order().equals(state.resolvedTarget().order());
    }
}
